"""PLY (Stanford polygon file): ASCII and binary of both byte orders, with colours under any of their usual names."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, NoFaces, Truncated
from scans.meshes.findings import Finding
from scans.meshes.readers.assemble import (
    build_mesh,
    colors_from_floats,
    fan,
    paint_vertices,
    require_counts,
    require_in_range,
)
from scans.meshes.readers.base import Reading, Source
from scans.meshes.readers.in_order import in_order
from scans.meshes.readers.ply_body import BinaryBody, Records, TextBody
from scans.meshes.readers.ply_header import Header, parse_header
from scans.meshes.readers.remarks import colors_ignored, no_final_newline, trailing_bytes
from scans.meshes.readers.text import UnreadableNumber, parse_numbers, unreadable_number, without_bom

_FACE_LISTS = ("vertex_indices", "vertex_index")
_CHANNELS = (("red", "diffuse_red", "r"), ("green", "diffuse_green", "g"), ("blue", "diffuse_blue", "b"))


class PlyReader:
    scan_format = "PLY"

    def accepts(self, source: Source) -> bool:
        head = without_bom(source.head)
        return head[:3] == b"ply" and head[3:4] in (b"\n", b"\r", b" ", b"\t", b"")

    def read(self, source: Source) -> Reading:
        header = parse_header(source.head, is_whole_file=source.is_whole_in_head)
        require_counts(*_plausible_counts(header, source.size), source.limits)
        records, findings = _records(header, source.read_bytes(), source.limits.chunk_bytes)
        faces, polygon = _faces(records)
        vertices = _vertices(records)
        colors, remarks = _colors(records, faces, polygon, len(vertices))
        mesh = build_mesh(vertices, faces, colors)
        metadata = {"comments": list(header.comments)}
        return Reading("PLY", header.encoding.replace("_", " "), mesh, (*findings, *remarks), metadata)


def _plausible_counts(header: Header, size: int) -> tuple[int, int]:
    """Points, and faces or any other entries, to hold against the limits.

    A count beyond the file's size is a cut file, not a large one.
    """
    points = max((e.count for e in header.elements if e.name == "vertex"), default=0)
    others = max((e.count for e in header.elements if e.name != "vertex"), default=0)
    return min(points, size), min(others, size)


def _records(header: Header, data: bytes, chunk_bytes: int) -> tuple[dict[str, Records], list[Finding]]:
    if header.is_ascii:
        findings = [] if data.endswith((b"\n", b"\r")) else [no_final_newline()]
        text_body = TextBody(_numbers(memoryview(data)[header.body :], header, chunk_bytes))
        records = {element.name: text_body.take(element) for element in header.elements}
        if text_body.left:
            raise _more_than_declared(text_body.left)
        return records, findings
    body = BinaryBody(memoryview(data), header.body)
    records = {element.name: body.take(element) for element in header.elements}
    return records, [trailing_bytes(body.left)] if body.left else []


def _numbers(text: memoryview, header: Header, chunk_bytes: int) -> NDArray[np.float64]:
    """All numbers of an ASCII body."""

    def parsed(part: tuple[int, bytes]) -> NDArray[np.float64]:
        try:
            return parse_numbers(part[1], np.float64)
        except UnreadableNumber as error:
            raise unreadable_number("in its list of points and triangles", header.body + part[0]) from error

    parts = in_order(parsed, _chunks(text, chunk_bytes), len(text))
    return np.concatenate([np.empty(0), *parts])


def _chunks(text: memoryview, chunk_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Places and chunks, cut after a line, or after any blank if there are no lines."""
    position = 0
    while position < len(text):
        chunk = bytes(text[position : position + chunk_bytes])
        if position + len(chunk) < len(text):
            cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"), chunk.rfind(b" ")) + 1
            chunk = chunk[: cut or len(chunk)]
        yield position, chunk
        position += len(chunk)


def _vertices(records: dict[str, Records]) -> NDArray[np.floating]:
    vertex = records.get("vertex")
    if vertex is None or not all(axis in vertex.columns for axis in "xyz"):
        raise BadStructure("This PLY file holds no points. Please export the scan again.", code="no_points")
    return np.stack([vertex.columns[axis].astype(np.float32) for axis in "xyz"], axis=1)


def _faces(records: dict[str, Records]) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
    """(F, 3) triangles and the polygon each came from, as the file has them: not yet checked against the points."""
    face = records.get("face")
    found = [face.lists[name] for name in _FACE_LISTS if name in face.lists] if face else []
    if not found or not len(found[0][0]):
        raise NoFaces("This PLY file holds only points and no surface. Please export the scan as a mesh.")
    counts, corners = found[0]
    if int(counts.min()) < 3:
        raise BadStructure("This PLY file holds faces with fewer than three corners. Please export it again.")
    return fan(counts, _whole_numbers(corners))


def _whole_numbers(corners: NDArray[np.generic]) -> NDArray[np.integer]:
    """Indices as integers. Text arrives as float64: exact up to 2**53, and 1.5 is no index."""
    if corners.dtype.kind in "iu":
        return corners.astype(np.int64)
    whole = corners.astype(np.int64)
    if corners.dtype != np.float64 or (whole != corners).any():
        raise BadStructure("This PLY file is damaged: a corner number is no whole number. Please export it again.")
    return whole


def _colors(
    records: dict[str, Records], faces: NDArray[np.integer], polygon: NDArray[np.int64], vertex_count: int
) -> tuple[NDArray[np.uint8] | None, list[Finding]]:
    """Colours of the points, else of the faces spread over their corners."""
    on_points, on_faces = _channels(records["vertex"]), _channels(records["face"])
    if on_points is None and on_faces is None:
        return None, []
    colors = _as_bytes(on_points if on_points is not None else on_faces)
    if colors is None:
        return None, [colors_ignored("its colours are not in a range that we know")]
    if on_points is not None:
        return colors, []
    require_in_range(faces, vertex_count)
    return paint_vertices(faces, colors[polygon], vertex_count), []


def _channels(records: Records) -> NDArray[np.generic] | None:
    """(N, 3) as stored, or None. Names differ in case and prefix from program to program."""
    by_name = {name.lower(): values for name, values in records.columns.items()}
    found = [next((by_name[n] for n in names if n in by_name), None) for names in _CHANNELS]
    if any(channel is None for channel in found):
        return None
    return np.stack([channel for channel in found if channel is not None], axis=1)


def _as_bytes(channels: NDArray[np.generic] | None) -> NDArray[np.uint8] | None:
    if channels is None:
        return None
    if channels.dtype == np.uint8:
        return channels.astype(np.uint8, copy=False)
    if channels.dtype == np.dtype("u2"):
        return (channels.astype(np.uint32) // 257).astype(np.uint8)
    return colors_from_floats(channels.astype(np.float64))


def _more_than_declared(count: int) -> BadStructure | Truncated:
    return BadStructure(
        f"This PLY file holds {count} numbers more than it declares, so it contradicts itself. Please export it again.",
        code="count_mismatch",
        extra=count,
    )
