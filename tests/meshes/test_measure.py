"""Measures against trimesh and against solids whose size is known."""

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from scans.meshes.measure import Measures, measure
from scans.meshes.mesh import Mesh
from scans.meshes.surface import surface


def build(shape):
    return Mesh(np.array(shape.vertices, np.float32), np.array(shape.faces, np.int32))


def measured(mesh):
    return measure(surface(mesh))


def flat(measures: Measures):
    return np.hstack([np.ravel(getattr(measures, name)) for name in Measures.__slots__])


def blob(seed=0, count=60):
    generator = np.random.default_rng(seed)
    return trimesh.Trimesh(generator.normal(size=(40, 3)), generator.integers(0, 40, (count, 3)), process=False)


def test_a_box_measures_what_it_is():
    measures = measured(build(trimesh.creation.box((2, 3, 4))))
    assert measures.area_mm2 == pytest.approx(52)
    assert measures.size_mm == pytest.approx((2, 3, 4))
    assert measures.box_min == pytest.approx((-1, -1.5, -2))
    assert measures.centroid == pytest.approx((0, 0, 0), abs=1e-6)
    assert measures.facing == pytest.approx(0, abs=1e-6)
    assert measures.faces_per_mm2 == pytest.approx(12 / 52)


def test_a_flat_face_points_one_way():
    triangle = Mesh(np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0]], np.float32), np.array([[0, 1, 2]], np.int32))
    measures = measured(triangle)
    assert measures.area_vector == pytest.approx((0, 0, 6))
    assert measures.facing == pytest.approx(1)
    assert measures.mean_edge_mm == pytest.approx(4)
    assert measures.centroid == pytest.approx((1, 4 / 3, 0))


def test_half_a_ball_faces_as_its_rim_does():
    ball = trimesh.creation.uv_sphere(radius=10, count=[64, 64])
    half = trimesh.Trimesh(ball.vertices, ball.faces[ball.triangles_center[:, 2] > 0], process=False)
    measures = measured(build(half))
    assert measures.area_vector == pytest.approx((0, 0, 100 * np.pi), rel=0.01, abs=0.1)
    assert measures.facing == pytest.approx(0.5, abs=0.01)


def test_a_face_without_area_is_measured_too():
    measures = measured(Mesh(np.zeros((1, 3), np.float32), np.zeros((1, 3), np.int32)))
    assert (measures.area_mm2, measures.facing, measures.faces_per_mm2) == (0, 0, 0)


def test_points_that_no_face_uses_do_not_count():
    box = build(trimesh.creation.box((2, 3, 4)))
    stray = Mesh(np.vstack([box.vertices, [[900, 900, 900]]]).astype(np.float32), box.faces)
    assert measured(stray) == measured(box)


def test_turning_changes_no_extent():
    box = trimesh.creation.box((20, 30, 40))
    box.vertices = Rotation.from_euler("xyz", [0.3, 1.1, -0.7]).apply(box.vertices)
    assert measured(build(box)).extents_mm == pytest.approx((40, 30, 20), rel=1e-4)


@given(st.integers(0, 2**32 - 1))
def test_area_centroid_and_box_are_trimeshs(seed):
    shape = blob(seed)
    measures = measured(build(shape))
    used = shape.vertices[np.unique(shape.faces)]
    assert measures.area_mm2 == pytest.approx(shape.area, rel=1e-5)
    assert measures.centroid == pytest.approx(tuple(shape.centroid), rel=1e-4, abs=1e-5)
    assert (*measures.box_min, *measures.box_max) == pytest.approx((*used.min(0), *used.max(0)), rel=1e-6)


@given(st.randoms(use_true_random=False))
def test_the_order_of_faces_and_vertices_does_not_matter(random):
    mesh = build(blob())
    order = random.sample(range(mesh.vertex_count), mesh.vertex_count)
    faces = np.argsort(order)[mesh.faces][random.sample(range(mesh.face_count), mesh.face_count)]
    shuffled = Mesh(mesh.vertices[order], faces.astype(np.int32))
    assert flat(measured(shuffled)) == pytest.approx(flat(measured(mesh)), rel=1e-9, abs=1e-9)
