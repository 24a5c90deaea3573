"""Many shapes from few: random variations of labelled scans and of made ones, as pictures."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.cloud import Floats
from scans.classification.geometry.network import CLASSES
from scans.classification.verdict import Arch, Side
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from scans.training.bites import varied_bite
from scans.training.examples import Examples, examples
from scans.training.parts import LEAST_POINTS, THINGS, thing
from scans.training.posed import Posed, Reals, arch, solid
from scans.training.solids import other
from scans.training.variations import varied

FDI = {Arch.UPPER: (10, 20), Arch.LOWER: (30, 40)}
JAWS = ("upper", "lower")
MADE = "made"
UP, FRONT = np.eye(3)[2], np.eye(3)[1]
Random = np.random.Generator


def made_arches(count: int, first: int = 0) -> Iterator[Posed]:
    """Both arches of made-up people, from the one with seed `first` on: a source of its own, `made`."""
    rng = np.random.default_rng(5 + first)
    for seed in range(first, first + count):
        for jaw in (Arch.UPPER, Arch.LOWER):
            gaps = [start + int(rng.integers(3, 8)) for start in FDI[jaw] for _ in range(int(rng.integers(0, 2)))]
            mesh = make_arch(jaw, seed=seed, faces=14_000, palate=bool(rng.random() < 0.6), missing=gaps)
            posed = arch(mesh, (-UP if jaw is Arch.UPPER else UP, FRONT), str(jaw), MADE, f"{MADE}{seed}")
            if posed is not None:
                yield posed


def made_bites(count: int, first: int = 0) -> Iterator[Posed]:
    """The left and the right bite of made-up people."""
    for seed in range(first, first + count):
        for side, sign in ((Side.LEFT, -1.0), (Side.RIGHT, 1.0)):
            posed = solid(make_bite(seed, side=side, faces=8_000), MADE)
            if posed is not None:
                yield _bite(posed, sign, seed)


def _bite(posed: Posed, sign: float, seed: int) -> Posed:
    towards = posed.normals.mean(axis=0) * [1, 1, 0]
    towards = towards / np.linalg.norm(towards)
    axes = np.stack([np.cross(UP, towards), UP, towards])
    return Posed(posed.points @ axes.T, posed.normals @ axes.T, "bite", MADE, f"{MADE}{seed}")


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What random shapes are made of. arches: by source and jaw."""

    arches: dict[tuple[str, str], list[Posed]]
    bites: list[Posed]
    others: list[Posed]

    def arch(self, rng: Random, label: str = "") -> Posed:
        """Small sources count more than their size, and both jaws alike."""
        label = label or str(rng.choice(JAWS))
        fitting = [found for (_, jaw), found in self.arches.items() if jaw == label]
        weights = np.sqrt([len(found) for found in fitting])
        return _any(fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))], rng)


def stock_of(scans: Sequence[Posed]) -> Stock:
    arches: dict[tuple[str, str], list[Posed]] = defaultdict(list)
    for posed in scans:
        if posed.label in JAWS:
            arches[posed.group, posed.label].append(posed)
    bites, others = ([posed for posed in scans if posed.label == label] for label in ("bite", "other"))
    return Stock(dict(arches), bites, others)


def shapes(scans: Sequence[Posed], count: int, rng: Random, without: Collection[str] = ()) -> Iterator[Posed]:
    """About `count` random shapes, drawn from KINDS; none of the groups `without`."""
    stock = stock_of([posed for posed in scans if posed.group not in without])
    makers = [maker for maker, _ in KINDS]
    chances = np.array([chance for _, chance in KINDS])
    for kind in rng.choice(len(makers), count, p=chances / chances.sum()):
        made = makers[kind](stock, rng)
        if made is not None and len(made.points) > LEAST_POINTS and made.group not in without:
            yield made


def _varied_arch(stock: Stock, rng: Random) -> Posed | None:
    return varied(stock.arch(rng), rng)


def _bite_of_arches(stock: Stock, rng: Random) -> Posed | None:
    return varied_bite(stock.arch(rng, "upper"), stock.arch(rng, "lower"), rng)


def _made_bite(stock: Stock, rng: Random) -> Posed | None:
    return _stretched(_any(stock.bites, rng), 0.1, rng) if stock.bites else None


def _labelled_other(stock: Stock, rng: Random) -> Posed | None:
    return _stretched(_any(stock.others, rng), 0.25, rng) if stock.others else None


def _part_of_arch(stock: Stock, rng: Random) -> Posed | None:
    return thing(str(rng.choice(list(THINGS))), stock.arch(rng), rng)


def _made_other(stock: Stock, rng: Random) -> Posed | None:
    return other(rng)


KINDS: tuple[tuple[Callable[[Stock, Random], Posed | None], float], ...] = (
    (_varied_arch, 0.58),
    (_bite_of_arches, 0.12),
    (_made_bite, 0.03),
    (_labelled_other, 0.06),
    (_part_of_arch, 0.11),
    (_made_other, 0.1),
)


def _any(found: Sequence[Posed], rng: Random) -> Posed:
    return found[int(rng.integers(len(found)))]


def _stretched(posed: Posed, amount: float, rng: Random) -> Posed:
    scale: Reals = rng.uniform(1 - amount, 1 + amount) * rng.uniform(1 - amount / 2, 1 + amount / 2, 3)
    sign = [rng.choice([-1.0, 1.0]), 1, 1]
    return replace(posed, points=posed.points * scale * sign, normals=posed.normals * sign)


def pictures(made: Iterator[Posed], rng: Random) -> Examples:
    rows = [
        (_bytes(heights), _bytes(rolled), name, posed.label == "other")
        for posed in made
        for heights, rolled, name in examples(posed, rng)
    ]
    return Examples(
        heights=np.array([row[0] for row in rows]),
        rolled=np.array([row[1] for row in rows]),
        classes=np.array([CLASSES.index(row[2]) for row in rows]),
        others=np.array([row[3] for row in rows]),
    )


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    """0..1 as 0..255: a picture a quarter as large."""
    return np.round(picture.clip(0, 1) * 255).astype(np.uint8)
