"""How one arch may look in another mouth, scanner or laboratory: each step takes points and gives points.

Steps work on points in the true frame, so none of them needs a mesh: cuts drop points, floors and bases add some.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import ndimage

from scans.training.posed import Posed, Reals, Ridge, ridge_of

GRID_MM = 0.5
WAVES, WAVE_MM, WAVE_HEIGHT_MM = 3, (12.0, 60.0), 0.4
Random = np.random.Generator
Step = Callable[[Posed, Ridge, Random], Posed]


def varied(posed: Posed, rng: Random) -> Posed | None:
    """A random arch made of this one; None where too little is left of it."""
    if rng.random() < 0.5:
        posed = mirrored(posed)
    posed = warped(posed, rng)
    for step, chance in STEPS:
        if rng.random() < chance:
            ridge = ridge_of(posed)
            if ridge is None:
                return None
            posed = step(posed, ridge, rng)
            if len(posed.points) < 1500:
                return None
    return posed


def mirrored(posed: Posed) -> Posed:
    return replace(posed, points=posed.points * [-1, 1, 1], normals=posed.normals * [-1, 1, 1])


def warped(posed: Posed, rng: Random) -> Posed:
    """Wider, longer, higher, tapered, pointed or square, slightly twisted and bent, the teeth elsewhere by tenths of a
    millimetre: the form of the arch tells little, its teeth tell the jaw."""
    x, y, z = posed.points.T
    size = rng.uniform(0.84, 1.1)
    wide, long, high = size * rng.uniform(0.85, 1.15), size * rng.uniform(0.85, 1.15), size * rng.uniform(0.85, 1.2)
    y = y + rng.normal(0, 1.5) * (x / 25) ** 2
    x = x * wide * (1 + rng.normal(0, 0.12) * y / 25 + rng.normal(0, 0.04) * (y / 25) ** 2) + rng.normal(0, 0.03) * y
    z = z * high + rng.normal(0, 0.5) * (y / 25) ** 2 + rng.normal(0, 0.25) * (x / 25) ** 2
    z = z + rng.normal(0, 0.01) * x * y / 20 + rng.normal(0, 0.02) * y + rng.normal(0, 0.02) * x
    points = np.column_stack([x, y * long, z])
    for _ in range(WAVES):
        direction = rng.normal(size=3) * 2 * np.pi / rng.uniform(*WAVE_MM)
        points = points + rng.normal(0, WAVE_HEIGHT_MM, 3) * np.sin(points @ direction + rng.uniform(0, 7))[:, None]
    return replace(posed, points=points)


def kept(posed: Posed, keep: Reals) -> Posed:
    return replace(posed, points=posed.points[keep], normals=posed.normals[keep])


def added(posed: Posed, points: Reals, normals: Reals) -> Posed:
    return replace(posed, points=np.vstack([posed.points, points]), normals=np.vstack([posed.normals, normals]))


def wavy(along: Reals, rng: Random, height: float) -> Reals:
    """A cut by hand is no straight line."""
    lengths = rng.uniform(4, 18, 3)
    waves: Reals = sum(np.sin(along / length * 2 * np.pi / 2 + rng.uniform(0, 7)) for length in lengths)
    return waves * height / 3


def without_inside(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """No palate, no floor of the mouth: a scan of the teeth and some gum."""
    return kept(posed, -ridge.outward < rng.uniform(5.5, 12) + wavy(ridge.along, rng, 1.5))


def tightly_trimmed(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Little more than the crowns."""
    wave = wavy(ridge.along, rng, 1.0)
    deep = posed.points[:, 2] > -rng.uniform(4.5, 9) + wave
    return kept(posed, deep & (np.abs(ridge.outward + 1.0) < rng.uniform(5.5, 9) + wave))


