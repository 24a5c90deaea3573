"""Bite scans made of two arches: articulated, and cut to the strip that a camera in the cheek sees."""

import numpy as np

from scans.training.posed import Posed, Reals, beside, curve_of
from scans.training.variations import wavy

CELL_MM = 0.6
Random = np.random.Generator


def articulated(upper: Posed, lower: Posed, rng: Random) -> tuple[Reals, Reals]:
    """Points and normals of both, the lower one as it lies, the upper one turned over it, its front ahead."""
    over = np.array([-1.0, 1.0, -1.0])
    fronts = [np.quantile(each.points[each.points[:, 2] > -4, 1], 0.99) for each in (upper, lower)]
    shift = np.array([rng.normal(0, 1), fronts[1] - fronts[0] + rng.normal(2, 1.2), rng.normal(-0.3, 0.7)])
    points = np.vstack([upper.points * over + shift, lower.points])
    return points, np.vstack([upper.normals * over, lower.normals])


def bite(upper: Posed, lower: Posed, rng: Random) -> Posed | None:
    """One strip of both rows; z towards the viewer, x along the strip."""
    curve = curve_of(upper)
    if curve is None:
        return None
    points, normals = articulated(upper, lower, rng)
    is_upper = np.arange(len(points)) < len(upper.points)
    shifted = curve * [-1, 1]
    ridge = beside(points, shifted[::-1])
    outward, along = ridge.outward, ridge.along
    length = rng.uniform(20, 52)
    start = rng.uniform(-56, 56 - length) if rng.random() < 0.85 else -length / 2 + rng.normal(0, 5)
    wave = wavy(points[:, 2], rng, 2.0)
    keep = (along > start + wave) & (along < start + length + wave)
    high, low = rng.uniform(5, 11, 2)
    edge = wavy(along, rng, 1.5)
    keep &= (points[:, 2] < high + edge) & (points[:, 2] > -low + edge)
    return _seen(points, normals, keep & (np.abs(outward) < 14), (along, outward, is_upper), rng, upper)


def _seen(
    points: Reals, normals: Reals, keep: Reals, place: tuple[Reals, Reals, Reals], rng: Random, upper: Posed
) -> Posed | None:
    along, outward, is_upper = (each[keep] for each in place)
    points, normals = points[keep], normals[keep]
    if len(points) < 900:
        return None
    column = np.floor((along - along.min()) / CELL_MM).astype(int)
    row = np.floor((points[:, 2] - points[:, 2].min()) / CELL_MM).astype(int)
    key = column * (row.max() + 1) + row
    outer = np.full(key.max() + 1, -np.inf)
    np.maximum.at(outer, key, outward)
    depth = rng.uniform(0.8, 2.5) if rng.random() < 0.7 else rng.uniform(3, 7)
    seen = outward > outer[key] - depth
    seen &= _partial(along, is_upper, rng)
    points, normals, outward = points[seen], normals[seen], outward[seen]
    if len(points) < 700:
        return None
    return _posed(points, normals, upper)


def _partial(along: Reals, is_upper: Reals, rng: Random) -> Reals:
    """One row may be shorter than the other, and holes occur."""
    keep = np.ones(len(along), bool)
    if rng.random() < 0.3:
        row = is_upper == (rng.random() < 0.5)
        keep &= ~(row & (along < along.min() + rng.uniform(2, 10)))
    if rng.random() < 0.3:
        row = is_upper == (rng.random() < 0.5)
        keep &= ~(row & (along > along.max() - rng.uniform(2, 10)))
    return keep


def _posed(points: Reals, normals: Reals, upper: Posed) -> Posed | None:
    flat = points[:, :2] - points[:, :2].mean(axis=0)
    right = np.array([*np.linalg.eigh(flat.T @ flat)[1][:, 1], 0.0])
    towards = np.array([-right[1], right[0], 0.0])
    if towards @ normals.mean(axis=0) < 0:
        towards = -towards
    axes = np.stack([np.cross([0.0, 0.0, 1.0], towards), [0.0, 0.0, 1.0], towards])
    points = (points - points.mean(axis=0)) @ axes.T
    return Posed(points, normals @ axes.T, "bite", upper.group, upper.patient)


def varied_bite(upper: Posed, lower: Posed, rng: Random) -> Posed | None:
    made = bite(upper, lower, rng)
    if made is None:
        return None
    scale = rng.uniform(0.85, 1.12) * rng.uniform(0.94, 1.06, 3)
    sign = np.array([rng.choice([-1.0, 1.0]), 1.0, 1.0])
    noise = rng.choice([0.0, 0.03, 0.1, 0.2]) * rng.normal(size=(len(made.points), 1)) * made.normals
    return Posed((made.points + noise) * scale * sign, made.normals * sign, made.label, made.group, made.patient)
