"""A pose that is nearly right becomes right to some hundredths of a millimetre: point-to-plane least squares."""

from collections.abc import Sequence

import numpy as np

from scans.meshes.registration.sampling import Samples
from scans.meshes.registration.target import Closest, Target
from scans.meshes.rigid import Floats, pose_of, rotation_about

LEAST_SAMPLES = 20
SETTLED_MM, SETTLED_RAD = 3e-4, 3e-5
LARGEST_TURN = 0.2


def settled(target: Target, samples: Samples, pose: Floats, distances: Sequence[float], rounds: int = 12) -> Floats:
    """Tukey weights at shrinking distances, mm. pose: (4, 4), takes the samples into the arch's frame."""
    for reach in distances:
        for _ in range(rounds):
            found = target.closest(samples, pose)
            weight = np.where(found.facing, tukey(np.linalg.norm(found.offset, axis=1), reach), 0.0)
            if (weight > 0).sum() < LEAST_SAMPLES:
                return pose
            middle = np.average(found.placed, axis=0, weights=weight)
            step = _step(found, middle, weight)
            pose = motion_about(step, middle) @ pose
            if is_settled(step):
                break
    return pose


def tukey(distance: Floats, reach: float) -> Floats:
    """Weights 1 at zero to 0 at `reach` and beyond."""
    weight: Floats = (1 - np.minimum(distance / reach, 1) ** 2) ** 2
    return weight


def terms(points: Floats, normals: Floats, middle: Floats) -> Floats:
    """(N, 6) how fast each point moves along its normal: by a turn about `middle` (rad) and a shift (mm)."""
    return np.column_stack([np.cross(points - middle, normals), normals])


def motion_about(step: Floats, middle: Floats) -> Floats:
    """(6,) turn and shift -> (4, 4); no turn beyond what least squares can tell of."""
    rotation = rotation_about(step[:3].clip(-LARGEST_TURN, LARGEST_TURN))
    return pose_of(rotation, middle - rotation @ middle + step[3:6])


def is_settled(step: Floats) -> bool:
    return bool(np.abs(step[3:6]).max() < SETTLED_MM and np.abs(step[:3]).max() < SETTLED_RAD)


def support(target: Target, samples: Samples, pose: Floats, within_mm: float) -> float:
    """Part of the samples that lies within `within_mm` of the arch and faces the same way."""
    found = target.closest(samples, pose)
    return float((found.facing & (np.linalg.norm(found.offset, axis=1) < within_mm)).mean())


def _step(found: Closest, middle: Floats, weight: Floats) -> Floats:
    rows = terms(found.placed, found.normals, middle)
    error = (found.offset * found.normals).sum(axis=1)
    matrix = (rows * weight[:, None]).T @ rows + 1e-6 * weight.sum() * np.eye(6)
    return np.linalg.solve(matrix, -rows.T @ (weight * error))
