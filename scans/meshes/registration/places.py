"""Where a bite lies on the two arches of its case.

A jaw that the bite shows well is found at once; one that it shows little of is looked for once more with what the first
jaw leaves unexplained, and only where the two arches could face each other.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import coarsen
from scans.meshes.errors import MeshError
from scans.meshes.measure import Measures, measure
from scans.meshes.mesh import Mesh
from scans.meshes.registration.description import Description, bite_described, rest
from scans.meshes.registration.looking import COARSE_MM, inside_out, is_inside_out, looks
from scans.meshes.registration.occlusion import LARGEST_MM
from scans.meshes.registration.placement import placements
from scans.meshes.registration.refinement import NEAR_MM, Doubt, Fit, doubt, fit_at
from scans.meshes.registration.sampling import Samples, sampled
from scans.meshes.registration.target import Target, prepared
from scans.meshes.rigid import Floats, inverse
from scans.meshes.surface import surface

SAMPLES = 5_000
GOOD_RMS_MM = 0.065
GOOD_AGREEMENT = 0.5
LEAST_AREA_MM2 = 20.0
LEAST_SHARE = 0.08
WORST = Doubt(mm=0.25, degrees=1.2)
"""Standard errors beyond which nothing was recognised: a smooth scrap lies on an arch in many ways."""
MIDDLES_APART_MM = 30.0
OPPOSED_COS = 0.7
"""Directions out of two halves of a mouth that face each other are opposed."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A bite made ready. samples: evenly spread, of area_mm2 in all."""

    samples: Samples
    surface: Description
    area_mm2: float


@dataclass(frozen=True, slots=True, eq=False)
class Jaw:
    """An arch made ready. middle: (3,) of its surface; outward: (3,) unit direction to the other jaw, zero for a closed
    model, which does not tell."""

    target: Target
    middle: Floats
    outward: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a jaw was found. rival: how well supported the second best place is, of the best one's support. doubt: see
    refinement.Doubt, at the bite's surface."""

    jaw: Jaw
    fit: Fit
    rival: float
    doubt: Doubt

    @property
    def is_good(self) -> bool:
        fit = self.fit
        lies_on_it = fit.rms_mm < GOOD_RMS_MM and fit.agreement > GOOD_AGREEMENT and fit.share > LEAST_SHARE
        return lies_on_it and self.doubt.mm < WORST.mm and self.doubt.degrees < WORST.degrees


def strip(mesh: Mesh) -> Strip:
    """Raises MeshError as `jaw` does."""
    area_mm2 = _measured(mesh).area_mm2
    return Strip(sampled(mesh, SAMPLES), bite_described(mesh), area_mm2)


def jaw(mesh: Mesh) -> Jaw:
    """Raises MeshError for what has no surface or is larger than a mouth."""
    middle = np.array(_measured(mesh).centroid)
    coarse = coarsen(mesh, COARSE_MM)
    if is_inside_out(coarse):
        mesh, coarse = inside_out(mesh), inside_out(coarse)
    return Jaw(prepared(mesh), middle, looks(coarse))


def _measured(mesh: Mesh) -> Measures:
    """Raises MeshError, see `jaw`."""
    found = measure(surface(mesh))
    size_mm = float(np.linalg.norm(found.size_mm))
    if size_mm > LARGEST_MM:
        message = f"The scan is {size_mm:.0f} mm long, more than a mouth: is it in millimetres?"
        raise MeshError(message, code="too_large_to_fit", size_mm=size_mm)
    if found.area_mm2 < LEAST_AREA_MM2:
        message = f"The scan shows {found.area_mm2:.1f} square millimetres: too little to lay on another."
        raise MeshError(message, code="too_small_to_fit", area_mm2=found.area_mm2)
    return found


def placed(bite: Strip, jaws: dict[str, Jaw]) -> dict[str, Place]:
    """By the name of the jaw; without those that the bite lies nowhere on."""
    found = {
        name: _place(bite, each, placements(bite.samples, bite.surface, each.target, bite.area_mm2))
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


def _place(bite: Strip, each: Jaw, fits: list[Fit]) -> Place | None:
    if not fits:
        return None
    ranked = sorted(fits, key=lambda fit: -_support(fit))
    rival = _support(ranked[1]) / _support(ranked[0]) if len(ranked) > 1 else 0.0
    return Place(each, ranked[0], rival, doubt(ranked[0].place.covariance, bite.samples.points))


def _support(fit: Fit) -> float:
    """Many samples, and close: half of them at half the distance count twice as much."""
    return fit.share / max(fit.rms_mm, 0.02)


def _opposite(bite: Strip, first: Place, other: Jaw) -> Place | None:
    """The jaw by what the first one leaves of the bite, where the two could face each other."""
    left = bite.samples.only(~first.fit.explained)
    looks_like = rest(bite.surface, bite.samples.points[first.fit.explained], NEAR_MM)
    area_mm2 = bite.area_mm2 * len(left) / len(bite.samples)
    back = inverse(first.fit.place.pose)
    middle, outward = back[:3, :3] @ first.jaw.middle + back[:3, 3], back[:3, :3] @ first.jaw.outward

    def faces_the_first(poses: Floats) -> NDArray[np.bool_]:
        is_known = bool(outward.any() and other.outward.any())
        turned = -(poses[:, :3, :3] @ outward @ other.outward) > (OPPOSED_COS if is_known else -1.0)
        apart = np.linalg.norm(poses[:, :3, :3] @ middle + poses[:, :3, 3] - other.middle, axis=1)
        result: NDArray[np.bool_] = turned & (apart < MIDDLES_APART_MM)
        return result

    found = _place(bite, other, placements(left, looks_like, other.target, area_mm2, faces_the_first))
    if found is None:
        return None
    whole = fit_at(other.target, bite.samples, found.fit.place)
    return replace(found, fit=whole)
