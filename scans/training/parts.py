"""Things made of an arch that are no arch: its teeth one by one, its gum, its base, and jaws of no human proportion."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from scans.training.posed import Posed, ridge_of
from scans.training.variations import kept, on_base, wavy

LEAST_POINTS = 400
Random = np.random.Generator
Thing = Callable[[Posed, Random], Posed | None]


def single_tooth(posed: Posed, rng: Random) -> Posed | None:
    """One tooth or two, cut out, as large as life or as a file in another unit is taken."""
    ridge = ridge_of(posed)
    if ridge is None:
        return None
    middle, half = rng.uniform(-45, 45), rng.uniform(3, 8)
    wave = wavy(ridge.outward, rng, 0.6)
    tooth = kept(posed, np.abs(ridge.along - middle + wave) < half)
    size = rng.choice([1.0, rng.uniform(1, 5)])
    return _other(replace(tooth, points=tooth.points * size))


def gum_alone(posed: Posed, rng: Random) -> Posed | None:
    """The gum alone: everything higher is flattened away."""
    ridge = ridge_of(posed)
    if ridge is None:
        return None
    level = -rng.uniform(6.5, 8) - rng.uniform(0.02, 0.08) * (ridge.outward + 2) ** 2
    points = posed.points.copy()
    points[:, 2] = np.minimum(points[:, 2], level + 0.3 * wavy(ridge.along, rng, 1.0))
    return _other(replace(posed, points=points))


def odd_jaw(posed: Posed, rng: Random) -> Posed | None:
    """No human arch has these proportions; an animal's may."""
    wide, long = (0.3, 0.55), (0.9, 1.4)
    if rng.random() < 0.3:
        wide, long = (1.6, 2.2), (0.8, 1.1)
    scale = [rng.uniform(*wide), rng.uniform(*long), rng.uniform(0.8, 1.5)]
    return _other(replace(posed, points=posed.points * scale))


def floor_alone(posed: Posed, rng: Random) -> Posed | None:
    """The floor only: a scan whose teeth are not there at all."""
    return _other(kept(posed, posed.points[:, 2] < -rng.uniform(6, 9)))


def base_alone(posed: Posed, rng: Random) -> Posed | None:
    """What a model stands on, cut flat below the teeth."""
    ridge = ridge_of(posed)
    if ridge is None:
        return None
    points = posed.points.copy()
    points[:, 2] = np.minimum(points[:, 2], -rng.uniform(7, 13) + rng.normal(0, 0.03) * points[:, 1])
    return _other(on_base(replace(posed, points=points), ridge, rng))


THINGS: Mapping[str, Thing] = {
    "tooth": single_tooth,
    "gum": gum_alone,
    "odd jaw": odd_jaw,
    "floor": floor_alone,
    "base": base_alone,
}


def thing(name: str, posed: Posed, rng: Random) -> Posed | None:
    made = THINGS[name](posed, rng)
    return made and replace(made, group=name)


def _other(posed: Posed) -> Posed | None:
    return replace(posed, label="other") if len(posed.points) > LEAST_POINTS else None
