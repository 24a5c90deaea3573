"""Where a bite scan lies on an arch: features find the place, least squares settle it."""

import numpy as np
from numpy.typing import NDArray

from scans.meshes.registration.description import Description, matches
from scans.meshes.registration.guesses import Allowed, distinct, guesses
from scans.meshes.registration.refinement import TOLERANCE_MM, Fit, fit_at, refined
from scans.meshes.registration.sampling import Samples
from scans.meshes.registration.settling import LEAST_SAMPLES, settled, support
from scans.meshes.registration.target import Target
from scans.meshes.rigid import Floats

DISTANCES_MM = (1.0, 0.5, 0.3)
ROUGH_POINTS = 600
CANDIDATES = 3
SAME_PLACE_MM = 1.0


def anywhere(poses: Floats) -> NDArray[np.bool_]:
    return np.ones(len(poses), np.bool_)


def placements(
    bite: Samples, surface: Description, target: Target, area_mm2: float, allowed: Allowed = anywhere
) -> list[Fit]:
    """The places where the bite may lie on the arch, best first, each more than SAME_PLACE_MM from the others.

    area_mm2: of the surface that the samples of the bite stand for.
    """
    if len(bite) < LEAST_SAMPLES or not len(surface.cloud):
        return []
    rough = bite.only(np.arange(0, len(bite), max(len(bite) // ROUGH_POINTS, 1)))
    rng = np.random.default_rng(0)
    starts = guesses(matches(surface, target.surface), (rough.points, rough.normals), target.grid, rng, allowed)
    nearly = [settled(target, rough, pose, DISTANCES_MM[:2], 6) for pose in starts[:CANDIDATES]]
    nearly.sort(key=lambda pose: -support(target, rough, pose, TOLERANCE_MM))
    half = bite.only(np.arange(0, len(bite), 2))
    places = [
        settled(target, half, pose, DISTANCES_MM[1:]) for pose in distinct(nearly, rough.points, SAME_PLACE_MM)[:2]
    ]
    fits = [
        fit_at(target, bite, refined(target, bite, pose, area_mm2))
        for pose in distinct(places, rough.points, SAME_PLACE_MM)
    ]
    return sorted((fit for fit in fits if fit.share > 0), key=lambda fit: -fit.share)
