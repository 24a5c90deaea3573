"""Size, position and direction of a surface, in the unit of the file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import bounds, points_in_use
from scans.meshes.mesh import Mesh

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


def measure(mesh: Mesh) -> Measures:
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    used = points_in_use(mesh)
    vectors, centres = area_vectors(corners), corners.mean(axis=1)
    areas = np.linalg.norm(vectors, axis=1)
    area, total = float(areas.sum()), vectors.sum(axis=0)
    weights = areas if area > 0 else np.ones(len(areas))
    edges = [corners[:, end] - corners[:, start] for start, end in ((0, 1), (1, 2), (2, 0))]
    low, high = bounds(used)
    return Measures(
        area_mm2=area,
        box_min=_vector(low),
        box_max=_vector(high),
        size_mm=_vector(high - low),
        extents_mm=_vector(np.subtract(*bounds(used @ principal_axes(corners, areas).T)[::-1])),
        centroid=_vector(np.average(centres, axis=0, weights=weights)),
        area_vector=_vector(total),
        facing=float(np.linalg.norm(total)) / area if area > 0 else 0.0,
        mean_edge_mm=float(np.mean([np.sqrt(np.einsum("fk,fk->f", edge, edge)).mean() for edge in edges])),
        faces_per_mm2=mesh.face_count / area if area > 0 else 0.0,
    )


def area_vectors(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """(F, 3, 3) corners -> (F, 3): normal times area of each face, by the right-hand rule."""
    half: NDArray[np.float64] = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    return half


def principal_axes(corners: NDArray[np.float64], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """(F, 3, 3) corners -> (3, 3) unit rows, longest spread of the surface first; all faces count alike without any
    area.

    The covariance of a triangle about the origin is A/12 (sum of v v^T over its corners + s s^T, s the sum of the
    corners).
    """
    weights = areas if areas.sum() > 0 else np.ones(len(areas))
    offsets = corners - np.average(corners.mean(axis=1), axis=0, weights=weights)
    points = np.concatenate([offsets.reshape(-1, 3), offsets.sum(axis=1)])
    covariance = (points * np.concatenate([np.repeat(weights, 3), weights])[:, None]).T @ points
    axes: NDArray[np.float64] = np.linalg.eigh(covariance)[1].T[::-1]
    return axes


def _vector(values: NDArray[np.float64]) -> Vector:
    x, y, z = values.tolist()
    return (x, y, z)
