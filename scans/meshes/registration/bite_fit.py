"""Does a bite scan belong to these two arches, and how do they meet? Decided from where the bite fits on each.

A jaw that the bite shows well is found at once; one that it shows little of is looked for once more with what the first
jaw leaves unexplained, and only where the two arches could face each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scans.meshes.findings import Finding, Severity
from scans.meshes.measure import area_vectors
from scans.meshes.mesh import Mesh
from scans.meshes.registration.description import Description, bite_described, rest
from scans.meshes.registration.looking import inside_out, right_side_out
from scans.meshes.registration.occlusion import contact
from scans.meshes.registration.placement import placements
from scans.meshes.registration.refinement import NEAR_MM, Fit, doubt, fit_at
from scans.meshes.registration.sampling import Samples, sampled
from scans.meshes.registration.target import Target, prepared
from scans.meshes.rigid import Floats, inverse, moved

SAMPLES = 5_000
GOOD_RMS_MM = 0.08
GOOD_AGREEMENT = 0.5
LEAST_SHARE = 0.08
LEAST_EXPLAINED = 0.7
UNCERTAIN_MM, UNCERTAIN_DEG = 0.05, 0.3
"""Standard errors of how the arches meet, beyond which a bite is not confirmed."""
RIVAL = 0.8
MIDDLES_APART_MM = 30.0
OPPOSED_COS = 0.7
"""Directions out of two halves of a mouth that face each other are opposed."""


class BiteState(StrEnum):
    CONFIRMED = "confirmed"
    DOES_NOT_FIT = "does_not_fit"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, eq=False)
class JawFit:
    """pose: (4, 4), takes the arch into the bite's frame. fitness: part of the bite that lies on this arch within
    0.25 mm and faces the same way; rms_mm: of that part."""

    pose: Floats
    fitness: float
    rms_mm: float
    fits: bool


@dataclass(frozen=True, slots=True, eq=False)
class BiteFit:
    """upper, lower: None where there is no such arch or no place for the bite on it. explained: part of the bite that
    lies on one of the arches, counting only fits that are good."""

    state: BiteState
    upper: JawFit | None
    lower: JawFit | None
    explained: float
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Bite:
    samples: Samples
    surface: Description
    area_mm2: float


@dataclass(frozen=True, slots=True, eq=False)
class Jaw:
    """An arch made ready. middle: (3,) of its surface; outward: (3,) unit, the mean direction that it faces."""

    target: Target
    middle: Floats
    outward: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a jaw was found. rival: how well supported the second best place is, of the best one's support."""

    jaw: Jaw
    fit: Fit
    rival: float

    @property
    def is_good(self) -> bool:
        fit = self.fit
        return fit.rms_mm < GOOD_RMS_MM and fit.agreement > GOOD_AGREEMENT and fit.share > LEAST_SHARE


def fit_bite(bite: Mesh, upper: Mesh | None, lower: Mesh | None) -> BiteFit:
    """The same scans give the same answer. Meshes in mm; the winding of each may be inside out."""
    return fit_jaws(bite, jaw(upper) if upper else None, jaw(lower) if lower else None)


def fit_jaws(bite: Mesh, upper: Jaw | None, lower: Jaw | None) -> BiteFit:
    """As fit_bite, with arches made ready by `jaw` once for several bites."""
    jaws = {name: each for name, each in (("upper", upper), ("lower", lower)) if each is not None}
    seen = _bite(bite)
    best = _placed(seen, jaws)
    if not any(place.is_good for place in best.values()):
        other = _bite(inside_out(bite))
        seen, best = max((seen, best), (other, _placed(other, jaws)), key=lambda each: _goodness(each[1]))
    return _judged(seen, best, set(jaws))


def _goodness(places: dict[str, _Place]) -> tuple[int, float]:
    good = [place.fit.share for place in places.values() if place.is_good]
    return len(good), sum(good)


def _bite(mesh: Mesh) -> _Bite:
    areas = np.linalg.norm(area_vectors(mesh.vertices[mesh.faces].astype(np.float64)), axis=1)
    return _Bite(sampled(mesh, SAMPLES), bite_described(mesh), float(areas.sum()))


def jaw(mesh: Mesh) -> Jaw:
    mesh = right_side_out(mesh)
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas = np.linalg.norm(vectors, axis=1)
    total = vectors.sum(axis=0)
    middle = np.average(corners.mean(axis=1), axis=0, weights=areas)
    return Jaw(prepared(mesh), middle, total / max(float(np.linalg.norm(total)), 1e-9))


def _placed(bite: _Bite, jaws: dict[str, Jaw]) -> dict[str, _Place]:
    found = {
        name: _place(each, placements(bite.samples, bite.surface, each.target, bite.area_mm2))
        for name, each in jaws.items()
    }
    places = {name: place for name, place in found.items() if place is not None}
    good = [name for name, place in places.items() if place.is_good]
    if len(good) == 1 and len(jaws) == 2:
        (missing,) = set(jaws) - set(good)
        opposite = _opposite(bite, places[good[0]], jaws[missing])
        if opposite is not None:
            places[missing] = opposite
    return places


