"""The other shape a scanner makes: a narrow band of tooth sides, seen from the cheek. Measured, not judged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.arch import EXTENTS_MM, STEP_MM, Floats, height_map
from scans.meshes.coarse import bounds, coarsen, points_in_use
from scans.meshes.measure import area_vectors, principal_axes
from scans.meshes.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Strip:
    """Seen along the mean direction of its surface, mm. length, height: of the picture. relief: how deep a slice
    across the strip is, median over its length: a wall of two rows is flat, a row of teeth seen from above is a
    ridge. facing: see Measures.
    """

    length_mm: float
    height_mm: float
    relief_mm: float
    facing: float


def strip(mesh: Mesh) -> Strip | None:
    """None for what has no side to look at (closed) or is not of a size between a few teeth and an arch."""
    low, high = bounds(points_in_use(mesh))
    longest = float(np.linalg.norm(high - low))
    if not EXTENTS_MM[0] / 2 <= longest <= EXTENTS_MM[1]:
        return None
    coarse = coarsen(mesh, STEP_MM)
    corners = coarse.vertices[coarse.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas, total = np.linalg.norm(vectors, axis=1), vectors.sum(axis=0)
    facing = float(np.linalg.norm(total) / areas.sum()) if areas.sum() > 0 else 0.0
    if facing < 0.2:
        return None
    towards = total / np.linalg.norm(total)
    flattened = corners - (corners @ towards)[:, :, None] * towards
    along = principal_axes(flattened, areas)[0]
    across = np.cross(towards, along)
    seen = height_map(coarse, np.stack([along, across, towards]), corners.mean(axis=(0, 1)))
    return Strip(*_sides(seen.covered), _relief(seen.heights), facing)


def _sides(covered: NDArray[np.bool_]) -> tuple[float, float]:
    """Length, and the height that the longer columns have in the median."""
    columns = covered.sum(axis=0)
    used = columns[columns > 0]
    return float(len(used) * STEP_MM), float(np.median(used) * STEP_MM)


def _relief(heights: Floats) -> float:
    columns = heights[:, (~np.isnan(heights)).sum(axis=0) > 10]
    if not columns.size:
        return 0.0
    deep, high = np.nanpercentile(columns, [5, 95], axis=0)
    return float(np.median(high - deep))
