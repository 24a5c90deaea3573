"""The files that are measured on: a made-up upper arch in the order in which a scanner's reconstruction writes it."""

from pathlib import Path

import numpy as np

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic import writers
from scans.synthetic.arch import make_arch

CELL_MM = 0.5
"""Reconstructions write out one cell of their grid after the other."""


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
    path.write_bytes(writers.stl(mesh, header=b"made up"))


def write_ascii_stl(mesh: Mesh, path: Path) -> None:
    numbers = np.hstack([writers.unit_normals(mesh), mesh.vertices[mesh.faces].reshape(-1, 9)])
    facet = (
        "facet normal {:.6e} {:.6e} {:.6e}\nouter loop\nvertex {:.6e} {:.6e} {:.6e}\nvertex {:.6e} {:.6e} {:.6e}\n"
        "vertex {:.6e} {:.6e} {:.6e}\nendloop\nendfacet\n"
    )
    with path.open("w") as stream:
        stream.write("solid made-up\n")
        stream.writelines(facet.format(*row) for row in numbers.tolist())
        stream.write("endsolid made-up\n")


def write_ply(mesh: Mesh, path: Path) -> None:
    path.write_bytes(writers.ply(mesh))


def write_obj(mesh: Mesh, path: Path) -> None:
    """With six decimals and without colours, as most exporters write it."""
    with path.open("w") as stream:
        stream.writelines("v {:.6f} {:.6f} {:.6f}\n".format(*row) for row in mesh.vertices.tolist())
        stream.writelines("f {} {} {}\n".format(*row) for row in (mesh.faces + 1).tolist())
