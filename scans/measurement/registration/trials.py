"""Pairs moved apart at random, a bite cut from each: is the pose found again, is another's arch refused?"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scans.meshes.mesh import Mesh
from scans.meshes.registration.bite_fit import BiteFit, BiteState, fit_jaws
from scans.meshes.registration.places import Jaw, jaw
from scans.meshes.rigid import Floats, angle_deg, inverse, moved, pose_of, rotation_about
from scans.synthetic.articulation import Pair, Shot, bite_of, transformed

SHIFT_MM = 60.0
LENGTHS_MM = (20.0, 40.0)
NOISE_MM = (0.02, 0.05)


@dataclass(frozen=True, slots=True)
class Error:
    """mm: root mean square over the surface that the bite shows; arch_mm: over the whole arch; degrees: of the turn."""

    mm: float
    arch_mm: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Right:
    """A bite against its own arches. The errors are None where no place was found. relation: upper against lower."""

    state: BiteState
    side: int
    length_mm: float
    explained: float
    upper: Error | None
    lower: Error | None
    relation: Error | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Wrong:
    """A bite against one arch of another person. accepted: that arch was said to fit."""

    arch: str
    state: BiteState
    accepted: bool
    rms_mm: float
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Jaws:
    upper: Jaw
    lower: Jaw


def trials(pairs: Iterable[Pair], *, seed: int) -> Iterator[Right | Wrong]:
    """Each pair's bite against its own arches, then with the upper, then the lower, of the pair before."""
    before: _Jaws | None = None
    for number, pair in enumerate(pairs):
        rng = np.random.default_rng([number, seed, 23])
        shot = Shot(
            side=int(rng.choice([1, -1, 1, -1, 0])),
            length_mm=float(rng.uniform(*LENGTHS_MM)),
            noise_mm=float(rng.uniform(*NOISE_MM)),
            seed=int(rng.integers(1 << 30)),
        )
        motions = [_motion(rng) for _ in range(3)]
        bite = transformed(bite_of(pair, shot), motions[0])
        if rng.random() < 0.25:
            bite = Mesh(bite.vertices, np.ascontiguousarray(bite.faces[:, ::-1]))
        start = time.perf_counter()
        jaws = _Jaws(jaw(transformed(pair.upper, motions[1])), jaw(transformed(pair.lower, motions[2])))
        found = fit_jaws(bite, jaws.upper, jaws.lower)
        yield _right(found, bite, pair, motions, shot, time.perf_counter() - start)
        if before is not None:
            yield _wrong("upper", bite, before.upper, jaws.lower)
            yield _wrong("lower", bite, jaws.upper, before.lower)
        before = jaws


def _motion(rng: np.random.Generator) -> Floats:
    axis = rng.normal(size=3)
    turn = rotation_about(axis / np.linalg.norm(axis) * rng.uniform(0, np.pi))
    return pose_of(turn, rng.uniform(-SHIFT_MM, SHIFT_MM, 3))


def _wrong(arch: str, bite: Mesh, upper: Jaw, lower: Jaw) -> Wrong:
    start = time.perf_counter()
    found = fit_jaws(bite, upper, lower)
    fit = found.upper if arch == "upper" else found.lower
    accepted = found.state is BiteState.CONFIRMED or (fit is not None and fit.fits)
    return Wrong(arch, found.state, accepted, fit.rms_mm if fit else float("inf"), time.perf_counter() - start)


def _right(found: BiteFit, bite: Mesh, pair: Pair, motions: list[Floats], shot: Shot, seconds: float) -> Right:
    """The error of each pose is a small motion in the bite's frame; that of the relation is one after the other."""
    shown = bite.vertices.astype(np.float64)
    off_upper, off_lower = (
        None if fit is None else fit.pose @ motion @ inverse(motions[0])
        for fit, motion in ((found.upper, motions[1]), (found.lower, motions[2]))
    )
    upper, lower = (moved(mesh.vertices.astype(np.float64), motions[0]) for mesh in (pair.upper, pair.lower))
    both = None if off_upper is None or off_lower is None else inverse(off_lower) @ off_upper
    return Right(
        found.state,
        shot.side,
        shot.length_mm,
        found.explained,
        _error(off_upper, shown, upper),
        _error(off_lower, shown, lower),
        _error(both, shown, upper),
        seconds,
    )


def _error(off: Floats | None, shown: Floats, arch: Floats) -> Error | None:
    if off is None:
        return None
    mm, arch_mm = (float(np.sqrt(((moved(each, off) - each) ** 2).sum(axis=1).mean())) for each in (shown, arch))
    return Error(mm, arch_mm, angle_deg(off))
