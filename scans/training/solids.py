"""Things that are neither arch nor bite, made up: bodies of revolution, bars, rings, gears, sheets, animal jaws."""

from collections.abc import Callable

import numpy as np

from scans.training.posed import Posed, Reals

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
    return Posed(points[chosen], normals[chosen], "other", "solid")


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


def lathe(rng: Random, count: int = 24_000) -> Part:
    """A body of revolution with steps and a thread, its side cut flat or not: scan bodies, implants, screws, cups."""
    steps = int(rng.integers(2, 7))
    height, angle = rng.uniform(0, 1, count), rng.uniform(0, 2 * np.pi, count)
    radii, tilts = rng.uniform(0.1, 0.5, steps), rng.uniform(-0.15, 0.15, steps)
    step = np.minimum((height * steps).astype(int), steps - 1)
    radius = radii[step] + tilts[step] * (height * steps - step)
    radius = radius + rng.choice([0.0, rng.uniform(0.005, 0.03)]) * np.sin(height * rng.uniform(40, 120) + angle)
    lid = rng.random(count) < 0.25
    reach = np.where(lid, rng.uniform(rng.choice([0.0, 0.4]), 1, count), 1.0)
    height = np.where(lid, np.round(height * steps) / steps, height)
    points = np.column_stack([reach * radius * np.cos(angle), reach * radius * np.sin(angle), height])
    normals = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(count)])
    normals[lid] = [0.0, 0.0, 1.0]
    if rng.random() < 0.4:
        points[:, 0] = np.minimum(points[:, 0], rng.uniform(0.1, 0.3))
    return points, normals


def animal_jaw(rng: Random) -> Part:
    """Long narrow rows of cones with canines and gaps, on bone: dogs, cats, pigs, sheep, apes."""
    number = int(rng.integers(5, 12))
    t = (np.linspace(0.03, 1, number) + rng.normal(0, 0.01, number)).clip(0)
    half = rng.uniform(0.06, 0.25) + rng.uniform(0.05, 0.25) * t ** rng.uniform(0.6, 2.5)
    canine, gap = int(rng.integers(0, 3)), rng.uniform(0, 0.25) * (rng.random() < 0.6)
    t = np.where(np.arange(number) > canine, gap + t * (1 - gap), t)
    heights = rng.uniform(0.04, 0.12) * rng.uniform(0.6, 1.5, number)
    heights[canine] *= rng.uniform(1, 3.5)
    wide, power = rng.uniform(0.6, 1.3) * 0.9 / number, rng.uniform(0.5, 3)
    parts = []
    for sign in (-1.0, 1.0):
        for x, y, high in zip(sign * half, -t, heights, strict=True):
            parts.append(_cone(rng, np.array([x, y, 0.0]), (wide * rng.uniform(0.4, 1), wide / 2, high), power))
        parts.append(_bone(rng, np.column_stack([sign * half, -t])))
    for x in np.linspace(-half[0], half[0], int(rng.integers(2, 8))):
        parts.append(_cone(rng, np.array([x, rng.uniform(0, 0.05), 0.0]), (wide / 3, wide / 4, heights.mean()), power))
    if rng.random() < 0.5:
        parts.append(_roof(rng, half, t))
    return np.vstack([part[0] for part in parts]), np.vstack([part[1] for part in parts])


def _cone(rng: Random, foot: Reals, size: tuple[float, float, float], power: float, count: int = 600) -> Part:
    angle, up = rng.uniform(0, 2 * np.pi, count), rng.uniform(0, 1, count)
    round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.column_stack([round_ * (1 - up**power)[:, None], up]) * size + foot
    normals = np.column_stack([round_, np.full(count, 0.5)])
    return points, normals / np.linalg.norm(normals, axis=1, keepdims=True)


def _bone(rng: Random, row: Reals, count: int = 5_000) -> Part:
    """A body of oval section below a row of teeth."""
    at, angle = rng.uniform(0, len(row) - 1, count), rng.uniform(0, 2 * np.pi, count)
    middle = np.column_stack([np.interp(at, np.arange(len(row)), row[:, axis]) for axis in (0, 1)])
    thick, deep = rng.uniform(0.03, 0.1), rng.uniform(0.05, 0.3)
    x, z = middle[:, 0] + thick * np.cos(angle), deep * (np.sin(angle) - 1)
    normals = np.column_stack([np.cos(angle), np.zeros(count), np.sin(angle)])
    return np.column_stack([x, middle[:, 1], z]), normals


def _roof(rng: Random, half: Reals, t: Reals, count: int = 5_000) -> Part:
    """A palate or a floor between the rows."""
    y, across = rng.uniform(0, 1, count), rng.uniform(-1, 1, count)
    depth = rng.uniform(0.02, 0.25) * (1 - rng.uniform(0, 1) * across**2)
    points = np.column_stack([across * np.interp(y, t, half), -y, -depth])
    return points, np.tile([0.0, 0.0, 1.0], (count, 1))


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
    lathe,
    lathe,
    animal_jaw,
    animal_jaw,
    animal_jaw,
)
