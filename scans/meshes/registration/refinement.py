"""The last hundredths of a millimetre, and how far they can be trusted.

Two captures of the same teeth differ in two ways that point-to-plane least squares takes for a turn. Facets cut off
what curves between their vertices: how much of it the bite shows is one unknown of each fit. Stitching bends a scan by
long waves: the fit may bend the strip smoothly at a price (generalised least squares with a Gaussian-process prior,
Rasmussen & Williams 2006, section 2.7), so that a turn is read from what waves cannot do.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.registration.sampling import Samples
from scans.meshes.registration.settling import LEAST_SAMPLES, is_settled, motion_about, terms, tukey
from scans.meshes.registration.target import Closest, Target
from scans.meshes.rigid import Floats, inverse, moved, turned

TOLERANCE_MM = 0.25
"""What a bite scan may be off: noise and stitching of intraoral scanners stay below 0.1 mm over half an arch."""
NEAR_MM = 1.0
ROUNDS = 12
NOISE_MM, INDEPENDENT_MM2 = 0.03, 0.5
"""Errors of neighbouring points are alike: two measurements on each square millimetre."""
WAVE_MM, WAVE_LENGTH_MM = 0.02, 2.5
MOST_WAVES = 150
USUAL_MISFIT = 0.7
"""Mean square of what a fit leaves, of NOISE_MM squared: where it is more, the doubt grows with it."""
BULGE = 0.5
"""Of the full bulge, give or take as much: a decimated file lost it, a bite cut from the same file shows none."""


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """pose: takes the bite into the arch's frame. bulge: part of the curvature between vertices that the bite shows.

    covariance: (6, 6) of a turn (rad) about the origin of the bite's frame and a shift (mm) by which pose may be wrong.
    """

    pose: Floats
    bulge: float
    covariance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How well a bite lies on an arch in one place.

    share: part of the samples that lies on the arch, within TOLERANCE_MM and facing the same way. rms_mm: of that part.
    agreement: how many there are for every sample within NEAR_MM. explained: (N,) bool, which of the samples.
    """

    place: Refined
    share: float
    rms_mm: float
    agreement: float
    explained: NDArray[np.bool_]


def refined(target: Target, samples: Samples, pose: Floats, area_mm2: float) -> Refined:
    """pose: (4, 4) right to about 0.1 mm, takes the samples into the arch's frame. area_mm2: what they stand for.

    Unknowns in the bite's frame: turn and shift of the arch, its bulge, heights of the waves.
    """
    points, middle = samples.points, samples.points.mean(axis=0)
    waves = _waves(points)
    precision = np.concatenate([np.zeros(6), [1 / BULGE**2], np.ones(waves.shape[1])])
    expected = np.concatenate([np.zeros(6), [BULGE], np.zeros(waves.shape[1])])
    state, matrix = expected.copy(), np.eye(len(expected))
    error = weight = np.zeros(len(samples))
    each = area_mm2 / len(samples) / INDEPENDENT_MM2 / NOISE_MM**2
    arch = inverse(pose)
    for _ in range(ROUNDS):
        found = target.closest(samples, inverse(arch))
        error, distance = _left(found, state[6], waves @ state[7:])
        weight = np.where(found.facing, tukey(distance, TOLERANCE_MM), 0.0)
        if (weight > 0).sum() < LEAST_SAMPLES:
            break
        moves = -terms(moved(found.points, arch), turned(found.normals, arch), middle)
        rows = np.column_stack([moves, -found.bulge_mm, -waves])
        weighted = rows * (weight * each)[:, None]
        matrix = weighted.T @ rows + np.diag(precision + 1e-6)
        step = np.linalg.solve(matrix, -weighted.T @ error - precision * (state - expected))
        state += step
        arch = motion_about(step[:6], middle) @ arch
        if is_settled(step[:6]):
            break
    misfit = float((weight * error**2).sum() / max(float(weight.sum()), 1e-9)) / NOISE_MM**2
    covariance = np.linalg.inv(matrix)[:6, :6].astype(np.float64) * max(misfit / USUAL_MISFIT, 1.0)
    return Refined(inverse(arch), float(state[6]), _about_origin(covariance, middle))


