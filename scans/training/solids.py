"""Things that are neither arch nor bite, made up: bodies of revolution, bars, rings, gears, sheets, blobs, odd jaws."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scans.training.posed import Posed, Reals, ridge_of
from scans.training.variations import kept, warped, wavy

Random = np.random.Generator
Part = tuple[Reals, Reals]
DENSITY = 4.0


def other(rng: Random) -> Posed:
    """One made-up thing between 15 and 110 mm."""
    points, normals = MAKERS[int(rng.integers(len(MAKERS)))](rng)
    longest = float(np.linalg.norm(np.ptp(points, axis=0)))
    points = points * (rng.uniform(22, 110) / longest)
    count = int(min(len(points), 45_000))
    chosen = rng.permutation(len(points))[:count]
    return Posed(points[chosen], normals[chosen], "other", "made")


def superellipsoid(rng: Random, size: Reals, count: int = 12_000) -> Part:
    """Ball, egg, box, rod or disc, by the exponents."""
    power = rng.choice([0.1, 0.3, 1.0, 1.0, 2.0], 2)
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    bent = np.sign(directions) * np.abs(directions) ** power[[0, 0, 1]]
    scale = np.abs(bent).max(axis=1, keepdims=True) if power.max() < 0.5 else np.ones((count, 1))
    return bent / scale * size, directions


def tube(rng: Random, turn: float, bumps: float, count: int = 24_000) -> Part:
    """A ring or horseshoe of any section, smooth or with bumps that are no teeth."""
    angle, around = rng.uniform(-turn / 2, turn / 2, count) + np.pi / 2, rng.uniform(0, 2 * np.pi, count)
    radius, long = 1.0, rng.uniform(0.7, 1.4)
    thick = rng.uniform(0.05, 0.35, 2)
    square = rng.choice([1.0, 0.3])
    section = np.stack([np.cos(around), np.sin(around)], axis=1)
    section = np.sign(section) * np.abs(section) ** square
    wave = 1 + bumps * np.sin(angle * rng.integers(3, 40) + rng.uniform(0, 7))
    if rng.random() < 0.5:
        section[:, 1] = np.maximum(section[:, 1], -rng.uniform(0.1, 1))
    out = radius + thick[0] * section[:, 0]
    points = np.column_stack([out * np.cos(angle), long * out * np.sin(angle), thick[1] * section[:, 1] * wave])
    normals = np.column_stack([section[:, 0] * np.cos(angle), section[:, 0] * np.sin(angle), section[:, 1]])
    return points, normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)


def sheet(rng: Random, count: int = 24_000) -> Part:
    """A plate or a landscape: rows of waves in one direction or hills in both."""
    x, y = rng.uniform(-1, 1, count), rng.uniform(-1, 1, count) * rng.uniform(0.2, 1)
    z = np.zeros(count)
    for _ in range(int(rng.integers(0, 9))):
        direction = rng.normal(size=2) * rng.uniform(1, 12)
        z += rng.uniform(0.005, 0.1) * np.sin(x * direction[0] + y * direction[1] + rng.uniform(0, 7))
    if rng.random() < 0.4:
        z += rng.uniform(-0.4, 0.4) * x**2
    return np.column_stack([x, y, z]), np.tile([0.0, 0.0, 1.0], (count, 1))


def heap(rng: Random) -> Part:
    """Several bodies in one: fingers, limbs, machine parts, a heap or a row of teeth-like lumps."""
    parts, count = [], int(rng.integers(2, 15))
    row = rng.random()
    for number in range(count):
        points, normals = superellipsoid(
            rng, rng.uniform(0.08, 0.5, 3) if row < 0.6 else rng.uniform(0.1, 0.2, 3), 4000
        )
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0] if row < 0.6 else np.eye(3)
        place = rng.normal(0, 0.5, 3) * [1, 1, 0.3]
        if row >= 0.6:
            angle = np.pi * (number + 0.5) / count * rng.uniform(0.98, 1.02)
            place = np.array([np.cos(angle), rng.choice([0.0, 1.0, 1.2]) * np.sin(angle), 0.0])
        parts.append((points @ turn + place, normals @ turn))
    return np.vstack([part[0] for part in parts]), np.vstack([part[1] for part in parts])


def gear(rng: Random, count: int = 24_000) -> Part:
    angle, height = rng.uniform(0, 2 * np.pi, count), rng.uniform(-1, 1, count)
    cogs = np.tanh(rng.uniform(2, 8) * np.sin(angle * rng.integers(6, 40)))
    radius = 1 + rng.uniform(0.02, 0.2) * cogs
    rim = rng.random(count) < 0.5
    radius = np.where(rim, radius, radius * np.sqrt(rng.uniform(rng.choice([0.0, 0.2, 0.6]), 1, count)))
    thick = rng.uniform(0.05, 0.6)
    z = thick * np.where(rim, height, np.sign(height))
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), z])
    normals = np.where(rim[:, None], points * [1, 1, 0], np.column_stack([0 * z, 0 * z, np.sign(height)]))
    return points, normals / np.linalg.norm(normals, axis=1, keepdims=True)


def blob(rng: Random) -> Part:
    """A ball with dents and hills: heads, animals, stones."""
    points, normals = superellipsoid(rng, np.ones(3), 24_000)
    for _ in range(int(rng.integers(2, 14))):
        direction = rng.normal(size=3) * rng.uniform(1, 6)
        points = points + normals * (rng.uniform(0.01, 0.15) * np.sin(points @ direction + rng.uniform(0, 7)))[:, None]
    return points * rng.uniform(0.4, 1, 3), normals


MAKERS: tuple[Callable[[Random], Part], ...] = (
    lambda rng: superellipsoid(rng, rng.uniform(0.1, 1, 3)),
    lambda rng: tube(rng, 2 * np.pi, 0.0),
    lambda rng: tube(rng, rng.uniform(2, 5), 0.0),
    lambda rng: tube(rng, rng.uniform(2, 5), rng.uniform(0.05, 0.6)),
    sheet,
    heap,
    heap,
    gear,
    blob,
)


def single_tooth(posed: Posed, rng: Random) -> Posed | None:
    """One tooth or two, cut out."""
    ridge = ridge_of(posed)
    if ridge is None:
        return None
    middle, half = rng.uniform(-45, 45), rng.uniform(3, 8)
    wave = wavy(ridge.outward, rng, 0.6)
    return _named(kept(posed, np.abs(ridge.along - middle + wave) < half))


def without_teeth(posed: Posed, rng: Random) -> Posed | None:
    """The gum alone: everything higher is flattened away."""
    ridge = ridge_of(posed)
    if ridge is None:
        return None
    level = -rng.uniform(6.5, 8) - rng.uniform(0.02, 0.08) * (ridge.outward + 2) ** 2
    points = posed.points.copy()
    points[:, 2] = np.minimum(points[:, 2], level + 0.3 * wavy(ridge.along, rng, 1.0))
    return _named(replace(posed, points=points))


def odd_jaw(posed: Posed, rng: Random) -> Posed | None:
    """No human arch has these proportions; an animal's may."""
    thin = rng.uniform(0.3, 0.55) if rng.random() < 0.7 else rng.uniform(1.6, 2.2)
    points = warped(posed, rng).points * [thin, rng.uniform(0.9, 1.4), rng.uniform(0.8, 1.5)]
    return _named(replace(posed, points=points))


def deep_cut(posed: Posed, rng: Random) -> Posed | None:
    """The floor only: a scan whose teeth are not there at all."""
    return _named(kept(posed, posed.points[:, 2] < -rng.uniform(6, 9)))


FROM_ARCHES = (single_tooth, single_tooth, without_teeth, odd_jaw, deep_cut)


def _named(posed: Posed) -> Posed | None:
    return replace(posed, label="other", group=f"{posed.group}-parts") if len(posed.points) > 400 else None