def part_of_arch(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """From one half with the front teeth up to nearly all; seldom the front alone."""
    low, high = np.quantile(ridge.along, [0.02, 0.98])
    length = high - low
    share = rng.uniform(0.5, 0.95) if rng.random() < 0.8 else rng.uniform(0.36, 0.6)
    kind = rng.random()
    start = low if kind < 0.35 else high - share * length if kind < 0.7 else rng.uniform(low, high - share * length)
    wave = wavy(ridge.outward, rng, 1.0)
    return kept(posed, (ridge.along > start + wave) & (ridge.along < start + share * length + wave))


def missing_teeth(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Gaps: the ridge goes down to the gum, seldom with something standing in it (scan body, implant)."""
    points = posed.points.copy()
    for _ in range(int(rng.choice([1, 1, 2, 2, 3, 4]))):
        middle, half = rng.uniform(-48, 48), rng.uniform(3, 7)
        within = np.clip((half - np.abs(ridge.along - middle)) / 1.5, 0, 1)
        bottom = -rng.uniform(5.5, 9) - 0.05 * ridge.outward**2
        points[:, 2] += within * np.minimum(bottom - points[:, 2], 0)
        if rng.random() < 0.15:
            post = (np.hypot(ridge.along - middle, ridge.outward) < rng.uniform(1.5, 2.6)) & (within > 0)
            points[post, 2] = rng.uniform(-3, 3)
    return replace(posed, points=points)


def worn(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Attachments, brackets, saliva: small hills and dents."""
    points = posed.points.copy()
    for _ in range(int(rng.integers(3, 18))):
        centre = points[rng.integers(len(points))]
        near = np.exp(-(((points - centre) ** 2).sum(axis=1)) / rng.uniform(0.8, 2.0) ** 2)
        points += (near * rng.uniform(-0.6, 1.2))[:, None] * posed.normals
    return replace(posed, points=points)


def ground(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Crown preparations: teeth made narrower and shorter."""
    points = posed.points.copy()
    for _ in range(int(rng.integers(1, 5))):
        middle, half = rng.uniform(-45, 45), rng.uniform(3.5, 5.5)
        within = np.clip((half - np.abs(ridge.along - middle)) / 1.0, 0, 1) * (points[:, 2] > -5)
        points[:, 2] -= within * rng.uniform(0.5, 2.2)
    return replace(posed, points=points)


def noisy(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    amount = rng.choice([0.03, 0.08, 0.15, 0.25])
    moved = posed.points + posed.normals * rng.normal(0, amount, len(posed.points))[:, None]
    return replace(posed, points=moved)


def smoothed(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """A coarse or smoothed export: heights of a blurred map."""
    sigma, points = rng.uniform(0.5, 1.4) / GRID_MM, posed.points.copy()
    grid, row, column = _grid(points)
    full = ~np.isnan(grid)
    blurred = ndimage.gaussian_filter(np.where(full, grid, 0), sigma) / np.maximum(
        ndimage.gaussian_filter(full.astype(float), sigma), 1e-3
    )
    top = points[:, 2] > grid[row, column] - 1.5
    points[top, 2] += (blurred - grid)[row, column][top]
    return replace(posed, points=points)


def coarse(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Fewer triangles: points gather in cells."""
    cell = rng.uniform(0.7, 1.5)
    keys = np.floor(posed.points / cell).astype(int)
    _, index = np.unique(keys, axis=0, return_inverse=True)
    index = index.reshape(-1)
    count = np.bincount(index)
    means = np.stack([np.bincount(index, posed.points[:, axis]) / count for axis in range(3)], axis=1)
    blend = rng.uniform(0.5, 1)
    return replace(posed, points=posed.points * (1 - blend) + blend * means[index])


def with_gum(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """More gum towards the cheek, up into the vestibule, or towards the tongue: the rim goes on outward and down."""
    grid, nearest, distance = _around(posed.points)
    width = rng.uniform(2, 9)
    slope, sag = rng.uniform(-1.2, 0.35), rng.normal(0, 0.02)
    row, column = np.nonzero((distance > 0) & (distance < width))
    source = nearest[0][row, column], nearest[1][row, column]
    z = grid[source] + slope * distance[row, column] + sag * distance[row, column] ** 2
    return _more(posed, ridge, row, column, z + ndimage.gaussian_filter(rng.normal(0, 3, grid.shape), 4)[row, column])


def filled_inside(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """A plaster floor, a tongue or a plate in the middle of the horseshoe, flat or vaulted, within the cut or not."""
    grid, _, distance = _around(posed.points)
    hull = ndimage.binary_closing(np.pad(~np.isnan(grid), 40), iterations=38)[40:-40, 40:-40]
    if rng.random() < 0.5:
        hull = _convex(~np.isnan(grid))
    row, column = np.nonzero((distance > 0) & hull)
    if not len(row):
        return posed
    level = -rng.uniform(3.5, 16) if rng.random() < 0.7 else -rng.uniform(8, 25)
    vault = rng.choice([0.0, 0.0, rng.uniform(-0.4, 0.4)])
    z = level + vault * np.minimum(distance[row, column], 14)
    tilt = rng.normal(0, 0.06)
    z = z + tilt * (row - row.mean()) * GRID_MM
    texture = ndimage.gaussian_filter(rng.normal(0, 1, grid.shape), rng.uniform(2, 8))
    texture *= rng.uniform(0, 1.0) / max(float(texture.std()), 1e-6)
    return _more(posed, ridge, row, column, z + texture[row, column])


def on_base(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """A closed model: walls down from the rim and a flat bottom, as a horseshoe or as a full plate."""
    points = posed.points
    grid, _, distance = _around(points)
    full = distance == 0
    if rng.random() < 0.6:
        full = (
            _convex(full) if rng.random() < 0.5 else ndimage.binary_dilation(full, iterations=int(rng.integers(1, 6)))
        )
    bottom = float(np.quantile(points[:, 2], 0.03)) - rng.uniform(2, 22)
    row, column = np.nonzero(full)
    corner = points[:, :2].min(axis=0) - 20
    flat = np.column_stack([column, row]) * GRID_MM + corner
    floor = np.column_stack([flat + rng.uniform(0, GRID_MM, flat.shape), np.full(len(flat), bottom)])
    edge = full & ~ndimage.binary_erosion(full)
    row, column = np.nonzero(edge)
    nearest = ndimage.distance_transform_edt(np.isnan(grid), return_distances=False, return_indices=True)
    top = grid[nearest[0][row, column], nearest[1][row, column]]
    count = np.maximum(((top - bottom) / GRID_MM).astype(int), 1)
    wall = np.repeat(np.column_stack([column, row]) * GRID_MM + corner, count, axis=0)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    wall_points = np.column_stack([wall, bottom + step * GRID_MM])
    out = wall - np.median(flat, axis=0)
    out = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
    parts = np.vstack([floor, wall_points])
    normals = np.vstack([np.tile([0.0, 0.0, -1.0], (len(floor), 1)), np.column_stack([out, np.zeros(len(wall))])])
    if full.sum() > (distance == 0).sum() * 1.02:
        return _plate(added(posed, parts, normals), ridge, full & (distance > 0), grid, corner, rng)
    return added(posed, parts, normals)


def _plate(posed: Posed, ridge: Ridge, where: Reals, grid: Reals, corner: Reals, rng: Random) -> Posed:
    """The upper side of a base where it reaches beyond the scan."""
    row, column = np.nonzero(where)
    low = float(np.nanquantile(grid, 0.05))
    level = rng.uniform(low - 6, low + 2)
    flat = np.column_stack([column, row]) * GRID_MM + corner
    points = np.column_stack([flat + rng.uniform(0, GRID_MM, flat.shape), np.full(len(flat), level)])
    return added(posed, points, np.tile([0.0, 0.0, 1.0], (len(points), 1)))


def strays(posed: Posed, ridge: Ridge, rng: Random) -> Posed:
    """Cheek, lip, tongue or finger caught by the camera, loose or hanging on."""
    result = posed
    for _ in range(int(rng.integers(1, 4))):
        start = posed.points[rng.integers(len(posed.points))] + [*rng.normal(0, 6, 2), -rng.uniform(0, 12)]
        size = rng.uniform(2, 9)
        patch = rng.uniform(-size, size, (int(size * size * 6), 2))
        bend = rng.normal(0, 0.05, 3)
        sheet = np.column_stack([patch, bend[0] * patch[:, 0] ** 2 + bend[1] * patch[:, 1] ** 2])
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        result = added(result, sheet @ turn + start, np.tile(turn[2], (len(sheet), 1)))
    return result


STEPS: tuple[tuple[Step, float], ...] = (
    (missing_teeth, 0.22),
    (ground, 0.12),
    (worn, 0.2),
    (smoothed, 0.2),
    (without_inside, 0.4),
    (tightly_trimmed, 0.22),
    (with_gum, 0.3),
    (filled_inside, 0.25),
    (part_of_arch, 0.28),
    (on_base, 0.25),
    (strays, 0.12),
    (coarse, 0.25),
    (noisy, 0.3),
)


def _grid(points: Reals) -> tuple[Reals, Reals, Reals]:
    """Heights over a grid with room around, NaN where nothing is, and each point's row and column."""
    corner = points[:, :2].min(axis=0) - 20
    column, row = np.floor((points[:, :2] - corner) / GRID_MM).astype(int).T
    grid = np.full((int(row.max()) + 42, int(column.max()) + 42), -np.inf)
    np.maximum.at(grid, (row, column), points[:, 2])
    return np.where(np.isinf(grid), np.nan, grid), row, column


def _around(points: Reals) -> tuple[Reals, Reals, Reals]:
    """The grid without pinholes, and for each place the nearest full one and its distance, mm."""
    grid = _grid(points)[0]
    full = ndimage.binary_closing(~np.isnan(grid), iterations=2)
    nearest = ndimage.distance_transform_edt(np.isnan(grid), return_distances=False, return_indices=True)
    grid = np.where(full, grid[nearest[0], nearest[1]], np.nan)
    distance, nearest = ndimage.distance_transform_edt(~full, return_indices=True)
    return grid, nearest, distance * GRID_MM


def _convex(full: Reals) -> Reals:
    """Row by row and column by column filled up: nearly the convex hull."""
    filled: Reals = full.copy()
    for axis in (0, 1):
        ahead = np.logical_or.accumulate(filled, axis=axis)
        behind = np.flip(np.logical_or.accumulate(np.flip(filled, axis=axis), axis=axis), axis=axis)
        filled = filled | (ahead & behind)
    return filled


def _more(posed: Posed, ridge: Ridge, row: Reals, column: Reals, z: Reals) -> Posed:
    corner = posed.points[:, :2].min(axis=0) - 20
    flat = (np.column_stack([column, row]) + 0.5) * GRID_MM + corner
    points = np.column_stack([flat, z])
    return added(posed, points, np.tile([0.0, 0.0, 1.0], (len(points), 1)))
