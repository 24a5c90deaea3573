"""How large the horseshoe is, whether teeth stand on it and what lies inside: for the words of the verdict, and for the
limits that no network may overrule."""

from dataclasses import dataclass

import numpy as np

from scans.classification.geometry.cloud import Floats
from scans.classification.geometry.maps import (
    ABOVE_MM,
    DEPTH_MM,
    FINE,
    RIDGE_MM,
    SIDE,
    UNROLLED,
    height_map,
    ridge_curve,
    unrolled,
)

AWAY_MM = 9.0
"""From the ridge: past the inner side of the teeth and the gum that every scan has there."""

LEAST_MM2 = 150
CREST = slice(UNROLLED[1] // 2 - 4, UNROLLED[1] // 2 + 4)
"""The middle of the unrolled arch, 8 mm: where the teeth's tops are."""

HALF_TOOTH = 3
LEAST_STATIONS = 8


@dataclass(frozen=True, slots=True)
class Inside:
    """Of the ridge: width, depth and length; relief: how far it rises or falls against what lies half a tooth to both
    sides, in the median. beyond: part of the crowns outside of the height map, 0..1. cover: part of the inside with
    some surface below, 0..1; None where the ridge does not enclose anything to speak of."""

    width_mm: float
    depth_mm: float
    length_mm: float
    relief_mm: float
    beyond: float
    cover: float | None


def inside_of(seen: Floats) -> Inside | None:
    """seen: (N, 3) points in the arch's frame."""
    fine = height_map(seen, FINE)
    curve = ridge_curve(fine)
    if curve is None:
        return None
    width, depth = np.ptp(curve, axis=0).tolist()
    length = float(np.hypot(*np.diff(curve, axis=0).T).sum())
    crowns = np.abs(seen[seen[:, 2] > -RIDGE_MM, :2])
    beyond = float((crowns > SIDE / 2).any(axis=1).mean()) if len(crowns) else 0.0
    relief = _relief(fine)
    middles = np.arange(SIDE) + 0.5 - SIDE / 2
    x, y = np.meshgrid(middles, -middles)
    near = ((x[..., None] - curve[::2, 0]) ** 2 + (y[..., None] - curve[::2, 1]) ** 2).min(axis=2) < AWAY_MM**2
    behind = y < np.interp(x, curve[:, 0], curve[:, 1], left=-np.inf, right=-np.inf)
    inside = behind & ~near & (y > curve[:, 1].min())
    if inside.sum() < LEAST_MM2:
        return Inside(width, depth, length, relief, beyond, None)
    column = np.floor(seen[:, 0] + SIDE / 2).astype(int).clip(0, SIDE - 1)
    row = np.floor(SIDE / 2 - seen[:, 1]).astype(int).clip(0, SIDE - 1)
    covered = np.zeros((SIDE, SIDE), bool)
    covered[row, column] = True
    return Inside(width, depth, length, relief, beyond, float(covered[inside].mean()))


def _relief(fine: Floats) -> float:
    tops = unrolled(fine)[:, CREST].max(axis=1) * (DEPTH_MM + ABOVE_MM)
    high = tops > DEPTH_MM - RIDGE_MM
    middle, before, after = slice(HALF_TOOTH, -HALF_TOOTH), slice(None, -2 * HALF_TOOTH), slice(2 * HALF_TOOTH, None)
    steps = np.abs(tops[before] - 2 * tops[middle] + tops[after])[high[before] & high[middle] & high[after]]
    return float(np.median(steps)) if len(steps) >= LEAST_STATIONS else 0.0
