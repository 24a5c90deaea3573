"""What is seen of a surface in a frame, without what lies deep: a height map, and the arch rolled out on its ridge."""

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.cloud import Cloud, Floats
from scans.classification.geometry.frames import Frame

DEPTH_MM = 8.5
"""Below the occlusal plane nothing is seen: bases, floors, vestibules and most of the palate are left out."""

ABOVE_MM = 3.5
SIDE = 80
"""Millimetres and pixels of the height map."""

FINE = 160
UNROLLED = (112, 24)
"""Millimetres and pixels along the ridge, and across it from the cheek (first) to the tongue."""

RIDGE_MM = 4.0
Curve = NDArray[np.float64]


def views(cloud: Cloud, frame: Frame) -> tuple[Floats, Floats]:
    """The height map and the unrolled arch."""
    seen = frame.seen(cloud.points)
    heights, fine = height_map(seen), height_map(seen, FINE)
    between = heights.repeat(FINE // SIDE, axis=0).repeat(FINE // SIDE, axis=1)
    return heights, unrolled(np.where(fine > 0, fine, between))


def height_map(seen: Floats, side: int = SIDE) -> Floats:
    """(N, 3) points in a frame -> (side, side) heights 0 (deep or nothing) to 1, rows from front to back, columns to
    the right, over SIDE millimetres."""
    scale = side / SIDE
    x = np.floor(seen[:, 0] * scale + side / 2).astype(np.int64)
    y = np.floor(side / 2 - seen[:, 1] * scale).astype(np.int64)
    inside = (seen[:, 2] > -DEPTH_MM) & (x >= 0) & (x < side) & (y >= 0) & (y < side)
    values = (np.minimum(seen[inside, 2], ABOVE_MM) + DEPTH_MM) / (DEPTH_MM + ABOVE_MM)
    heights = np.zeros(side * side, np.float32)
    np.maximum.at(heights, y[inside] * side + x[inside], values.astype(np.float32))
    return _without_pinholes(heights.reshape(side, side))


def _without_pinholes(heights: Floats) -> Floats:
    """An empty pixel among five or more full ones takes their mean."""
    padded = np.pad(heights, 1)
    side = len(heights)
    total, count = np.zeros_like(heights), np.zeros_like(heights)
    for row in range(3):
        for column in range(3):
            part = padded[row : row + side, column : column + side]
            total += part
            count += part > 0
    return np.where((heights == 0) & (count >= 5), total / np.maximum(count, 1), heights)


def unrolled(fine: Floats) -> Floats:
    """(FINE, FINE) height map -> UNROLLED heights along its ridge; zero where no ridge is."""
    curve = ridge_curve(fine)
    if curve is None:
        return np.zeros(UNROLLED, np.float32)
    middle, tangent = _stations(curve)
    outward = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    offsets = UNROLLED[1] / 2 - 0.5 - np.arange(UNROLLED[1])
    places = middle[:, None] + outward[:, None] * offsets[:, None]
    scale = FINE / SIDE
    column = np.floor(places[..., 0] * scale + FINE / 2).astype(np.int64)
    row = np.floor(FINE / 2 - places[..., 1] * scale).astype(np.int64)
    inside = (row >= 0) & (row < FINE) & (column >= 0) & (column < FINE)
    found = fine[row.clip(0, FINE - 1), column.clip(0, FINE - 1)]
    return np.where(inside, found, np.float32(0))


def ridge_curve(fine: Floats, rounds: int = 6) -> Curve | None:
    """(K, 2) mm from left to right along the highest points: a curve of fourth degree, fitted by distance."""
    step = 3
    pooled = fine[: FINE // step * step, : FINE // step * step].reshape(FINE // step, step, FINE // step, step)
    row, column = np.nonzero(pooled.max(axis=(1, 3)) > (DEPTH_MM - RIDGE_MM) / (DEPTH_MM + ABOVE_MM))
    if len(row) < 20:
        return None
    weight = pooled.max(axis=(1, 3))[row, column] ** 2
    size = step * SIDE / FINE
    x, y = (column + 0.5) * size - SIDE / 2, SIDE / 2 - (row + 0.5) * size
    reach = max(float(np.abs(x).max()), 5.0)
    terms = np.stack([(x / reach) ** power for power in range(5)], axis=1)
    damping = np.diag([1e-6, 0.05, 0.05, 0.5, 0.5])
    slope = np.zeros_like(x)
    for _ in range(rounds):
        weights = weight / (1 + slope * slope)
        weighted = terms * weights[:, None]
        solved = np.linalg.solve(terms.T @ weighted + damping, weighted.T @ y)
        slope = sum(power * solved[power] * (x / reach) ** (power - 1) for power in range(1, 5)) / reach
    along = np.linspace(-1.02, 1.02, 160)
    return np.stack([along * reach, sum(solved[power] * along**power for power in range(5))], axis=1)


def _stations(curve: Curve) -> tuple[Curve, Curve]:
    """(L, 2) points every millimetre, the middle one where the curve crosses x = 0, and (L, 2) unit tangents; beyond
    its ends the curve goes on straight."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    wanted = float(np.interp(0.0, curve[:, 0], lengths)) + np.arange(UNROLLED[0]) - (UNROLLED[0] - 1) / 2
    held = wanted.clip(0, lengths[-1])
    points = np.stack([np.interp(held, lengths, curve[:, axis]) for axis in (0, 1)], axis=1)
    steps = np.gradient(curve, lengths, axis=0)
    tangents = np.stack([np.interp(held, lengths, steps[:, axis]) for axis in (0, 1)], axis=1)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    return points + (wanted - held)[:, None] * tangents, tangents
