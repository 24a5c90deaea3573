"""One made-up person's mouth: how wide, how crowded, and where every tooth stands.

Frame of a jaw ("crown up"): millimetres, x to the patient's right, y to the front, z towards the biting edge.
The lower jaw lies so in the world; the upper one is mirrored in z at the end.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from scans.classification.verdict import Arch
from scans.synthetic import tooth_forms
from scans.synthetic.arrays import Floats
from scans.synthetic.tooth_forms import ToothForm

# Torque and edges were set so that the curves of Spee and Wilson come out as on public arches.
UPPER_EDGE_MM = (1.3, 0.7, 1.2, 0.6, 0.4, 0.2, 0.0)
LOWER_EDGE_MM = (0.8, 0.8, 1.05, 0.25, 0.2, 0.4, 0.4)
"""How far edge or buccal cusp of teeth 1-7 reach past the occlusal plane: front teeth overbite by about 2 mm."""

BEHIND_LAST_MM = 16.0
"""The curve goes on straight behind the last molar: gum has to lie somewhere."""


@dataclass(frozen=True, slots=True)
class Variation:
    """What tells two people apart."""

    size: float
    half_width: float
    squareness: float
    spee: float
    crowding: float
    scallop: float
    vault: float
    overjet: float
    shade: float


@lru_cache(maxsize=32)
def variation(seed: int) -> Variation:
    rng = np.random.default_rng([seed, 11])
    return Variation(
        size=float(np.clip(rng.normal(1.0, 0.03), 0.94, 1.06)),
        half_width=float(np.clip(rng.normal(28.8, 0.9), 27.0, 30.6)),
        squareness=float(rng.uniform(2.0, 2.2)),
        spee=float(rng.uniform(0.8, 1.9)),
        crowding=float(rng.uniform(0.3, 1.0)),
        scallop=float(rng.uniform(0.42, 0.5)),
        vault=float(rng.uniform(11.0, 15.0)),
        overjet=float(rng.uniform(2.6, 3.2)),
        shade=float(rng.uniform(-1, 1)),
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """The line through incisal edges and buccal cusps, from patient's left (s < 0) to right, s in millimetres."""

    s: Floats
    points: Floats
    tangents: Floats
    half_length: float

    def at(self, s: float) -> tuple[Floats, Floats]:
        """Point and unit tangent (towards +s) at s."""
        point = np.array([np.interp(s, self.s, self.points[:, axis]) for axis in (0, 1)])
        tangent = np.array([np.interp(s, self.s, self.tangents[:, axis]) for axis in (0, 1)])
        return point, tangent / np.hypot(*tangent)


@dataclass(frozen=True, slots=True, eq=False)
class Tooth:
    """One tooth in place. axes: rows are its own a, b, c in the jaw's frame; pivot: where (0, pivot_b, crown) lies."""

    fdi: int
    form: ToothForm
    s: float
    pivot: Floats
    axes: Floats
    pivot_b: float
    present: bool = True

    def to_own(self, points: Floats) -> Floats:
        own: Floats = (points - self.pivot) @ self.axes.T + np.array([0.0, self.pivot_b, self.form.crown])
        return own

    def to_jaw(self, a: float, b: float, c: float) -> Floats:
        placed: Floats = np.array([a, b - self.pivot_b, c - self.form.crown]) @ self.axes + self.pivot
        return placed


@dataclass(frozen=True, slots=True, eq=False)
class Jaw:
    """The teeth of one jaw from the patient's left last molar to the right one, on their curve."""

    arch: Arch
    seed: int
    person: Variation
    curve: Curve
    teeth: tuple[Tooth, ...]


def jaw_of(arch: Arch, seed: int, missing: frozenset[int] = frozenset()) -> Jaw:
    """The same seed is the same person, whichever teeth are missing."""
    person = variation(seed)
    upper = arch is Arch.UPPER
    rng = np.random.default_rng([seed, 21 if upper else 22])
    forms = [_personal(form, person, rng) for form in (tooth_forms.UPPER if upper else tooth_forms.LOWER)]
    curve = _curve(person, upper, sum(form.width for form in forms))
    teeth = []
    for side in (-1, 1):
        s = 0.0
        for number, form in enumerate(forms):
            s += form.width / 2
            tooth = _place(curve, form, side * s, number, upper, rng)
            fdi = (10 if side > 0 else 20) + number + 1 if upper else (40 if side > 0 else 30) + number + 1
            sag = _spee(curve, person, tooth.pivot[1]) * (-1 if upper else 1)
            pivot = tooth.pivot + np.array([0.0, 0.0, sag])
            teeth.append(replace(tooth, fdi=fdi, pivot=pivot, present=fdi not in missing))
            s += form.width / 2
    return Jaw(arch, seed, person, curve, tuple(sorted(teeth, key=lambda tooth: tooth.s)))


