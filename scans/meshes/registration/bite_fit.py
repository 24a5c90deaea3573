"""Does a bite scan belong to these two arches, and how do they meet? Decided from where the bite fits on each."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scans.meshes.findings import Finding, Severity
from scans.meshes.mesh import Mesh
from scans.meshes.registration.looking import inside_out
from scans.meshes.registration.occlusion import Contact, contact
from scans.meshes.registration.places import Jaw, Place, Strip, jaw, placed, strip
from scans.meshes.registration.refinement import Doubt, doubt
from scans.meshes.rigid import Floats, inverse, moved

LEAST_EXPLAINED = 0.7
UNCERTAIN = Doubt(mm=0.05, degrees=0.3)
"""Standard errors of how the arches meet, beyond which a bite is not confirmed."""
RIVAL = 0.8


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
    lies on one of the arches, counting only fits that are good. doubt: of how the arches lie to each other; contact:
    how they meet there; both None where the bite does not fit both."""

    state: BiteState
    upper: JawFit | None
    lower: JawFit | None
    explained: float
    doubt: Doubt | None = None
    contact: Contact | None = None
    findings: tuple[Finding, ...] = ()


def fit_bite(bite: Mesh, upper: Mesh | None, lower: Mesh | None) -> BiteFit:
    """The same scans give the same answer. Meshes in mm; the winding of each may be inside out.

    Raises MeshError for a scan without surface or larger than a mouth.
    """
    return fit_jaws(bite, jaw(upper) if upper else None, jaw(lower) if lower else None)


def fit_jaws(bite: Mesh, upper: Jaw | None, lower: Jaw | None) -> BiteFit:
    """As fit_bite, with arches made ready by `jaw` once for several bites."""
    jaws = {name: each for name, each in (("upper", upper), ("lower", lower)) if each is not None}
    seen = strip(bite)
    best = placed(seen, jaws)
    if not any(place.is_good for place in best.values()):
        other = strip(inside_out(bite))
        seen, best = max((seen, best), (other, placed(other, jaws)), key=lambda each: _goodness(each[1]))
    return _judged(seen, best, set(jaws))


def _goodness(places: dict[str, Place]) -> tuple[int, float]:
    good = [place.fit.share for place in places.values() if place.is_good]
    return len(good), sum(good)


def _judged(bite: Strip, places: dict[str, Place], wanted: set[str]) -> BiteFit:
    good = {name: place for name, place in places.items() if place.is_good}
    covered = [place.fit.explained for place in good.values()]
    explained = float(np.any(covered, axis=0).mean()) if covered else 0.0
    both = _both(good["upper"], good["lower"], bite) if len(good) == 2 else None
    findings = [each for name in ("upper", "lower") for each in _findings_of(name, places.get(name), wanted)]
    if not findings and both is not None:
        findings = list(_findings_of_both(*both, explained))
    jaws = {name: JawFit(inverse(p.fit.place.pose), p.fit.share, p.fit.rms_mm, p.is_good) for name, p in places.items()}
    unsure, met = both or (None, None)
    return BiteFit(_state(findings), jaws.get("upper"), jaws.get("lower"), explained, unsure, met, tuple(findings))


def _state(findings: list[Finding]) -> BiteState:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return BiteState.DOES_NOT_FIT
    return BiteState.UNCERTAIN if findings else BiteState.CONFIRMED


def _both(upper: Place, lower: Place, bite: Strip) -> tuple[Doubt, Contact]:
    unsure = doubt(upper.fit.place.covariance + lower.fit.place.covariance, bite.samples.points)
    return unsure, contact(_in_bite(upper), _in_bite(lower))


def _findings_of(name: str, place: Place | None, wanted: set[str]) -> Iterator[Finding]:
    if name not in wanted:
        yield Finding(f"bite_without_{name}", Severity.WARNING, f"There is no {name} arch for this bite.")
        return
    numbers = {} if place is None else _numbers(place)
    if place is None or not place.is_good:
        yield Finding(f"bite_not_{name}", Severity.ERROR, f"The bite does not fit the {name} arch.", numbers)
    elif place.rival > RIVAL:
        message = f"The bite may lie on the {name} arch in more than one place."
        yield Finding("bite_uncertain", Severity.WARNING, message, numbers)


def _findings_of_both(unsure: Doubt, met: Contact, explained: float) -> Iterator[Finding]:
    if unsure.mm > UNCERTAIN.mm or unsure.degrees > UNCERTAIN.degrees:
        message = "The bite shows too little of the teeth to tell exactly how the arches meet."
        yield Finding("bite_uncertain", Severity.WARNING, message, unsure.as_dict())
    elif not met.plausible:
        message = "Laid on the bite, the upper and the lower arch do not meet as teeth do."
        yield Finding("bite_without_contact", Severity.WARNING, message)
    elif explained < LEAST_EXPLAINED:
        message = f"Only {explained:.0%} of the bite lies on the two arches."
        yield Finding("bite_uncertain", Severity.WARNING, message, {"explained": round(explained, 3)})


def _in_bite(place: Place) -> Mesh:
    mesh = place.jaw.target.mesh
    points = moved(mesh.vertices.astype(np.float64), inverse(place.fit.place.pose))
    return Mesh(points.astype(np.float32), mesh.faces)


def _numbers(place: Place) -> dict[str, float]:
    fit = place.fit
    return {
        "fitness": round(fit.share, 3),
        "rms_mm": round(min(fit.rms_mm, 99.0), 3),
        "rival": round(place.rival, 2),
        **place.doubt.as_dict(),
    }
