"""Wavefront OBJ with polygons, negative indices, vertex colours, or a texture baked into vertex colours.

The format has no end mark: a file cut exactly between two lines looks complete. What can be told is told: a cut last
line, and points that no triangle uses.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import NoFaces
from scans.meshes.findings import Finding, Severity
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.assemble import (
    UNPAINTED,
    build_mesh,
    colors_from_floats,
    fan,
    fan_places,
    paint_vertices,
    require_in_range,
)
from scans.meshes.readers.base import Reading, Source
from scans.meshes.readers.in_order import in_order
from scans.meshes.readers.materials import Material, find_companion, read_library
from scans.meshes.readers.obj_columns import Columns, read_columns
from scans.meshes.readers.obj_lines import ObjContent
from scans.meshes.readers.remarks import colors_ignored, no_final_newline
from scans.meshes.readers.text import whole_lines, without_bom
from scans.meshes.readers.texture import TextureError, decode_image, sample

_STATEMENT = re.compile(rb"^[ \t]*(?:v[nt]?[ \t]+[-+.0-9naiNAI]|f[ \t]+[-0-9]|mtllib[ \t]|usemtl[ \t])", re.MULTILINE)
_ONLY_COMMENTS = re.compile(rb"(?:[ \t]*(?:#[^\n]*|[go][ \t][^\n]*)?\n)+")
_UNUSED_SHARE = 0.01


class ObjReader:
    scan_format = "OBJ"

    def accepts(self, source: Source) -> bool:
        head = source.head.replace(b"\r", b"\n")
        if b"\0" in head:
            return False
        return bool(_STATEMENT.search(head)) or (not source.is_whole_in_head and bool(_ONLY_COMMENTS.match(head)))

    def read(self, source: Source) -> Reading:
        content = ObjContent(source.limits, wants_uvs=bool(source.companions))
        ends_with_line = _fill(content, source)
        if not content.points or not content.sizes:
            raise NoFaces("This OBJ file holds no surface. Please export the scan as a mesh.")
        faces, colors, remarks = _faces_and_colors(content, source)
        mesh = build_mesh(np.concatenate(content.points), faces, colors)
        if not ends_with_line:
            remarks.append(no_final_newline())
        remarks += _unused_points(mesh.faces, mesh.vertex_count)
        metadata = {"material_libraries": content.libraries, "objects": content.objects}
        return Reading("OBJ", "ascii", mesh, tuple(remarks), metadata)


def _fill(content: ObjContent, source: Source) -> bool:
    """Reads all lines; whether the last one is complete."""

    def read(text: bytes) -> tuple[bytes, Columns | None]:
        return text, read_columns(text, wants_uvs=content.wants_uvs)

    text = b"\n"
    with source.open() as stream:
        chunks = _joined(whole_lines(stream, source.limits), source.limits.line_bytes)
        for text, columns in in_order(read, chunks, source.size):
            if columns is None:
                content.take(text)
            else:
                content.take_columns(columns)
    return text.endswith(b"\n")


def _joined(chunks: Iterator[bytes], line_bytes: int) -> Iterator[bytes]:
    """Chunks that do not end within a continued line; the first one without a byte order mark."""
    held, is_first = b"", True
    for chunk in chunks:
        text = held + (without_bom(chunk) if is_first else chunk)
        is_first = False
        if text.endswith(b"\\\n") and len(text) <= line_bytes:
            held = text
            continue
        held = b""
        yield text
    if held:
        yield held


def _faces_and_colors(
    content: ObjContent, source: Source
) -> tuple[NDArray[np.integer], NDArray[np.uint8] | None, list[Finding]]:
    sizes = np.concatenate(content.sizes)
    faces, polygon = fan(sizes, np.concatenate(content.corners))
    require_in_range(faces, content.point_count)
    written = np.concatenate(content.colors)
    if np.isfinite(written).all():
        colors = colors_from_floats(written)
        return faces, colors, [colors_ignored("its colours are not in a range that we know")] if colors is None else []
    if not content.libraries:
        return faces, None, []
    painter = _Painter(content, source, fan_places(sizes)[0], np.concatenate(content.materials)[polygon])
    return faces, painter.vertex_colors(faces), painter.remarks


class _Painter:
    """Colours of the corners of all faces, material by material, then their mean at every vertex."""

    def __init__(
        self, content: ObjContent, source: Source, places: NDArray[np.int64], face_materials: NDArray[np.int32]
    ) -> None:
        self.remarks: list[Finding] = []
        self._content = content
        self._source = source
        self._places = places
        self._face_materials = face_materials
        self._pictures: dict[Path, NDArray[np.uint8] | None] = {}

    def vertex_colors(self, faces: NDArray[np.integer]) -> NDArray[np.uint8] | None:
        library = self._library()
        colors = np.full((len(faces), 3, 3), UNPAINTED, np.uint8)
        is_painted = False
        for name, number in self._content.material_names.items():
            chosen = self._face_materials == number
            material = library.get(name)
            if material is not None and chosen.any():
                is_painted |= self._paint(colors, chosen, material)
        return paint_vertices(faces, colors, self._content.point_count) if is_painted else None

    def _library(self) -> dict[str, Material]:
        found: dict[str, Material] = {}
        for name in dict.fromkeys(self._content.libraries):
            path = find_companion(name, self._source.companions)
            if path is None:
                self.remarks.append(_missing_material())
            else:
                found |= read_library(path, self._source.limits)
        return found

    def _paint(self, colors: NDArray[np.uint8], chosen: NDArray[np.bool_], material: Material) -> bool:
        picture = self._picture(material.picture)
        uvs = self._uvs(chosen) if picture is not None else None
        if picture is not None and uvs is not None:
            colors[chosen] = sample(picture, uvs).reshape(-1, 3, 3)
            return True
        if material.color is not None:
            colors[chosen] = np.rint(np.array(material.color) * 255).astype(np.uint8)
        return material.color is not None

    def _uvs(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32] | None:
        """(corners of the chosen faces, 2), or None where a corner has no texture coordinate."""
        content = self._content
        if not content.uvs or not content.corner_uvs:
            return None
        numbers = np.concatenate(content.corner_uvs)[self._places[chosen]].reshape(-1)
        if int(numbers.min()) < 0 or int(numbers.max()) >= content.uv_count:
            self.remarks.append(colors_ignored("its texture does not cover every triangle"))
            return None
        return np.concatenate(content.uvs)[numbers]

    def _picture(self, name: str) -> NDArray[np.uint8] | None:
        if not name:
            return None
        path = find_companion(name, self._source.companions)
        if path is None:
            self.remarks.append(_missing_picture())
            return None
        if path not in self._pictures:
            self._pictures[path] = self._decoded(path, self._source.limits)
        return self._pictures[path]

    def _decoded(self, path: Path, limits: ReadLimits) -> NDArray[np.uint8] | None:
        try:
            with path.open("rb") as stream:
                return decode_image(stream, path.stat().st_size, limits)
        except TextureError as error:
            self.remarks.append(Finding("texture_unusable", Severity.WARNING, f"No colours: {error}."))
        except OSError:
            self.remarks.append(_missing_picture())
        return None


def _unused_points(faces: NDArray[np.int32], vertex_count: int) -> list[Finding]:
    used = np.zeros(vertex_count, bool)
    used[faces.reshape(-1)] = True
    unused = vertex_count - int(np.count_nonzero(used))
    if unused <= _UNUSED_SHARE * vertex_count:
        return []
    return [
        Finding(
            "unused_points",
            Severity.WARNING,
            f"{unused} of {vertex_count} points belong to no triangle, so the end of the file may be missing. "
            "Please compare the scan with the scanner's screen.",
            {"unused": unused, "points": vertex_count},
        )
    ]


def _missing_material() -> Finding:
    return Finding(
        "material_missing",
        Severity.INFO,
        "The colours of this scan lie in a file that was not sent with it (.mtl). The shape is complete; "
        "to see colours, send the whole export folder.",
    )


def _missing_picture() -> Finding:
    return Finding(
        "texture_missing",
        Severity.INFO,
        "The picture with the colours of this scan was not sent with it. The shape is complete; "
        "to see colours, send the whole export folder.",
    )
