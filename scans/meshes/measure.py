"""Size, position and direction of a surface, in the unit of the file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import bounds
from scans.meshes.surface import BLOCK, Surface

Floats = NDArray[np.float64]
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Measures:
    """Millimetres, as in every vendor's export; no mesh format stores the unit.

    centroid: of the surface, weighted by area. area_vector: the sum of the faces' area vectors (half the cross product
    of two edges); it is zero for a closed surface and points out of the mouth of an open one. facing: its length over
    the area, 0 (closed) to 1 (flat). mean_edge_mm: over the edges of all faces. extents_mm: the size along the
    principal axes, longest first, which turning the mesh does not change.
    """

    area_mm2: float
    box_min: Vector
    box_max: Vector
    size_mm: Vector
    extents_mm: Vector
    centroid: Vector
    area_vector: Vector
    facing: float
    mean_edge_mm: float
    faces_per_mm2: float


def measure(surface: Surface) -> Measures:
    area, total = float(surface.areas.sum()), surface.area_vector
    used = _in_use(surface)
    low, high = (bound.astype(np.float64) for bound in bounds(surface.vertices[used]))
    # About the middle of the box, so that nothing great cancels.
    columns = surface.vertices.T.astype(np.float64, order="C")
    columns -= (low + high)[:, None] / 2
    sums = _sums(surface, columns, even=area <= 0)
    extents = np.array([np.ptp((axis @ columns)[used]) for axis in _axes(sums.covariance)])
    return Measures(
        area_mm2=area,
        box_min=_vector(low),
        box_max=_vector(high),
        size_mm=_vector(high - low),
        extents_mm=_vector(extents),
        centroid=_vector(sums.centroid + (low + high) / 2),
        area_vector=_vector(total),
        facing=float(np.linalg.norm(total)) / area if area > 0 else 0.0,
        mean_edge_mm=sums.edge_length / (3 * len(surface.faces)),
        faces_per_mm2=len(surface.faces) / area if area > 0 else 0.0,
    )


def _in_use(surface: Surface) -> NDArray[np.bool_] | slice:
    """Which vertices some face uses: the others are no part of the surface."""
    used = np.zeros(len(surface.vertices), bool)
    used[surface.faces] = True
    return slice(None) if used.all() else used


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Over all faces. centroid: (3,). covariance: (3, 3) about it. edge_length: of all three edges of each."""

    centroid: Floats
    covariance: Floats
    edge_length: float


def _sums(surface: Surface, columns: Floats, *, even: bool) -> _Sums:
    """Over vertices that lie at `columns` (3, V); weighted by area, or with `even` every face alike.

    The covariance of a triangle about the origin is A/12 (sum of v v^T over its corners + s s^T, s the sum of the
    corners).
    """
    weights = np.ones(len(surface.faces)) if even else surface.areas
    first, second, length = np.zeros(3), np.zeros((3, 3)), 0.0
    for start in range(0, len(surface.faces), BLOCK):
        weight = weights[start : start + BLOCK]
        rows = np.ascontiguousarray(surface.faces[start : start + BLOCK].T)
        corners = [np.take(columns, row, axis=1) for row in rows]
        length += sum(float(_lengths(corners[one], corners[one - 1]).sum()) for one in range(3))
        middles = corners[0] + corners[1] + corners[2]
        first += middles @ weight
        for points in (*corners, middles):
            second += _products(points * weight, points)
    whole = weights.sum()
    offset = first / (3 * whole)
    return _Sums(offset, second / 12 - whole * np.outer(offset, offset), length)


def _products(first: Floats, second: Floats) -> Floats:
    """first @ second.T for two long (3, N), by nine dot products: a third of the time of the matrix product."""
    return np.array([[one @ other for other in second] for one in first])


def _lengths(ends: Floats, starts: Floats) -> Floats:
    vectors = ends - starts
    lengths: Floats = np.sqrt(np.einsum("kn,kn->n", vectors, vectors))
    return lengths


def area_vectors(corners: Floats) -> Floats:
    """(F, 3, 3) corners -> (F, 3): normal times area of each face, by the right-hand rule."""
    half: Floats = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    return half


def principal_axes(corners: Floats, areas: Floats) -> Floats:
    """(F, 3, 3) corners -> (3, 3) unit rows, longest spread of the surface first; all faces count alike without any
    area. The formula is that of `_sums`.
    """
    weights = areas if areas.sum() > 0 else np.ones(len(areas))
    offsets = corners - np.average(corners.mean(axis=1), axis=0, weights=weights)
    points = np.concatenate([offsets.reshape(-1, 3), offsets.sum(axis=1)])
    return _axes((points * np.concatenate([np.repeat(weights, 3), weights])[:, None]).T @ points)


def _axes(covariance: Floats) -> Floats:
    axes: Floats = np.linalg.eigh(covariance)[1].T[::-1]
    return axes


def _vector(values: Floats) -> Vector:
    x, y, z = values.tolist()
    return (x, y, z)
