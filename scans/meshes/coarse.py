"""Fewer faces for looking and judging: vertices that share a small cube become one. Never for what is kept or sent."""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scans.meshes.mesh import Mesh

Real = TypeVar("Real", np.float32, np.float64)

MOST_IN_TABLE = 1 << 23
"""Cubes that are counted in a table of all of them, 40 MB; where there are more, those in use are sorted."""

_BLOCK = 1 << 16
"""Faces handled at a time: needs little memory and stays in the processor's cache."""


def coarsen(mesh: Mesh, cell: float) -> Mesh:
    """Vertex clustering (Rossignac and Borrel 1993): the vertices of a cube of side `cell` merge into their mean.

    Neighbours stay joined, so no hole opens; details smaller than `cell` go. A mesh that would vanish comes back as
    it is.
    """
    index, count = _cells(mesh.vertices, cell)
    faces = _three_cornered(index, mesh.faces)
    if not len(faces):
        return mesh
    vertices = _means(mesh.vertices, index, count).astype(np.float32)
    colors = None if mesh.colors is None else _means(mesh.colors, index, count).round().astype(np.uint8)
    return Mesh(vertices, faces, colors)


def _three_cornered(index: NDArray[np.int32], faces: NDArray[np.int32]) -> NDArray[np.int32]:
    """The faces over the vertices' new numbers, without those that have shrunk to a line or a point."""
    kept = []
    for start in range(0, len(faces), _BLOCK):
        first, second, third = corners = index.take(faces[start : start + _BLOCK].T)
        kept.append(corners[:, (first != second) & (second != third) & (third != first)])
    return np.ascontiguousarray(np.concatenate(kept, axis=1).T)


def points_in_use(mesh: Mesh) -> NDArray[np.float64]:
    """(N, 3) the vertices that some face uses: the others are no part of the surface."""
    used = np.zeros(mesh.vertex_count, bool)
    used[mesh.faces] = True
    return mesh.vertices[used].astype(np.float64)


def bounds(points: NDArray[Real]) -> tuple[NDArray[Real], NDArray[Real]]:
    """(3,) least and greatest coordinates; column by column, five times as fast as along axis 0."""
    columns = np.ascontiguousarray(points.T)
    return columns.min(axis=1), columns.max(axis=1)


def _cells(vertices: NDArray[np.float32], cell: float) -> tuple[NDArray[np.int32], int]:
    """(V,) number of the cube each vertex lies in, counted over the cubes in use in ascending order; how many."""
    low, high = (bound.astype(np.float64) for bound in bounds(vertices))
    sizes = np.floor((high - low) / cell).astype(np.int64) + 1
    keys = np.zeros(len(vertices), np.int64)
    for column, start, size in zip(vertices.T, low, sizes, strict=True):
        keys *= size
        keys += np.floor((column - start) / cell).astype(np.int64)
    most = math.prod(sizes.tolist())
    return _ranks_in_table(keys, most) if most <= MOST_IN_TABLE else _ranks_by_sorting(keys, most)


def _ranks_in_table(keys: NDArray[np.int64], most: int) -> tuple[NDArray[np.int32], int]:
    used = np.zeros(most, bool)
    used[keys] = True
    rank = np.cumsum(used, dtype=np.int32)
    return rank.take(keys) - np.int32(1), int(rank[-1])


def _ranks_by_sorting(keys: NDArray[np.int64], most: int) -> tuple[NDArray[np.int32], int]:
    place_bits = len(keys).bit_length()
    if most.bit_length() + place_bits > 63:
        distinct, ranks = np.unique(keys, return_inverse=True)
        return ranks.astype(np.int32), len(distinct)
    # With its place in the lower bits each key is one number, which sorts several times as fast as an argsort.
    keys = keys << place_bits
    keys |= np.arange(len(keys))
    keys.sort()
    places = keys & ((1 << place_bits) - 1)
    keys >>= place_bits
    is_new = np.append(False, keys[1:] != keys[:-1])
    rank = np.empty(len(keys), np.int32)
    rank[places] = np.cumsum(is_new)
    return rank, 1 + int(np.count_nonzero(is_new))


def _means(
    values: NDArray[np.float32] | NDArray[np.uint8], index: NDArray[np.int32], count: int
) -> NDArray[np.float64]:
    places = index.astype(np.intp)
    members = np.bincount(places, minlength=count)
    return np.stack([np.bincount(places, values[:, k], count) / members for k in range(values.shape[1])], axis=1)
