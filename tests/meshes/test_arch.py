"""The arch's own frame: found from the shape, however the file is turned, and not found where there is none."""

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from scans.meshes.arch import arch_view, occlusal_direction, robust_fit
from scans.meshes.coarse import coarsen
from scans.meshes.mesh import Mesh

RIGHT, ANTERIOR, OCCLUSAL = np.eye(3)


def horseshoe(depth=45.0, width=56.0, wall=7.0, step=0.7):
    """A ridge along a parabola, front towards +y, teeth towards +z: made of nothing but a height over a grid."""
    x, y = np.meshgrid(np.arange(-45, 45, step), np.arange(-60, 15, step), indexing="ij")
    curve_x = np.linspace(-width / 2, width / 2, 400)
    curve = np.column_stack([curve_x, -depth * (curve_x / (width / 2)) ** 2])
    distance = np.sqrt((x[..., None] - curve[:, 0]) ** 2 + (y[..., None] - curve[:, 1]) ** 2).min(axis=2)
    points = np.stack([x, y, -14 * (1 - np.exp(-((distance / 4.5) ** 2)))], axis=-1)
    index = np.arange(x.size).reshape(x.shape)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    near = (distance.ravel() < wall)[faces].all(axis=1)
    return Mesh(points.reshape(-1, 3).astype(np.float32), faces[near].astype(np.int32))


MESH = horseshoe()


def turned(mesh, rotation, shift=(0, 0, 0)):
    return Mesh((rotation.apply(mesh.vertices) + shift).astype(np.float32), mesh.faces, mesh.colors)


def degrees(a, b):
    return np.degrees(np.arccos(np.clip(np.dot(a, b), -1, 1)))


def test_the_frame_is_right_handed_and_looks_at_the_teeth_with_the_front_up():
    view = arch_view(MESH)
    assert view is not None
    assert view.axes @ view.axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(view.axes) == pytest.approx(1)
    assert degrees(view.axes[2], OCCLUSAL) < 2
    assert degrees(view.axes[1], ANTERIOR) < 3


def test_the_horseshoe_has_the_size_it_was_built_with():
    shape = arch_view(MESH).horseshoe
    assert shape.width_mm == pytest.approx(56, abs=3)
    assert shape.depth_mm == pytest.approx(45, abs=3)
    assert shape.asymmetry_mm < 0.8
    assert shape.parabola[0] == pytest.approx(45 / 28**2, rel=0.1)
    assert shape.parabola_error_mm < 1


def test_heights_are_counted_from_the_occlusal_plane_and_the_rim_lies_below():
    view = arch_view(MESH)
    assert np.nanmax(view.map.heights) == pytest.approx(0, abs=1)
    assert view.rim_mm == pytest.approx(-13, abs=1.5)
    assert np.median(view.horseshoe.points[:, 2]) == pytest.approx(0, abs=0.5)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_turning_moving_and_reordering_turns_the_frame_along(seed):
    generator = np.random.default_rng(seed)
    rotation = Rotation.random(rng=generator)
    moved = turned(MESH, rotation, generator.normal(size=3) * 60)
    view = arch_view(Mesh(moved.vertices, generator.permutation(moved.faces)))
    assert degrees(view.axes[2], rotation.apply(OCCLUSAL)) < 2
    assert degrees(view.axes[1], rotation.apply(ANTERIOR)) < 3


@pytest.mark.parametrize(
    "shape",
    [
        trimesh.creation.icosphere(subdivisions=3, radius=30),
        trimesh.creation.box((60, 50, 20)),
        trimesh.creation.box((6, 5, 2)),
        trimesh.creation.box((6e5, 5e5, 2e5)),
    ],
    ids=["ball", "box", "small", "huge"],
)
def test_what_is_closed_or_of_another_size_has_no_frame(shape):
    assert arch_view(Mesh(shape.vertices.astype(np.float32), shape.faces.astype(np.int32))) is None


@pytest.mark.parametrize("corner", [[0, 0, 0], [50, 0, 0], [100, 0, 0], [1e30, 0, 0], [3e38, -3e38, 0]])
def test_a_single_triangle_has_no_frame(corner):
    vertices = np.array([[0, 0, 0], [60, 0, 0], corner], np.float32)
    assert arch_view(Mesh(vertices, np.array([[0, 1, 2]], np.int32))) is None


def test_the_occlusal_direction_of_a_closed_model_is_not_known():
    ball = trimesh.creation.icosphere(subdivisions=3, radius=30)
    assert occlusal_direction(Mesh(ball.vertices.astype(np.float32), ball.faces.astype(np.int32))) is None


def test_the_robust_fit_ignores_what_lies_far_below():
    x = np.linspace(-1, 1, 41)
    values = 3 * x + 1
    values[::5] -= 40
    coefficients, error = robust_fit(np.column_stack([x, np.ones(41)]), values, below=0.5, scale=0.5)
    assert coefficients == pytest.approx([3, 1], abs=0.1)
    assert error < 0.1


def test_coarsening_keeps_the_surface_together():
    coarse = coarsen(MESH, 2.0)
    assert coarse.face_count < MESH.face_count / 3
    shape = trimesh.Trimesh(coarse.vertices, coarse.faces)
    assert shape.body_count == 1
    assert shape.area == pytest.approx(trimesh.Trimesh(MESH.vertices, MESH.faces).area, rel=0.15)


def test_coarsening_blends_colours_and_never_empties_a_mesh():
    colored = Mesh(MESH.vertices, MESH.faces, np.full((MESH.vertex_count, 3), [10, 20, 30], np.uint8))
    coarse = coarsen(colored, 2.0)
    assert coarse.colors.tolist() == [[10, 20, 30]] * coarse.vertex_count
    assert coarsen(MESH, 1000.0) is MESH
