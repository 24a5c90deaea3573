"""A Mesh as the bytes of a file: STL, PLY, OBJ (with vertex colours or with a texture), 3Shape HPS.

For tests and the demonstration clinic only; originals of a clinic are never rewritten.
"""

import base64
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from stl.base import BaseMesh

from scans.meshes.mesh import Mesh

STL_RECORD = BaseMesh.dtype
"""One facet of a binary STL, 50 bytes, as numpy-stl lays it out: fields normals, vectors, attr."""

HPS_RESTART_32 = 6


class PlyEncoding(StrEnum):
    LITTLE = "binary_little_endian"
    BIG = "binary_big_endian"
    ASCII = "ascii"


def unit_normals(mesh: Mesh) -> NDArray[np.float32]:
    """(F, 3) unit normals, right-handed over the winding; zero for a degenerate face."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(cross, axis=1, keepdims=True)
    return (cross / np.where(length > 0, length, 1)).astype(np.float32)


def stl(mesh: Mesh, *, header: bytes = b"", zero_normals: bool = False) -> bytes:
    """Binary STL. `zero_normals` as iTero writes it; `header` at most 80 bytes."""
    if len(header) > 80:
        raise ValueError("an STL header has 80 bytes")
    record = np.zeros(mesh.face_count, STL_RECORD)
    if not zero_normals:
        record["normals"] = unit_normals(mesh)
    record["vectors"] = mesh.vertices[mesh.faces]
    return header.ljust(80, b"\0") + mesh.face_count.to_bytes(4, "little") + record.tobytes()


def ply(mesh: Mesh, *, encoding: PlyEncoding = PlyEncoding.LITTLE, comments: tuple[str, ...] = ()) -> bytes:
    """PLY with uchar red, green, blue where the mesh has colours."""
    header = _ply_header(mesh, encoding, comments)
    if encoding is PlyEncoding.ASCII:
        return header + _ply_text(mesh)
    order = "<" if encoding is PlyEncoding.LITTLE else ">"
    fields: list[tuple[str, str, int]] = [("position", f"{order}f4", 3)]
    if mesh.colors is not None:
        fields.append(("color", "u1", 3))
    vertices = np.zeros(mesh.vertex_count, np.dtype(fields))
    vertices["position"] = mesh.vertices
    if mesh.colors is not None:
        vertices["color"] = mesh.colors
    faces = np.zeros(mesh.face_count, np.dtype([("count", "u1"), ("corners", f"{order}i4", 3)]))
    faces["count"], faces["corners"] = 3, mesh.faces
    return header + vertices.tobytes() + faces.tobytes()


def _ply_header(mesh: Mesh, encoding: PlyEncoding, comments: tuple[str, ...]) -> bytes:
    lines = ["ply", f"format {encoding} 1.0", *(f"comment {comment}" for comment in comments)]
    lines += [f"element vertex {mesh.vertex_count}", *(f"property float {axis}" for axis in "xyz")]
    if mesh.colors is not None:
        lines += [f"property uchar {channel}" for channel in ("red", "green", "blue")]
    lines += [f"element face {mesh.face_count}", "property list uchar int vertex_indices", "end_header", ""]
    return "\n".join(lines).encode()


def _ply_text(mesh: Mesh) -> bytes:
    faces = _rows("3 %d %d %d\n", mesh.faces)
    if mesh.colors is None:
        return (_rows("%.9g %.9g %.9g\n", mesh.vertices) + faces).encode()
    rows = np.hstack([mesh.vertices, mesh.colors]).astype(np.float64)
    return (_rows("%.9g %.9g %.9g %d %d %d\n", rows) + faces).encode()


def obj(mesh: Mesh) -> bytes:
    """OBJ with `v x y z r g b` (0..1) where the mesh has colours."""
    faces = _rows("f %d %d %d\n", mesh.faces + 1)
    if mesh.colors is None:
        return (_rows("v %.9g %.9g %.9g\n", mesh.vertices) + faces).encode()
    rows = np.hstack([mesh.vertices, mesh.colors / 255.0])
    return (_rows("v %.9g %.9g %.9g %.6f %.6f %.6f\n", rows) + faces).encode()


def hps(mesh: Mesh, *, properties: tuple[tuple[str, str], ...] = ()) -> bytes:
    """3Shape HPS, schema CA (not encrypted, lossless): every facet starts anew with three 32-bit indices.

    Opcodes and element names as in PyPI hpsdecode 1.0.0, schemas/cc.py and loader.py.
    """
    record = np.zeros(mesh.face_count, np.dtype([("opcode", "u1"), ("corners", "<u4", 3)]))
    record["opcode"], record["corners"] = HPS_RESTART_32, mesh.faces
    vertices, facets = mesh.vertices.astype("<f4").tobytes(), record.tobytes()
    own = "".join(f'<Property name="{name}" value="{value}"/>' for name, value in properties)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<HPS version="1.1"><Packed_geometry><Schema>CA</Schema><Binary_data>'
        f'<CA version="1.0"><Vertices vertex_count="{mesh.vertex_count}" base64_encoded_bytes="{len(vertices)}">'
        f"{base64.b64encode(vertices).decode()}</Vertices>"
        f'<Facets facet_count="{mesh.face_count}" base64_encoded_bytes="{len(facets)}">'
        f"{base64.b64encode(facets).decode()}</Facets></CA></Binary_data></Packed_geometry>"
        f"<Properties>{own}</Properties></HPS>\n"
    ).encode()


def _rows(template: str, rows: NDArray[np.generic]) -> str:
    """`template` filled once for every row: one formatting call for the whole array."""
    return (template * len(rows)) % tuple(rows.ravel().tolist())
