"""A surface as evenly spread points: what all looking at a shape starts from, whatever the mesh's resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import coarsen
from scans.meshes.measure import area_vectors
from scans.meshes.mesh import Mesh

Floats = NDArray[np.float32]

CELL_MM = 0.6
POINTS_PER_MM2 = 4.0
MOST_POINTS = 60_000
"""A closed model of 12,000 mm2 still gets five points a square millimetre; anything larger is thinner."""

EXTENTS_MM = (14.0, 190.0)
"""Longest diagonal of what may be a part of an arch or an arch on a base; a file in another unit lies outside."""

GOLDEN = (0.7548776662466927, 0.5698402909980532)
"""Roberts' R2 sequence: points of one face and of its neighbours keep apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """points: (N, 3) mm about their own middle. normals: (N, 3) unit vectors, by the winding of the file.

    middle: (3,) float64, where the points' origin lies in the file. Every point stands for the same area.
    """

    points: Floats
    normals: Floats
    middle: NDArray[np.float64]


def cloud_of(mesh: Mesh) -> Cloud | None:
    """None for what is not of a size between a few teeth and an arch on its base, or has no area."""
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    if not EXTENTS_MM[0] <= float(np.linalg.norm(high.astype(np.float64) - low)) <= 10 * EXTENTS_MM[1]:
        return None
    coarse = coarsen(mesh, CELL_MM)
    corners = coarse.vertices[coarse.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas = np.linalg.norm(vectors, axis=1)
    if not areas.sum() > 0:
        return None
    return _sized(_sampled(corners, vectors, areas))


def _sampled(corners: NDArray[np.float64], vectors: NDArray[np.float64], areas: NDArray[np.float64]) -> Cloud:
    density = min(POINTS_PER_MM2, MOST_POINTS / float(areas.sum()))
    ends = np.floor(np.cumsum(areas * density)).astype(np.int64)
    counts = np.diff(ends, prepend=0)
    face = np.repeat(np.arange(len(areas)), counts)
    at = np.arange(1, len(face) + 1)
    u, v = (np.mod(at * step, 1.0) for step in GOLDEN)
    over = u + v > 1
    u, v = np.where(over, 1 - u, u)[:, None], np.where(over, 1 - v, v)[:, None]
    points = corners[face, 0] * (1 - u - v) + corners[face, 1] * u + corners[face, 2] * v
    middle = points.mean(axis=0) if len(points) else np.zeros(3)
    normals = vectors[face] / areas[face, None]
    return Cloud((points - middle).astype(np.float32), normals.astype(np.float32), middle)


def _sized(cloud: Cloud) -> Cloud | None:
    """A few stray points far away do not make a scan large."""
    if len(cloud.points) < 400:
        return None
    low, high = np.quantile(cloud.points[:: max(len(cloud.points) // 4000, 1)], [0.005, 0.995], axis=0)
    return cloud if EXTENTS_MM[0] <= float(np.linalg.norm(high - low)) <= EXTENTS_MM[1] else None
