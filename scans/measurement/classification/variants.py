"""What geometry answers to made-up people, to changed arches and to things made of arches: by the steps of training, on
scans that it may not have seen."""

import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import numpy as np

from scans.classification.by_geometry import shape_of
from scans.classification.geometry.look import look_at
from scans.classification.geometry.network import WEIGHTS
from scans.measurement.classification.answers import Answer, Labelled, name_of
from scans.training.dataset import MADE, made_arches, made_bites
from scans.training.parts import THINGS, thing
from scans.training.posed import Posed, inverted, labelled, random_turn, ridge_of, turned
from scans.training.variations import (
    Step,
    filled_inside,
    missing_teeth,
    on_base,
    part_of_arch,
    tightly_trimmed,
    with_gum,
    without_inside,
)

CHANGES: Mapping[str, tuple[Step, ...]] = {
    "no palate, no tongue space": (without_inside,),
    "inside filled": (filled_inside,),
    "closed base": (on_base,),
    "more gum": (with_gum,),
    "tightly trimmed": (tightly_trimmed,),
    "gaps": (missing_teeth,),
    "part": (part_of_arch,),
    "part, tightly trimmed": (part_of_arch, tightly_trimmed),
}
FIRST_UNSEEN = 1_000
"""Seed of the first made-up person who is measured; those of training count from zero."""

Random = np.random.Generator


def variant_answers(folder: Path, groups: Collection[str] = (), weights: Path = WEIGHTS) -> Iterator[Answer]:
    """Of each labelled arch every change and every thing once, turned at random, every other one inside out.

    The change or the thing stands as the answer's group.
    """
    for number, posed in enumerate(labelled(folder, groups)):
        if posed.label == "other":
            continue
        rng = np.random.default_rng([number, 11])
        for name, made in _variants(posed, rng):
            scan = Labelled(f"{posed.patient} {posed.label}, {name}", made.label, name)
            yield _answer(scan, inverted(made) if rng.random() < 0.5 else made, "random pose", rng, weights)


def made_answers(people: int, weights: Path = WEIGHTS) -> Iterator[Answer]:
    """Both arches and both bites of made-up people whom training never draws, turned, and inside out."""
    rng = np.random.default_rng(FIRST_UNSEEN)
    for posed in (*made_arches(people, FIRST_UNSEEN), *made_bites(people, FIRST_UNSEEN)):
        scan = Labelled(f"{posed.patient} {posed.label}", posed.label, MADE)
        yield _answer(scan, posed, "random pose", rng, weights)
        yield _answer(scan, inverted(posed), "random pose, inverted", rng, weights)


def _answer(scan: Labelled, posed: Posed, pose: str, rng: Random, weights: Path) -> Answer:
    cloud = turned(posed, random_turn(rng)).cloud()
    start = time.perf_counter()
    shape = shape_of(look_at(cloud, weights))
    return Answer(scan, name_of(shape), shape.vote.confidence, time.perf_counter() - start, pose)


def _variants(posed: Posed, rng: Random) -> Iterator[tuple[str, Posed]]:
    for name, steps in CHANGES.items():
        made = _changed(posed, steps, rng)
        if made is not None:
            yield name, made
    for name in THINGS:
        made = thing(name, posed, rng)
        if made is not None:
            yield name, made


def _changed(posed: Posed, steps: tuple[Step, ...], rng: Random) -> Posed | None:
    for step in steps:
        ridge = ridge_of(posed)
        if ridge is None:
            return None
        posed = step(posed, ridge, rng)
    return posed