def _personal(form: ToothForm, person: Variation, rng: np.random.Generator) -> ToothForm:
    """Cusps stay where they are: only diameters and length vary, by a few per cent."""
    width, depth, crown = rng.normal(1.0, 0.012, 3)
    size = person.size
    return replace(
        form,
        width=form.width * size * width,
        cervix_width=form.cervix_width * size * width,
        depth=form.depth * size * depth,
        crown=form.crown * size * (1 + 2 * (crown - 1)),
    )


def _curve(person: Variation, upper: bool, half_length: float) -> Curve:
    """A superellipse whose length to its flank is the sum of the teeth; the lower one lies inside the upper.

    The upper front edge stands `overjet` before the lower one; the world's y = 0 is near the first molars.
    """
    width = person.half_width * person.size - (0.0 if upper else 3.0)
    turn = np.linspace(0, np.radians(84 if upper else 72), 500)
    power = 2 / (person.squareness + (0.0 if upper else 0.05))
    across, ahead = width * np.sin(turn) ** power, np.cos(turn) ** power
    low, high = 20.0, 70.0
    for _ in range(40):
        middle = (low + high) / 2
        length = np.hypot(np.diff(across), np.diff(middle * ahead)).sum()
        low, high = (middle, high) if length < half_length else (low, middle)
    front = 31.0 if upper else 31.0 - person.overjet
    flank = np.stack([across, middle * (ahead - 1) + front], axis=1)
    direction = flank[-1] - flank[-2]
    behind = flank[-1] + np.linspace(0.25, BEHIND_LAST_MM, 60)[:, None] * direction / np.hypot(*direction)
    right = np.vstack([flank, behind])
    points = np.vstack([right[:0:-1] * [-1, 1], right])
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    s = np.linspace(0, steps[-1], 501)
    even = np.stack([np.interp(s, steps, points[:, axis]) for axis in (0, 1)], axis=1)
    tangents = np.gradient(even, s, axis=0)
    tangents /= np.hypot(tangents[:, 0], tangents[:, 1])[:, None]
    return Curve(s - steps[-1] / 2, even, tangents, half_length)


def _place(curve: Curve, form: ToothForm, s: float, number: int, upper: bool, rng: np.random.Generator) -> Tooth:
    point, tangent = curve.at(s)
    side = 1.0 if s > 0 else -1.0
    outward = np.array([-tangent[1], tangent[0]])
    loose = 1.0 if number < 3 else 0.45
    turn = rng.normal(0, 3.5 * loose * (1.0 if upper else 1.6))
    inset = rng.normal(0, 0.18 * loose * (1.0 if upper else 1.5))
    torque, tip = form.torque + rng.normal(0, 1.5), form.tip + rng.normal(0, 1.2)
    edge = (UPPER_EDGE_MM if upper else LOWER_EDGE_MM)[number] + rng.normal(0, 0.12)
    base = np.array([[*(tangent * side), 0.0], [*outward, 0.0], [0.0, 0.0, 1.0]])
    if upper and number == 1:
        inset -= 0.5
    pivot = np.array([*(point + inset * outward), edge])
    return Tooth(0, form, s, pivot, _lean(turn, torque, tip) @ base, form.cusps[0].b)


def _spee(curve: Curve, person: Variation, y: float) -> float:
    """Height of the curve of Spee: a hollow of the lower tooth tops, `spee` deep over 40 mm; the upper ones follow it.

    Public arches: 1.6 mm in the median for lowers, 1.0 for uppers.
    """
    behind = (float(curve.points[:, 1].max()) - y) / 20.0
    return -person.spee * (1 - (behind - 1) ** 2)


def _lean(turn: float, torque: float, tip: float) -> Floats:
    """Rows: the tooth's a, b, c in (distal, outward, up). torque leans the crown outward, tip towards mesial."""
    turn, torque, tip = np.radians([turn, torque, tip])
    about_c = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    about_a = np.array([[1, 0, 0], [0, np.cos(torque), -np.sin(torque)], [0, np.sin(torque), np.cos(torque)]])
    about_b = np.array([[np.cos(tip), 0, np.sin(tip)], [0, 1, 0], [-np.sin(tip), 0, np.cos(tip)]])
    result: Floats = about_b @ about_a @ about_c
    return result