def _place(each: Jaw, fits: list[Fit]) -> _Place | None:
    if not fits:
        return None
    ranked = sorted(fits, key=lambda fit: -_support(fit))
    return _Place(each, ranked[0], _support(ranked[1]) / _support(ranked[0]) if len(ranked) > 1 else 0.0)


def _support(fit: Fit) -> float:
    """Many samples, and close: half of them at half the distance count twice as much."""
    return fit.share / max(fit.rms_mm, 0.02)


def _opposite(bite: _Bite, first: _Place, other: Jaw) -> _Place | None:
    """The jaw by what the first one leaves of the bite, where the two could face each other."""
    left = bite.samples.only(~first.fit.explained)
    surface = rest(bite.surface, bite.samples.points[first.fit.explained], NEAR_MM)
    area_mm2 = bite.area_mm2 * len(left) / len(bite.samples)
    back = inverse(first.fit.place.pose)
    middle, outward = back[:3, :3] @ first.jaw.middle + back[:3, 3], back[:3, :3] @ first.jaw.outward

    def faces_the_first(poses: Floats) -> NDArray[np.bool_]:
        turned = np.abs(poses[:, :3, :3] @ outward @ other.outward) > OPPOSED_COS
        apart = np.linalg.norm(poses[:, :3, :3] @ middle + poses[:, :3, 3] - other.middle, axis=1)
        result: NDArray[np.bool_] = turned & (apart < MIDDLES_APART_MM)
        return result

    found = _place(other, placements(left, surface, other.target, area_mm2, faces_the_first))
    if found is None:
        return None
    whole = fit_at(other.target, bite.samples, found.fit.place)
    return replace(found, fit=whole)


def _judged(bite: _Bite, places: dict[str, _Place], wanted: set[str]) -> BiteFit:
    good = {name: place for name, place in places.items() if place.is_good}
    covered = [place.fit.explained for place in good.values()]
    explained = float(np.any(covered, axis=0).mean()) if covered else 0.0
    findings = tuple(_findings(bite.samples.points, places, wanted, explained))
    jaws = {name: JawFit(inverse(p.fit.place.pose), p.fit.share, p.fit.rms_mm, p.is_good) for name, p in places.items()}
    state = BiteState.CONFIRMED
    if any(finding.severity is Severity.ERROR for finding in findings):
        state = BiteState.DOES_NOT_FIT
    elif findings:
        state = BiteState.UNCERTAIN
    return BiteFit(state, jaws.get("upper"), jaws.get("lower"), explained, findings)


def _findings(points: Floats, places: dict[str, _Place], wanted: set[str], explained: float) -> list[Finding]:
    found = [each for name in ("upper", "lower") for each in _findings_of(name, points, places.get(name), wanted)]
    if found:
        return found
    mm, degrees = doubt(np.sum([place.fit.place.covariance for place in places.values()], axis=0), points)
    if mm > UNCERTAIN_MM or degrees > UNCERTAIN_DEG:
        message = "The bite shows too little of the teeth to tell exactly how the arches meet."
        found.append(Finding("bite_uncertain", Severity.WARNING, message, _doubts(mm, degrees)))
    elif not _meet(places):
        message = "Laid on the bite, the upper and the lower arch do not meet as teeth do."
        found.append(Finding("bite_without_contact", Severity.WARNING, message))
    elif explained < LEAST_EXPLAINED:
        message = f"Only {explained:.0%} of the bite lie on the two arches."
        found.append(Finding("bite_uncertain", Severity.WARNING, message, {"explained": round(explained, 3)}))
    return found


def _findings_of(name: str, points: Floats, place: _Place | None, wanted: set[str]) -> Iterator[Finding]:
    if name not in wanted:
        yield Finding(f"bite_without_{name}", Severity.WARNING, f"There is no {name} arch for this bite.")
        return
    numbers = {} if place is None else _numbers(place, points)
    if place is None or not place.is_good:
        yield Finding(f"bite_not_{name}", Severity.ERROR, f"The bite does not fit the {name} arch.", numbers)
    elif place.rival > RIVAL:
        message = f"The bite may lie on the {name} arch in more than one place."
        yield Finding("bite_uncertain", Severity.WARNING, message, numbers)


def _meet(places: dict[str, _Place]) -> bool:
    upper, lower = (_in_bite(places[name]) for name in ("upper", "lower"))
    return contact(upper, lower).plausible


def _in_bite(place: _Place) -> Mesh:
    mesh = place.jaw.target.mesh
    points = moved(mesh.vertices.astype(np.float64), inverse(place.fit.place.pose))
    return Mesh(points.astype(np.float32), mesh.faces)


def _numbers(place: _Place, points: Floats) -> dict[str, float]:
    fit = place.fit
    return {
        "fitness": round(fit.share, 3),
        "rms_mm": round(min(fit.rms_mm, 99.0), 3),
        "rival": round(place.rival, 2),
        **_doubts(*doubt(fit.place.covariance, points)),
    }


def _doubts(mm: float, degrees: float) -> dict[str, float]:
    return {"uncertainty_mm": round(min(mm, 99.0), 3), "uncertainty_deg": round(min(degrees, 180.0), 2)}
