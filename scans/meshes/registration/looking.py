"""Which way half a mouth looks, and whether a file has it inside out: an open scan looks away from its rim."""

import numpy as np

from scans.meshes.coarse import points_in_use
from scans.meshes.edges import edges
from scans.meshes.measure import area_vectors
from scans.meshes.mesh import Mesh
from scans.meshes.rigid import Floats

COARSE_MM = 0.4
"""Decided on a surface this coarse (`coarsen`), what is not welded or has no area is not taken for a rim."""
LEAST_OPEN = 0.15
"""Area vector over area: below it a surface is closed and does not tell which way it looks."""


def looks(mesh: Mesh) -> Floats:
    """(3,) unit direction out of the half of a mouth that lies right side out, the mean of its normals; zero for a
    closed model or nearly closed one, which does not tell."""
    vectors = area_vectors(mesh.vertices[mesh.faces].astype(np.float64))
    total: Floats = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    if length <= LEAST_OPEN * np.linalg.norm(vectors, axis=1).sum():
        return np.zeros(3)
    return total / length


def right_side_out(mesh: Mesh) -> Mesh:
    return inside_out(mesh) if is_inside_out(mesh) else mesh


def inside_out(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices, np.ascontiguousarray(mesh.faces[:, ::-1]), mesh.colors)


def is_inside_out(mesh: Mesh) -> bool:
    """An open scan by its rim, the gum's edge, which lies away from the teeth; a closed one by its volume's sign."""
    direction = looks(mesh)
    if not direction.any():
        return _volume(mesh) < 0
    first, second, uses, _ = edges(mesh.faces)
    rim = np.union1d(first[uses == 1], second[uses == 1])
    if not len(rim):
        return False
    height = np.quantile(points_in_use(mesh) @ direction, [0.02, 0.98])
    return bool(np.median(mesh.vertices[rim] @ direction) > height.mean())


def _volume(mesh: Mesh) -> float:
    corners = (mesh.vertices - mesh.vertices.mean(axis=0)).astype(np.float64)[mesh.faces]
    return float(np.linalg.det(corners).sum() / 6)
