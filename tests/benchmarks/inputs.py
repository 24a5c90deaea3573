"""The files that are measured on: a made-up upper arch in the order in which a scanner's reconstruction writes it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic.arch import make_arch

CELL_MM = 0.5
"""Reconstructions write out one cell of their grid after the other."""

RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def arch(faces: int) -> Mesh:
    mesh = make_arch(Arch.UPPER, faces=faces)
    cells = np.floor(mesh.vertices[mesh.faces[:, 0]] / CELL_MM).astype(np.int64)
    ordered = mesh.faces[np.lexsort(cells.T)]
    first_use = np.unique(ordered.reshape(-1), return_index=True)[1]
    order = ordered.reshape(-1)[np.sort(first_use)]
    number = np.empty(mesh.vertex_count, np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    colors = None if mesh.colors is None else mesh.colors[order]
    return Mesh(mesh.vertices[order], number[ordered], colors)


def write_stl(mesh: Mesh, path: Path) -> None:
    records = np.zeros(mesh.face_count, RECORD)
    records["corners"] = mesh.vertices[mesh.faces]
    records["normal"] = normals(mesh)
    path.write_bytes(b"made up".ljust(80) + mesh.face_count.to_bytes(4, "little") + records.tobytes())


def write_ascii_stl(mesh: Mesh, path: Path) -> None:
    numbers = np.hstack([normals(mesh), mesh.vertices[mesh.faces].reshape(-1, 9)])
    facet = (
        "facet normal {:.6e} {:.6e} {:.6e}\nouter loop\nvertex {:.6e} {:.6e} {:.6e}\nvertex {:.6e} {:.6e} {:.6e}\n"
        "vertex {:.6e} {:.6e} {:.6e}\nendloop\nendfacet\n"
    )
    with path.open("w") as stream:
        stream.write("solid made-up\n")
        stream.writelines(facet.format(*row) for row in numbers.tolist())
        stream.write("endsolid made-up\n")


def write_ply(mesh: Mesh, path: Path) -> None:
    vertices = np.empty(mesh.vertex_count, np.dtype([("place", "<f4", 3), ("color", "u1", 3)]))
    vertices["place"], vertices["color"] = mesh.vertices, 200 if mesh.colors is None else mesh.colors
    faces = np.empty(mesh.face_count, np.dtype([("count", "u1"), ("corners", "<i4", 3)]))
    faces["count"], faces["corners"] = 3, mesh.faces
    properties = [f"property float {axis}" for axis in "xyz"]
    properties += [f"property uchar {channel}" for channel in ("red", "green", "blue")]
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {mesh.vertex_count}", *properties]
    lines += [f"element face {mesh.face_count}", "property list uchar int vertex_indices", "end_header", ""]
    path.write_bytes("\n".join(lines).encode() + vertices.tobytes() + faces.tobytes())


def write_obj(mesh: Mesh, path: Path) -> None:
    with path.open("w") as stream:
        stream.writelines("v {:.6f} {:.6f} {:.6f}\n".format(*row) for row in mesh.vertices.tolist())
        stream.writelines("f {} {} {}\n".format(*row) for row in (mesh.faces + 1).tolist())


def normals(mesh: Mesh) -> NDArray[np.float32]:
    corners = mesh.vertices[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-30)
