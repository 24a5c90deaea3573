"""Fewer faces for looking and judging: vertices that share a small cube become one. Never for what is kept or sent."""

import numpy as np
from numpy.typing import NDArray

from scans.meshes.mesh import Mesh


def coarsen(mesh: Mesh, cell: float) -> Mesh:
    """Vertex clustering (Rossignac and Borrel 1993): the vertices of a cube of side `cell` merge into their mean.

    Neighbours stay joined, so no hole opens; details smaller than `cell` go. A mesh that would vanish comes back as
    it is.
    """
    index = _cells(mesh.vertices, cell)
    count = int(index.max()) + 1
    faces = index[mesh.faces]
    keeps_area = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    if not keeps_area.any():
        return mesh
    vertices = _means(mesh.vertices, index, count).astype(np.float32)
    colors = None if mesh.colors is None else _means(mesh.colors, index, count).round().astype(np.uint8)
    return Mesh(vertices, faces[keeps_area], colors)


def points_in_use(mesh: Mesh) -> NDArray[np.float64]:
    """(N, 3) the vertices that some face uses: the others are no part of the surface."""
    used = np.zeros(mesh.vertex_count, bool)
    used[mesh.faces] = True
    return mesh.vertices[used].astype(np.float64)


def bounds(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(3,) least and greatest coordinates; column by column, five times as fast as along axis 0."""
    columns = np.ascontiguousarray(points.T)
    return columns.min(axis=1), columns.max(axis=1)


def _cells(vertices: NDArray[np.float32], cell: float) -> NDArray[np.int32]:
    """(V,) number of the cube each vertex lies in, counted over the cubes in use."""
    points = vertices.astype(np.float64)
    low, high = bounds(points)
    steps = np.floor((points - low) / cell).astype(np.int64)
    _, rows, layers = np.floor((high - low) / cell).astype(np.int64) + 1
    keys = (steps[:, 0] * rows + steps[:, 1]) * layers + steps[:, 2]
    index = np.unique(keys, return_inverse=True)[1]
    return index.reshape(-1).astype(np.int32)


def _means(
    values: NDArray[np.float32] | NDArray[np.uint8], index: NDArray[np.int32], count: int
) -> NDArray[np.float64]:
    members = np.bincount(index, minlength=count)
    return np.stack([np.bincount(index, values[:, k], count) / members for k in range(values.shape[1])], axis=1)
