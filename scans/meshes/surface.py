"""What every later step needs of a mesh, computed once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.edges import Edges, edges
from scans.meshes.mesh import Mesh
from scans.meshes.pieces import pieces
from scans.meshes.weld import weld_points

SLIVER = 1e-9
"""A face thinner than this part of its longest edge has no area: float32 cannot tell it from a line."""

BLOCK = 1 << 14
"""Faces handled at a time: their numbers then stay in the processor's cache from one step to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A mesh, and what every later step needs of it. The arrays are shared: nobody writes to them.

    mesh: as the file gave it. vertices: (V, 3) float32, points at equal coordinates are one; the mesh's own array
    where it has no such points. faces: (F, 3) int32, the mesh's faces in its order, over `vertices`.
    areas: (F,) float64. area_vector: (3,) the sum over all faces of normal times area, right-hand rule. degenerate:
    (F,) bool, no area (two corners equal, or all on a line). edges: of the other faces. labels: (V,) int32, the piece
    each vertex belongs to, by the number of its lowest vertex; one that no such face uses is a piece of its own.
    """

    mesh: Mesh
    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    areas: NDArray[np.float64]
    area_vector: NDArray[np.float64]
    degenerate: NDArray[np.bool_]
    edges: Edges
    labels: NDArray[np.int32]


def surface(mesh: Mesh) -> Surface:
    vertices, faces = _welded(mesh)
    areas, area_vector, degenerate = _areas(vertices, faces)
    found = edges(faces[~degenerate] if degenerate.any() else faces)
    labels = pieces(found.first, found.second, len(vertices))
    return Surface(mesh, vertices, faces, areas, area_vector, degenerate, found, labels)


def _welded(mesh: Mesh) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    if mesh.welded:
        return mesh.vertices, mesh.faces
    vertices, number = weld_points(mesh.vertices)
    if len(vertices) == mesh.vertex_count:
        return mesh.vertices, mesh.faces
    return vertices, number[mesh.faces]


def _areas(
    vertices: NDArray[np.float32], faces: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """(F,) areas, (3,) the sum of the area vectors, (F,) which faces have none."""
    columns = vertices.T.astype(np.float64, order="C")
    areas, total, degenerate = np.empty(len(faces)), np.zeros(3), np.empty(len(faces), bool)
    for start in range(0, len(faces), BLOCK):
        block = slice(start, start + BLOCK)
        vectors, longest = _block(columns, faces[block])
        np.sqrt(_square(vectors), out=areas[block])
        np.less_equal(2 * areas[block], SLIVER * longest, out=degenerate[block])
        total += vectors.sum(axis=1)
    return areas, total, degenerate


def _block(columns: NDArray[np.float64], faces: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(3, N) area vectors, (N,) the squares of the longest edges."""
    first, second, third = (np.take(columns, corner, axis=1) for corner in np.ascontiguousarray(faces.T))
    # The edges as they lie in the face: first to second, second to third.
    third -= second
    second -= first
    vectors = _cross(second, third)
    vectors *= 0.5
    longest = np.maximum(_square(second), _square(third))
    second += third
    return vectors, np.maximum(longest, _square(second), out=longest)


def _cross(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Column by column: (3, N) times (3, N)."""
    product = np.empty_like(first)
    for axis, (left, right) in enumerate(((1, 2), (2, 0), (0, 1))):
        np.multiply(first[left], second[right], out=product[axis])
        product[axis] -= first[right] * second[left]
    return product


def _square(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.einsum("kn,kn->n", vectors, vectors)
    return squares
