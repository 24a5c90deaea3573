"""Fewer faces, the same scan: its shape, its rim, its colours, its outside."""

import numpy as np
import open3d
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from scans.classification.vocabulary import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.previews.flaps import without_flaps
from scans.meshes.previews.simplify import MOST_AT_A_VERTEX, simplify
from scans.synthetic.arch import make_arch

ARCH = make_arch(Arch.LOWER, seed=1, faces=60_000)
WAYS = pytest.mark.parametrize("most", [30_000, 6_000], ids=["decimated", "clustered first"])


def as_trimesh(mesh):
    return trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)


def nearest(mesh, points):
    """Distance of each point to the surface, and which face is nearest."""
    scene = open3d.t.geometry.RaycastingScene(nthreads=1)
    scene.add_triangles(open3d.core.Tensor(mesh.vertices), open3d.core.Tensor(mesh.faces.astype(np.uint32)))
    found = scene.compute_closest_points(open3d.core.Tensor(np.asarray(points, np.float32)))
    return np.linalg.norm(found["points"].numpy() - points, axis=1), found["primitive_ids"].numpy()


def sheet(size, columns=200):
    """A wavy square without holes: a rim and nothing else."""
    x, y = np.meshgrid(np.linspace(0, size, columns), np.linspace(0, size, columns))
    points = np.column_stack([x.ravel(), y.ravel(), 0.02 * size * np.sin(x * 9 / size).ravel()])
    index = np.arange(columns**2).reshape(columns, columns)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Mesh(points.astype(np.float32), faces.astype(np.int32))


def test_a_small_mesh_is_left_alone():
    assert simplify(ARCH, ARCH.face_count) is ARCH


@WAYS
def test_it_keeps_to_the_number(most):
    assert 0.5 * most < simplify(ARCH, most).face_count <= most


@WAYS
def test_it_stays_in_its_place(most):
    few = simplify(ARCH, most)
    spacing = np.sqrt(as_trimesh(ARCH).area / most)
    distances, _ = nearest(few, ARCH.vertices[::25])
    assert distances.mean() < 0.1 * spacing
    assert np.quantile(distances, 0.99) < spacing


@WAYS
def test_the_outside_stays_outside(most):
    few = as_trimesh(simplify(ARCH, most))
    _, near = nearest(ARCH, few.triangles_center[::7])
    agreement = (few.face_normals[::7] * as_trimesh(ARCH).face_normals[near]).sum(axis=1)
    assert np.average(agreement < 0, weights=few.area_faces[::7]) < 0.005
    wanted, found = (mesh.face_normals.T @ mesh.area_faces for mesh in (as_trimesh(ARCH), few))
    assert found == pytest.approx(wanted, abs=0.01 * few.area)


@pytest.mark.parametrize("size", [1e-3, 80, 1e5])
@pytest.mark.parametrize("most", [40_000, 10_000])
def test_the_rim_stays_and_no_hole_opens(size, most):
    few = as_trimesh(simplify(sheet(size), most))
    edges = np.sort(few.edges, axis=1)
    kinds, uses = np.unique(edges, axis=0, return_counts=True)
    middles = few.vertices[kinds[uses == 1]].mean(axis=1)[:, :2]
    from_rim = np.minimum(middles, size - middles).min(axis=1)
    assert from_rim.max() < 0.02 * size
    assert np.ptp(few.vertices[:, :2], axis=0) == pytest.approx(size, rel=0.02)
    assert few.area == pytest.approx(as_trimesh(sheet(size)).area, rel=0.025)


def test_folds_that_clustering_lays_together_vanish_and_doubles_become_one():
    faces = np.array([[0, 1, 2], [2, 1, 0], [3, 1, 0], [1, 0, 3], [2, 3, 1], [1, 2, 3], [3, 2, 1]], np.int32)
    left = without_flaps(faces, 4)
    kept = {tuple(np.roll(face, -face.argmin())) for face in left}
    assert kept == {(0, 3, 1), (1, 2, 3)}
    assert len(left) == 2


@WAYS
def test_colours_come_along(most):
    few = simplify(ARCH, most)
    assert few.colors.shape == (few.vertex_count, 3)
    near = KDTree(ARCH.vertices).query(few.vertices)[1]
    differences = np.abs(few.colors.astype(int) - ARCH.colors[near]).max(axis=1)
    assert np.median(differences) < 8
    assert np.quantile(differences, 0.95) < 60


def test_it_is_the_same_every_time():
    first, second = simplify(ARCH, 9_000), simplify(ARCH, 9_000)
    assert first.vertices.tobytes() == second.vertices.tobytes()
    assert first.faces.tobytes() == second.faces.tobytes()
    assert first.colors.tobytes() == second.colors.tobytes()


def test_a_fan_of_very_many_faces_takes_no_longer():
    count = 100 * MOST_AT_A_VERTEX
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    points = np.vstack([[0, 0, 1], np.column_stack([np.cos(angles), np.sin(angles), np.zeros(count)])])
    ring = np.arange(1, count + 1)
    fan = Mesh(points.astype(np.float32), np.stack([ring * 0, ring, np.roll(ring, -1)], 1).astype(np.int32))
    few = simplify(fan, 5_000)
    assert few.face_count <= 5_000
    assert as_trimesh(few).area == pytest.approx(as_trimesh(fan).area, rel=0.05)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 30),
    st.integers(1, 200),
    st.floats(-3, 5),
    st.floats(-1e5, 1e5),
    st.integers(0, 2**32),
    st.integers(1, 60),
)
def test_whatever_it_gets_it_keeps_to_the_number_and_the_box(count, face_count, power, offset, seed, most):
    random = np.random.default_rng(seed)
    vertices = (random.normal(size=(count, 3)) * 10.0**power + offset).astype(np.float32)
    faces = random.integers(0, count, (face_count, 3)).astype(np.int32)
    few = simplify(Mesh(vertices, faces, random.integers(0, 256, (count, 3)).astype(np.uint8)), most)
    assert 1 <= few.face_count <= max(most, 1)
    assert few.faces.min() >= 0
    assert few.faces.max() < few.vertex_count
    assert len(few.colors) == few.vertex_count
    slack = 1e-5 * (np.abs(vertices).max() + 1)
    assert (few.vertices >= vertices.min(axis=0) - slack).all()
    assert (few.vertices <= vertices.max(axis=0) + slack).all()
