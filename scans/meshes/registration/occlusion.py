"""Do two arches bite on each other where they lie? From height maps of both over one grid across the way they close.

Winding is not trusted: an open scan looks away from its rim, whichever way its faces are turned.
"""

from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import bounds, coarsen, points_in_use
from scans.meshes.mesh import Mesh
from scans.meshes.raster import heights_of
from scans.meshes.registration.looking import COARSE_MM, looks, right_side_out
from scans.meshes.registration.ridges import misfit
from scans.meshes.rigid import Floats

STEP_MM = 0.5
LARGEST_MM = 250.0
LEAST_FACING = 0.7
LEAST_OVERLAP, GOOD_OVERLAP = 0.6, 0.85
TOOTH_TOPS_MM = 3.0
NEAR_MM = 2.0
LEAST_PARTNERED = 0.15
TOUCHING_MM = (-0.4, 0.7)
SQUEEZED_MM = 0.5
MOST_SQUEEZED = 0.008
LEAST_SPREAD_MM = 20.0
MOST_ASIDE_MM, MOST_TURNED_DEG = 4.0, 10.0
"""Rows of teeth that do not lie over each other: teeth may touch there by chance."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How two arches meet, in mm along the way they close.

    facing: cosine between the directions the mouth halves look, 1 where they look straight at each other. overlap: part
    of the smaller arch's outline that lies over the other. gap_mm: the closest 1 % of the overlap, negative where
    surfaces pass through each other; gap_median_mm: of the teeth that have a partner. partnered: part of the tooth tops
    with the other jaw within 2 mm. squeezed_mm2: area that passes through by more than 0.5 mm; squeezed: its part of
    the overlap. spread_mm: how far apart the touching places lie, across and along the arch, the lesser of the two.
    aside_mm, turned_deg: see ridges.Misfit; None where not needed or not known.
    """

    facing: float
    overlap: float = 0.0
    gap_mm: float | None = None
    gap_median_mm: float | None = None
    partnered: float = 0.0
    squeezed: float = 0.0
    squeezed_mm2: float = 0.0
    spread_mm: float = 0.0
    aside_mm: float | None = None
    turned_deg: float | None = None

    @property
    def plausible(self) -> bool:
        """Teeth on teeth: nearly nothing between, nearly nothing inside each other, along much of the arch."""
        low, high = TOUCHING_MM
        meets = self.gap_mm is not None and low < self.gap_mm < high and self.squeezed < MOST_SQUEEZED
        lies_over = self.facing > LEAST_FACING and self.overlap > LEAST_OVERLAP
        # Half an arch has no width to spread over; it lies over the other all the more.
        is_wide = self.spread_mm > LEAST_SPREAD_MM or self.overlap > GOOD_OVERLAP
        rows_agree = (self.aside_mm or 0.0) < MOST_ASIDE_MM and (self.turned_deg or 0.0) < MOST_TURNED_DEG
        return meets and lies_over and is_wide and rows_agree and self.partnered > LEAST_PARTNERED

    def as_dict(self) -> dict[str, float | bool | None]:
        numbers = {key: None if value is None else round(value, 3) for key, value in asdict(self).items()}
        return {**numbers, "plausible": self.plausible}


def contact(upper: Mesh, lower: Mesh) -> Contact:
    """Both in one frame, in mm. Never raises for what a mesh holds: what is no pair of arches is not plausible."""
    if max(_extent(upper), _extent(lower)) > LARGEST_MM:
        return Contact(0.0)
    upper, lower = (right_side_out(coarsen(mesh, COARSE_MM)) for mesh in (upper, lower))
    above, below = looks(upper), looks(lower)
    facing = -float(above @ below)
    closing = below - above
    if facing <= LEAST_FACING:
        return Contact(facing)
    axes = _axes(closing / np.linalg.norm(closing))
    if (_middle(upper) - _middle(lower)) @ axes[2] <= 0:
        return Contact(-facing)
    met = _met(facing, upper, lower, axes)
    rows = misfit(upper, lower, axes) if met.plausible else None
    return met if rows is None else replace(met, aside_mm=rows.aside_mm, turned_deg=rows.turned_deg)


def _extent(mesh: Mesh) -> float:
    low, high = bounds(points_in_use(mesh))
    return float(np.linalg.norm(high - low))


def _middle(mesh: Mesh) -> Floats:
    result: Floats = mesh.vertices[mesh.faces].astype(np.float64).mean(axis=(0, 1))
    return result


def _axes(closing: Floats) -> Floats:
    """(3, 3) unit rows: two across, and the way from the lower to the upper jaw."""
    across = np.cross(closing, np.eye(3)[np.argmin(np.abs(closing))])
    across /= np.linalg.norm(across)
    return np.stack([across, np.cross(closing, across), closing])


def _met(facing: float, upper: Mesh, lower: Mesh, axes: Floats) -> Contact:
    above, below = (mesh.vertices.astype(np.float64) @ axes.T for mesh in (upper, lower))
    low = np.minimum(above.min(axis=0), below.min(axis=0))[:2] - STEP_MM
    high = np.maximum(above.max(axis=0), below.max(axis=0))[:2] + STEP_MM
    if np.linalg.norm(high - low) > LARGEST_MM:
        return Contact(facing)
    shape = (np.ceil((high - low) / STEP_MM).astype(int) + 1).tolist()
    bottoms = -_heights(above * [1, 1, -1], upper.faces, low, shape)
    tops = _heights(below, lower.faces, low, shape)
    return _compared(facing, bottoms, tops)


def _heights(points: Floats, faces: NDArray[np.int32], low: Floats, shape: list[int]) -> Floats:
    """(H, W) the highest point over each cell, NaN where there is none."""
    return heights_of(np.column_stack([(points[:, :2] - low) / STEP_MM, points[:, 2]]), faces, *shape)


def _compared(facing: float, bottoms: Floats, tops: Floats) -> Contact:
    gap = bottoms - tops
    both = np.isfinite(gap)
    smaller = min(np.isfinite(bottoms).sum(), np.isfinite(tops).sum())
    overlap = float(both.sum() / smaller) if smaller else 0.0
    if not both.any():
        return Contact(facing, overlap)
    near = both & (np.abs(gap) <= NEAR_MM)
    squeezed = int((gap[both] < -SQUEEZED_MM).sum())
    return Contact(
        facing,
        overlap,
        float(np.quantile(gap[both], 0.01)),
        float(np.median(gap[near])) if near.any() else None,
        _partnered(tops, -bottoms, near),
        squeezed / int(both.sum()),
        squeezed * STEP_MM**2,
        _spread(near),
    )


def _partnered(tops: Floats, tips: Floats, near: NDArray[np.bool_]) -> float:
    """Of the arch with the fewer tooth tops: half an arch meets half of the other at most."""
    teeth = min((_teeth(heights) for heights in (tops, tips)), key=np.count_nonzero)
    return float((near & teeth).sum() / max(int(teeth.sum()), 1))


def _teeth(heights: Floats) -> NDArray[np.bool_]:
    highest = np.quantile(heights[np.isfinite(heights)], 0.98)
    result: NDArray[np.bool_] = heights > highest - TOOTH_TOPS_MM
    return result


def _spread(near: NDArray[np.bool_]) -> float:
    """The lesser extent of the touching places, 5 to 95 %, in mm."""
    if not near.any():
        return 0.0
    places = np.argwhere(near) * STEP_MM
    _, directions = np.linalg.eigh(np.cov(places.T)) if len(places) > 2 else (0, np.eye(2))
    low, high = np.quantile(places @ directions, [0.05, 0.95], axis=0)
    return float((high - low).min())
