"""Rigid motions: how one frame of coordinates lies in another.

A pose is (4, 4) for column vectors, translation in mm in the last column, determinant +1: a mirror is never a pose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROTATION_SLACK = 1e-3
"""Vendors write matrices with four to six digits."""


def moved(points: Floats, pose: Floats) -> Floats:
    """(N, 3) points, (..., 4, 4) poses -> (..., N, 3)."""
    result: Floats = points @ np.swapaxes(pose[..., :3, :3], -1, -2) + pose[..., None, :3, 3]
    return result


def turned(directions: Floats, pose: Floats) -> Floats:
    """(N, 3) directions by the rotation of a pose alone."""
    result: Floats = directions @ pose[:3, :3].T
    return result


def inverse(pose: Floats) -> Floats:
    back = np.eye(4)
    back[:3, :3] = pose[:3, :3].T
    back[:3, 3] = -pose[:3, :3].T @ pose[:3, 3]
    return back


def pose_of(rotation: Floats, shift: Floats) -> Floats:
    """(..., 3, 3) rotations and (..., 3) shifts -> (..., 4, 4)."""
    poses = np.zeros((*rotation.shape[:-2], 4, 4))
    poses[..., :3, :3], poses[..., :3, 3], poses[..., 3, 3] = rotation, shift, 1.0
    return poses


def rotation_about(vector: Floats) -> Floats:
    """(3,) axis times angle in radians -> (3, 3), by Rodrigues' formula."""
    result: Floats = rotations_about(vector[None])[0]
    return result


def rotations_about(vectors: Floats) -> Floats:
    """(P, 3) axes times angles in radians -> (P, 3, 3)."""
    angle = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    cross = np.zeros((len(vectors), 3, 3))
    cross[:, [2, 0, 1], [1, 2, 0]] = vectors / angle[:, None]
    cross -= np.swapaxes(cross, 1, 2)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    result: Floats = np.eye(3) + sine * cross + (1 - cosine) * cross @ cross
    return result


def angle_deg(pose: Floats) -> float:
    """How far a pose turns, 0 to 180."""
    return float(np.degrees(np.arccos(np.clip((np.trace(pose[:3, :3]) - 1) / 2, -1, 1))))


@dataclass(frozen=True, slots=True, order=True)
class Apart:
    """How far two poses put the same thing from each other, mm at one of its points and degrees."""

    mm: float
    degrees: float

    def as_dict(self) -> dict[str, float]:
        return {"mm": round(self.mm, 3), "degrees": round(self.degrees, 2)}


def apart(one: Sequence[float], other: Sequence[float], point: Sequence[float]) -> Apart:
    """Poses as 16 numbers, row by row; point: 3 numbers in the frame that both lead from."""
    first, second = (np.array(pose, np.float64).reshape(4, 4) for pose in (one, other))
    shift = moved(np.array([point]), first) - moved(np.array([point]), second)
    return Apart(float(np.linalg.norm(shift)), angle_deg(inverse(second) @ first))


def fitted(source: Floats, target: Floats) -> Floats:
    """(..., N, 3) points and where they should lie -> (..., 4, 4), the best in least squares (Kabsch 1976)."""
    middle, goal = source.mean(axis=-2, keepdims=True), target.mean(axis=-2, keepdims=True)
    left, _, right = np.linalg.svd(np.swapaxes(source - middle, -1, -2) @ (target - goal))
    # A best fit that is a mirror becomes the best rotation.
    right[..., 2, :] *= np.sign(np.linalg.det(left) * np.linalg.det(right))[..., None]
    rotation = np.swapaxes(left @ right, -1, -2)
    return pose_of(rotation, (goal - middle @ np.swapaxes(rotation, -1, -2))[..., 0, :])


def is_rigid(matrix: Floats) -> bool:
    """A rotation and a shift: nothing scaled, sheared, projected or mirrored."""
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        return False
    rotation = matrix[:3, :3]
    is_rotation = np.abs(rotation @ rotation.T - np.eye(3)).max() < ROTATION_SLACK and np.linalg.det(rotation) > 0
    return bool(is_rotation and np.abs(matrix[3] - [0, 0, 0, 1]).max() < ROTATION_SLACK)