def _left(found: Closest, bulge: float, waves: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """(N,) mm that the bulge and the waves leave: along the normals, and as a whole."""
    along = (found.offset * found.normals).sum(axis=1)
    aside = np.linalg.norm(found.offset - along[:, None] * found.normals, axis=1)
    error: Floats = along - bulge * found.bulge_mm - waves
    return error, np.hypot(error, aside)


def _waves(points: Floats) -> Floats:
    """(N, W) heights of W smooth hills over the points; with unit normal factors they vary by about WAVE_MM."""
    length = WAVE_LENGTH_MM
    while len(centres := _centres(points, length)) > MOST_WAVES:
        length *= 1.3
    square = ((points[:, None] - centres) ** 2).sum(axis=2)
    hills = np.exp(-square / (2 * length**2))
    result: Floats = hills * (WAVE_MM / np.sqrt((hills**2).sum(axis=1)).mean())
    return result


def _centres(points: Floats, apart_mm: float) -> Floats:
    cells = np.floor(points / apart_mm).astype(np.int64)
    _, index, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    sums = [np.bincount(index.reshape(-1), points[:, axis]) for axis in range(3)]
    return np.stack(sums, axis=1) / counts[:, None]


def _about_origin(covariance: Floats, middle: Floats) -> Floats:
    """The same doubt about a turn about `middle`, as one about the origin: the shift takes the difference."""
    change = np.eye(6)
    change[3:, :3] = _cross(middle)
    result: Floats = change @ covariance @ change.T
    return result


def _cross(vector: Floats) -> Floats:
    """(3,) v -> (3, 3), M @ w = v x w."""
    x, y, z = vector
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])


@dataclass(frozen=True, slots=True)
class Doubt:
    """Standard error of a pose. mm: root mean square over the bite's surface; degrees: of the whole turn."""

    mm: float
    degrees: float

    def as_dict(self) -> dict[str, float]:
        return {"uncertainty_mm": round(min(self.mm, 99.0), 3), "uncertainty_deg": round(min(self.degrees, 180.0), 2)}


def doubt(covariance: Floats, points: Floats) -> Doubt:
    """points: (N, 3) of the bite's surface.

    Points and covariance in one frame. Covariances of two arches in the bite's frame add up to that of their relation.
    """
    turn, mixed, shift = covariance[:3, :3], covariance[:3, 3:], covariance[3:, 3:]
    mean, spread = points.mean(axis=0), points.T @ points / len(points)
    # The trace of J C J' with J = [-cross(p), 1], averaged over the points.
    turned_part = np.trace(turn) * np.trace(spread) - (turn * spread).sum()
    mixed_part = -2 * (_cross(mean) * mixed.T).sum()
    mm = math.sqrt(max(float(turned_part + mixed_part + np.trace(shift)), 0.0))
    return Doubt(mm, math.degrees(math.sqrt(max(float(np.trace(turn)), 0.0))))


def fit_at(target: Target, samples: Samples, place: Refined) -> Fit:
    """How well the samples lie on the arch there. The waves do not count: they may hide another person's teeth."""
    found = target.closest(samples, place.pose)
    _, distance = _left(found, place.bulge)
    explained = found.facing & (distance < TOLERANCE_MM)
    if explained.sum() < LEAST_SAMPLES:
        return Fit(place, 0.0, float("inf"), 0.0, explained)
    rms = float(np.sqrt((distance[explained] ** 2).mean()))
    agreement = float(explained.sum() / (distance < NEAR_MM).sum())
    return Fit(place, float(explained.mean()), rms, agreement, explained)
