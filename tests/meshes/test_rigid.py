"""Rigid motions: truth from SciPy's rotations and from what a motion must keep."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from scans.meshes.rigid import (
    Floats,
    angle_deg,
    fitted,
    inverse,
    is_rigid,
    moved,
    pose_of,
    rotation_about,
    rotations_about,
    turned,
)


def motion(seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return pose_of(Rotation.random(rng=rng).as_matrix(), rng.normal(0, 40, 3))


def cloud(seed: int = 0, count: int = 30) -> Floats:
    return np.random.default_rng(seed).normal(0, 20, (count, 3))


def test_a_rotation_is_what_scipy_makes_of_the_same_vector() -> None:
    vectors = cloud(3) / 15
    assert rotations_about(vectors) == pytest.approx(Rotation.from_rotvec(vectors).as_matrix())
    assert rotation_about(np.zeros(3)) == pytest.approx(np.eye(3))


@pytest.mark.parametrize("seed", range(5))
def test_there_and_back_is_where_it_was(seed: int) -> None:
    pose = motion(seed)
    assert moved(moved(cloud(), pose), inverse(pose)) == pytest.approx(cloud())


def test_a_direction_is_turned_and_not_shifted() -> None:
    pose = motion(2)
    assert turned(cloud(), pose) == pytest.approx(moved(cloud(), pose) - pose[:3, 3])


@pytest.mark.parametrize("seed", range(5))
def test_the_best_fit_is_the_motion_that_was_made(seed: int) -> None:
    assert fitted(cloud(), moved(cloud(), motion(seed))) == pytest.approx(motion(seed))


def test_many_fits_at_once_are_the_same_as_each_alone() -> None:
    source, goal = np.stack([cloud(1), cloud(2)]), np.stack([cloud(3), cloud(4)])
    assert fitted(source, goal)[1] == pytest.approx(fitted(source[1], goal[1]))


def test_a_mirrored_goal_never_gives_a_mirror() -> None:
    pose = fitted(cloud(), cloud() * [1, 1, -1])
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1)


def test_an_angle_is_scipys_magnitude() -> None:
    pose = motion(7)
    assert angle_deg(pose) == pytest.approx(np.degrees(Rotation.from_matrix(pose[:3, :3]).magnitude()))


def test_only_a_rotation_and_a_shift_are_rigid() -> None:
    pose, scaled, projective = motion(1), motion(1) * 1.1, motion(1)
    projective[3] = [0.1, 0, 0, 1]
    assert is_rigid(pose)
    assert is_rigid(pose.round(4))
    assert not is_rigid(scaled)
    assert not is_rigid(projective)
    assert not is_rigid(pose @ np.diag([1.0, 1, -1, 1]))
    assert not is_rigid(np.full((4, 4), np.nan))
    assert not is_rigid(np.eye(3))
