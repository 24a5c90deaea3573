"""What tells an upper from a lower arch, measured on an arch in its own frame.

Three things that do not depend on one another:
- the palate: it closes the inside of an upper horseshoe; a lower one is open towards the tongue;
- the curve of Spee (F. Graf von Spee, 1890): along the arch the lower tops form a hollow, the upper tops a bulge;
- the curve of Wilson (G. H. Wilson, 1911): lower molars lean to the tongue, so their cheek-side cusps stand higher;
  upper molars lean to the cheek, so their palatal cusps do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from scans.meshes.arch import STEP_MM, ArchView, Floats, HeightMap, inside_hull, robust_fit

INSIDE_MM = 9.0
"""From the cusp line: past the inner side of the teeth and the gum that every scan has there."""

SPEE_CHORD_MM = 40.0
SLICE_MM = 2.5
SIDE_TEETH_MM = (18.0, 46.0)
"""How far behind the incisors premolars and molars stand."""

HALF_TOOTH_MM = 8.0
CROWN_TOP_MM = 3.0


@dataclass(frozen=True, slots=True)
class Anatomy:
    """front_cover, cover: part of the front half and of the whole inside of the horseshoe with surface below it, 0..1.

    inside_mm2: that inside. tooth_cover: part of the strip along the cusp line with surface, below 1 where teeth are
    holes. spee_mm: depth of the tooth tops' curve over 40 mm, above 0 for a hollow. wilson_mm: how much the cheek-
    side cusps of the side teeth stand above the tongue-side ones, mean over `slices` of 2.5 mm; NaN where too few
    side teeth are there.
    """

    front_cover: float
    cover: float
    inside_mm2: float
    tooth_cover: float
    spee_mm: float
    wilson_mm: float
    slices: int


def anatomy(view: ArchView) -> Anatomy | None:
    """None where the horseshoe has no inside to speak of."""
    inside, front, teeth = _regions(view)
    if inside.sum() * STEP_MM**2 < 150 or not (inside & front).any():
        return None
    covered = view.map.covered
    differences = np.array(list(_cusp_differences(view)))
    return Anatomy(
        front_cover=float(covered[inside & front].mean()),
        cover=float(covered[inside].mean()),
        inside_mm2=float(inside.sum() * STEP_MM**2),
        tooth_cover=float(covered[teeth].mean()),
        spee_mm=spee(view.horseshoe.points),
        wilson_mm=float(differences.mean()) if len(differences) > 4 else float("nan"),
        slices=len(differences),
    )


def _regions(view: ArchView) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Over the height map: the inside of the horseshoe, its front half, and the strip of the cusp line."""
    seen, ridge = view.map, view.horseshoe.points[:, :2]
    grid = np.column_stack([values.ravel() for values in np.meshgrid(seen.x, seen.y)])
    distance = KDTree(ridge).query(grid)[0]
    shape = seen.heights.shape
    inside = (inside_hull(ridge, grid) & (distance > INSIDE_MM)).reshape(shape)
    rows = seen.y[inside.any(axis=1)]
    middle = (rows.min() + rows.max()) / 2 if len(rows) else 0.0
    front = np.broadcast_to((seen.y >= middle)[:, None], shape)
    return inside, front, (distance < 2.0).reshape(shape)


def spee(ridge: Floats) -> float:
    """(N, 3) cusp line -> mm of sag over 40 mm; gaps and worn teeth, which are low, count less."""
    behind = (ridge[:, 1].max() - ridge[:, 1]) / (SPEE_CHORD_MM / 2)
    terms = np.column_stack([behind**2, behind, np.ones(len(behind))])
    return float(robust_fit(terms, ridge[:, 2], below=0.6, scale=0.8)[0][0])


def _cusp_differences(view: ArchView) -> list[float]:
    """For each slice across a side tooth: highest point of its outer half minus highest of its inner half, mm."""
    ridge, seen = view.horseshoe.points, view.map
    behind = ridge[:, 1].max() - ridge[:, 1]
    found = []
    for side in (-1, 1):
        for start in np.arange(*SIDE_TEETH_MM, SLICE_MM):
            here = (np.sign(ridge[:, 0]) == side) & (behind >= start) & (behind < start + SLICE_MM)
            if here.any():
                front = ridge[:, 1].max() - start
                profile = _profile(seen, front, float(np.median(ridge[here, 0])), side)
                found += [_cusp_difference(profile)] if profile is not None else []
    return [difference for difference in found if difference is not None]


def _profile(seen: HeightMap, front: float, x: float, side: int) -> Floats | None:
    """Greatest height in a slice across one tooth, from the tongue side to the cheek side; -inf where nothing is."""
    rows = (seen.y < front) & (seen.y >= front - SLICE_MM)
    columns = np.abs(seen.x - x) < HALF_TOOTH_MM
    if not rows.any() or columns.sum() < 6:
        return None
    heights = seen.heights[np.ix_(rows, columns)][:, ::side]
    profile: Floats = np.where(np.isnan(heights), -np.inf, heights).max(axis=0)
    return profile


def _cusp_difference(profile: Floats) -> float | None:
    peak = int(profile.argmax())
    outside = np.flatnonzero(~(profile > profile[peak] - CROWN_TOP_MM))
    first = int(outside[outside < peak].max(initial=-1)) + 1
    last = int(outside[outside > peak].min(initial=len(profile)))
    if last - first < 6:
        return None
    middle = (first + last) // 2
    return float(profile[middle:last].max() - profile[first:middle].max())
