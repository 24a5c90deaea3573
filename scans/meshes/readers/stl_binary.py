"""Binary STL: 80 bytes of anything, the number of triangles, 50 bytes each. It has no magic: its size identifies it.

Exporters write "solid" into the 80 bytes, count wrongly and append bytes, so `84 + 50 n == size` decides and the
header never does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, NoFaces, Truncated
from scans.meshes.findings import Finding
from scans.meshes.readers.assemble import build_mesh, paint_vertices, require_count, require_finite
from scans.meshes.readers.base import Reading, Source
from scans.meshes.readers.remarks import trailing_bytes, zero_normals
from scans.meshes.readers.text import plain_text
from scans.meshes.weld import BLOCK, weld_blocks

HEADER = 80
BODY = 84
RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
HAS_COLOR = 0x8000
MAGICS_COLOR = b"COLOR="
PLAUSIBLE_MM, SPECK_MM = 1e6, 1e-30
"""Coordinates of a scan lie between these or are zero, whatever their unit: else the bytes are no coordinates."""


class BinaryStl:
    scan_format = "STL"

    def accepts(self, source: Source) -> bool:
        return is_exact(source.head, source.size)

    def read(self, source: Source) -> Reading:
        return _read(source, declared_faces(source.head))


class DamagedBinaryStl:
    """A binary STL whose count and size differ: cut off, counted wrongly, or with bytes appended."""

    scan_format = "STL"

    def accepts(self, source: Source) -> bool:
        return source.size >= BODY and _first_triangle_is_plausible(source.head)

    def read(self, source: Source) -> Reading:
        declared = declared_faces(source.head)
        present = (source.size - BODY) // RECORD.itemsize
        if declared > present:
            raise _cut_off(present, declared, source.size)
        return _read(source, declared)


def is_exact(head: bytes, size: int) -> bool:
    return size >= BODY and len(head) >= BODY and BODY + RECORD.itemsize * declared_faces(head) == size


def declared_faces(head: bytes) -> int:
    return int.from_bytes(head[HEADER:BODY], "little")


def _read(source: Source, declared: int) -> Reading:
    if not declared:
        raise NoFaces("This STL file says that it holds no triangles. Please export the scan again.")
    require_count("triangles", declared, source.limits.faces)
    found = _Found(np.empty(declared, np.uint16))
    with source.open() as stream:
        vertices, faces = weld_blocks(_blocks(stream, declared, found))
        rest = stream.read(RECORD.itemsize)
    appended = source.size - BODY - RECORD.itemsize * declared
    if appended:
        _require_no_more_triangles(rest, vertices, declared)
    face_colors = _face_colors(found.attributes, source.head[:HEADER])
    colors = None if face_colors is None else paint_vertices(faces, face_colors, len(vertices))
    mesh = replace(build_mesh(vertices, faces, colors), welded=True)
    return Reading("STL", "binary", mesh, _remarks(found, appended), _metadata(source.head[:HEADER]))


@dataclass(slots=True)
class _Found:
    """What passed by beside the corners. attributes: (F,) the word at the end of each triangle."""

    attributes: NDArray[np.uint16]
    has_normals: bool = False


def _blocks(stream: BinaryIO, declared: int, found: _Found) -> Iterator[NDArray[np.float32]]:
    """(N, 3, 3) the corners of all declared triangles in portions, all finite; the caller has checked that they are
    in the file. The file's records are three times as large as the mesh, so they are never all in memory."""
    stream.seek(BODY)
    for start in range(0, declared, BLOCK):
        wanted = min(BLOCK, declared - start)
        records = np.frombuffer(stream.read(wanted * RECORD.itemsize), RECORD, wanted)
        found.attributes[start : start + wanted] = records["attribute"]
        found.has_normals = found.has_normals or bool(records["normal"].any())
        require_finite(records["corners"])
        yield records["corners"]


def _face_colors(attributes: NDArray[np.uint16], header: bytes) -> NDArray[np.float64] | None:
    """(F,) attribute words -> (F, 3) colours 0..255, or None.

    VisCAM and SolidView: bit 15 set, red in bits 10-14, blue in 0-4. Magics ("COLOR=" in the header): bit 15 clear, red
    in bits 0-4, blue in 10-14; bit 15 set means the header's colour. Words that are all zero mean nothing, and words
    of which only some follow the rule are some exporter's left-over memory.
    """
    if not attributes.any():
        return None
    low, middle, high = (((attributes >> shift) & 31) * (255 / 31) for shift in (0, 5, 10))
    own = (attributes & HAS_COLOR) == 0
    start = header.find(MAGICS_COLOR)
    if start >= 0 and start + len(MAGICS_COLOR) + 3 <= HEADER:
        whole = np.frombuffer(header, np.uint8, 3, start + len(MAGICS_COLOR))
        return np.where(own[:, None], np.stack([low, middle, high], axis=1), whole.astype(np.float64))
    if own.any():
        return None
    return np.stack([high, middle, low], axis=1)


def _remarks(found: _Found, appended: int) -> tuple[Finding, ...]:
    remarks = [trailing_bytes(appended)] if appended else []
    if not found.has_normals:
        remarks.append(zero_normals())
    return tuple(remarks)


def _metadata(header: bytes) -> dict[str, Any]:
    """The header as received (hexadecimal: it may hold anything) and as text to read. Both may name a patient."""
    return {"header": plain_text(header.split(b"\0", 1)[0]), "header_hex": header.hex()}


def _first_triangle_is_plausible(head: bytes) -> bool:
    """Whether bytes 84.. read as a triangle (or are too few to tell): else this is some other binary file."""
    corners = np.frombuffer(head[BODY + 12 : BODY + 48].ljust(36, b"\0"), "<f4")
    size = np.abs(corners)
    return bool(((size < PLAUSIBLE_MM) & ((size > SPECK_MM) | (size == 0))).all())


def _require_no_more_triangles(rest: bytes, vertices: NDArray[np.float32], declared: int) -> None:
    """Appended bytes are harmless unless they are triangles of the scan: then the count is a lie, and half a jaw lost.

    They are when the first whole record lies where the scan lies and spans an area.
    """
    if len(rest) < RECORD.itemsize:
        return
    triangle = np.frombuffer(rest, RECORD, 1)["corners"][0].astype(np.float64)
    low, high = vertices.min(axis=0).astype(np.float64), vertices.max(axis=0).astype(np.float64)
    margin = np.linalg.norm(high - low)
    is_near = bool(((triangle >= low - margin) & (triangle <= high + margin)).all())
    if is_near and np.linalg.norm(np.cross(triangle[1] - triangle[0], triangle[2] - triangle[0])) > 0:
        raise BadStructure(
            f"This file says that it holds {declared} triangles but more follow. Please export it again.",
            code="count_mismatch",
            declared=declared,
        )


def _cut_off(present: int, declared: int, size: int) -> Truncated:
    return Truncated(
        f"This file is cut off: {present} of {declared} triangles are there. Please export it again.",
        offset=size,
        present=present,
        declared=declared,
    )
