"""Every way an arch may lie in its file: candidates for the occlusal side and the front, for a network to choose from.

The occlusal direction of an open scan is its area vector; of a scan with inverted winding the opposite; of a closed
model neither, so the principal axes are tried too, each refined to the plane on what stands highest. The front is where
a parabola through the highest points opens away from, or the opposite.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.cloud import Cloud, Floats

Reals = NDArray[np.float64]

LEAST_FACING = 0.06
SAME_DIRECTION = float(np.cos(np.radians(9)))
OTHER_FRONT_DEG = 35.0
TILE_MM, RIDGE_TILE_MM = 5.0, 1.5
TOPS_MM = 7.0
RIDGE_MM = 5.0
LOOKED_AT = 9_000
"""Points are enough to find a frame by."""

TURNS = np.radians(np.arange(0, 180, 7.5))
LEAST_TOPS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """axes: (3, 3) rows right, anterior, occlusal (a right-handed picture: occlusal side to the viewer, front up).

    origin: (3,) in the cloud: the middle of the ridge, on the occlusal plane. In the frame: (points - origin) @ axes.T.
    """

    axes: Reals
    origin: Reals

    def seen(self, points: Floats) -> Floats:
        axes = self.axes.astype(np.float32)
        placed: Floats = points @ axes.T - (axes @ self.origin.astype(np.float32))
        return placed


def candidate_frames(cloud: Cloud) -> list[Frame]:
    """Some twenty frames, the likelier directions first; empty for what has no height to speak of."""
    points = cloud.points[:: max(len(cloud.points) // LOOKED_AT, 1)].astype(np.float64)
    planes: list[tuple[Reals, Reals]] = []
    for direction in _directions(cloud, points):
        plane = _occlusal_plane(points, direction)
        if plane is not None and not any(plane[0] @ other[0] > SAME_DIRECTION for other in planes):
            planes.append(plane)
    return [frame for normal, origin in planes for frame in _fronts(points, normal, origin)]


def _directions(cloud: Cloud, points: Reals) -> list[Reals]:
    facing = cloud.normals.mean(axis=0).astype(np.float64)
    length = float(np.linalg.norm(facing))
    axes = np.linalg.eigh(np.cov(points.T))[1].T
    found = [facing / length, -facing / length] if length > LEAST_FACING else []
    return found + [sign * axis for axis in axes for sign in (1.0, -1.0)]


def _occlusal_plane(points: Reals, direction: Reals) -> tuple[Reals, Reals] | None:
    """Unit normal and a point of the plane on the highest points, seen along `direction`: quantile regression by
    reweighted least squares over the top of each tile."""
    normal, origin = direction, points.mean(axis=0)
    for _ in range(2):
        axes = across(normal)
        placed = (points - origin) @ axes.T
        tops = tile_tops(placed, TILE_MM)
        tops = tops[tops[:, 2] > np.quantile(tops[:, 2], 0.9) - TOPS_MM]
        if len(tops) < LEAST_TOPS or np.ptp(tops[:, :2], axis=0).min() < TILE_MM:
            return None
        slope_x, slope_y, offset = _quantile_plane(tops)
        if np.hypot(slope_x, slope_y) > 0.9:
            return None
        origin = origin + offset * axes[2]
        normal = np.array([-slope_x, -slope_y, 1.0]) @ axes
        normal = normal / np.linalg.norm(normal)
    return normal, origin


def _quantile_plane(tops: Reals, quantile: float = 0.75, rounds: int = 12) -> Reals:
    terms = np.column_stack([tops[:, :2], np.ones(len(tops))])
    coefficients = np.array([0.0, 0.0, float(np.quantile(tops[:, 2], quantile))])
    damping = 1e-3 * np.diag([400.0, 400.0, 1.0])
    for _ in range(rounds):
        errors = tops[:, 2] - terms @ coefficients
        weights = np.where(errors > 0, quantile, 1 - quantile) / np.maximum(np.abs(errors), 0.15)
        weighted = terms * weights[:, None]
        coefficients = np.linalg.solve(terms.T @ weighted + damping, weighted.T @ tops[:, 2])
    return coefficients


def tile_tops(placed: Reals, tile_mm: float) -> Reals:
    """(K, 3) the highest point of each square tile."""
    cells = np.floor((placed[:, :2] - placed[:, :2].min(axis=0)) / tile_mm).astype(np.int64)
    keys = cells[:, 0] * (int(cells[:, 1].max()) + 1) + cells[:, 1]
    highest = np.full(int(keys.max()) + 1, -np.inf)
    np.maximum.at(highest, keys, placed[:, 2])
    tops: Reals = placed[placed[:, 2] == highest[keys]]
    return tops


def across(normal: Reals) -> Reals:
    """Rows right, up, `normal`: some right-handed frame that looks along it."""
    helper = np.eye(3)[np.abs(normal).argmin()]
    up = helper - (helper @ normal) * normal
    up = up / np.linalg.norm(up)
    return np.stack([np.cross(up, normal), up, normal])


def _fronts(points: Reals, normal: Reals, origin: Reals) -> list[Frame]:
    axes = across(normal)
    placed = (points - origin) @ axes.T
    ridge = tile_tops(placed[placed[:, 2] > -RIDGE_MM], RIDGE_TILE_MM)[:, :2]
    if len(ridge) < LEAST_TOPS:
        return []
    errors, bends = _parabolas(ridge)
    best = int(errors.argmin())
    away = np.abs(np.degrees(TURNS - TURNS[best]))
    errors[np.minimum(away, 180 - away) < OTHER_FRONT_DEG] = np.inf
    second = int(errors.argmin())
    found = []
    for turn in (best, second):
        # The parabola opens to the back; the opposite front is tried as well.
        first = TURNS[turn] if bends[turn] < 0 else TURNS[turn] + np.pi
        found += [_frame(axes, origin, ridge, angle) for angle in (first, first + np.pi)]
    return found


def _parabolas(ridge: Reals) -> tuple[Reals, Reals]:
    """For each of TURNS: mean distance of the ridge from its parabola, and how much that bends."""
    centred = ridge - ridge.mean(axis=0)
    right = np.stack([np.cos(TURNS), np.sin(TURNS)], axis=1)
    x, y = right @ centred.T, np.stack([-right[:, 1], right[:, 0]], axis=1) @ centred.T
    terms = np.stack([x * x, x, np.ones_like(x)], axis=2)
    normal = np.swapaxes(terms, 1, 2) @ terms + np.diag([1e-3, 1e-3, 1e-3])
    solved = np.linalg.solve(normal, np.swapaxes(terms, 1, 2) @ y[..., None])
    slope = 2 * solved[:, 0] * x + solved[:, 1]
    errors = np.abs(y - (terms @ solved)[..., 0]) / np.sqrt(1 + slope * slope)
    return errors.mean(axis=1), solved[:, 0, 0]


def _frame(axes: Reals, origin: Reals, ridge: Reals, angle: float) -> Frame:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = ridge @ turn.T
    low, high = np.quantile(turned, [0.02, 0.98], axis=0)
    flat = turn @ axes[:2]
    return Frame(np.vstack([flat, axes[2:]]), origin + (low + high) / 2 @ flat)
