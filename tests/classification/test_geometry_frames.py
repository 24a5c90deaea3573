"""One of the candidate frames is the true one, and its pictures show what the mesh shows."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from scans.classification.geometry.cloud import POINTS_PER_MM2, cloud_of
from scans.classification.geometry.frames import candidate_frames
from scans.classification.geometry.look import look
from scans.classification.geometry.maps import DEPTH_MM, FINE, SIDE, height_map, ridge_curve, unrolled
from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic.arch import make_arch
from tests.classification.shapes import inverted, relief

LOWER = make_arch(Arch.LOWER, seed=106, faces=10_000)
OCCLUSAL, ANTERIOR = np.eye(3)[2], np.eye(3)[1]


def degrees(a, b):
    return np.degrees(np.arccos(np.clip(a @ b, -1, 1)))


def test_points_are_spread_evenly_over_the_area():
    cloud = cloud_of(relief(lambda x, y: 0 * x, size=(40, 30)))
    left = (cloud.points[:, 0] < 0).mean()
    assert len(cloud.points) == pytest.approx(POINTS_PER_MM2 * 39.2 * 29.6, rel=0.05)
    assert left == pytest.approx(0.5, abs=0.01)
    assert np.allclose(np.abs(cloud.normals[:, 2]), 1, atol=1e-5)


@pytest.mark.parametrize("change", [lambda mesh: mesh, inverted])
@pytest.mark.parametrize("seed", range(4))
def test_a_candidate_is_near_the_true_frame(seed, change):
    turn = Rotation.random(rng=np.random.default_rng(seed))
    mesh = change(Mesh(turn.apply(LOWER.vertices).astype(np.float32), LOWER.faces))
    frames = candidate_frames(cloud_of(mesh))
    away = [
        max(degrees(frame.axes[2], turn.apply(OCCLUSAL)), degrees(frame.axes[1], turn.apply(ANTERIOR)))
        for frame in frames
    ]
    assert min(away) < 12
    assert len(frames) <= 32
    assert all(np.linalg.det(frame.axes) == pytest.approx(1) for frame in frames)


@pytest.mark.parametrize("change", [lambda mesh: mesh, inverted])
def test_the_chosen_frame_looks_at_the_teeth_with_the_front_up(change):
    sight = look(change(LOWER))
    assert degrees(sight.axes[2], OCCLUSAL) < 15
    assert degrees(sight.axes[1], ANTERIOR) < 15


def test_a_height_map_leaves_out_what_lies_deep():
    points = np.array([[10.2, 20.2, 0.0], [-10.2, 0.2, -DEPTH_MM - 1], [0.2, -20.2, 50.0]], np.float32)
    heights = height_map(points)
    assert np.argwhere(heights > 0).tolist() == [[SIDE // 2 - 21, SIDE // 2 + 10], [SIDE // 2 + 20, SIDE // 2]]
    assert heights.max() == pytest.approx(1)


def test_the_ridge_of_a_parabola_is_that_parabola():
    x = np.linspace(-25, 25, 4000)
    wide = np.random.default_rng(0).normal(0, 1.0, 4000)
    points = np.column_stack([x, 18 - 0.05 * x**2 + wide, np.zeros(4000)]).astype(np.float32)
    curve = ridge_curve(height_map(points, FINE))
    middle = np.abs(curve[:, 0]) < 22
    assert curve[middle, 1] == pytest.approx(18 - 0.05 * curve[middle, 0] ** 2, abs=1.0)
    assert (unrolled(height_map(points, FINE)) > 0).any(axis=1).sum() > 55
