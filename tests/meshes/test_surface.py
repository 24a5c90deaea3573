"""The surface that all later steps share: welded once, whatever the reader gave."""

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from scans.meshes.mesh import Mesh
from scans.meshes.surface import BLOCK, surface
from scans.meshes.weld import weld

CUBE = trimesh.creation.box((2, 3, 4))


def cube():
    return Mesh(np.array(CUBE.vertices, np.float32), np.array(CUBE.faces, np.int32))


def soup():
    return Mesh(np.array(CUBE.triangles, np.float32).reshape(-1, 3), np.arange(36, dtype=np.int32).reshape(-1, 3))


def test_equal_corners_of_an_indexed_mesh_become_one_vertex():
    seen = surface(soup())
    assert len(seen.vertices) == 8
    assert np.array_equal(seen.vertices[seen.faces], CUBE.triangles)


def test_a_mesh_without_equal_points_keeps_its_own_arrays():
    mesh = cube()
    seen = surface(mesh)
    assert seen.vertices is mesh.vertices
    assert seen.faces is mesh.faces


def test_what_a_reader_has_welded_is_taken_at_its_word():
    vertices, faces = weld(np.array(CUBE.triangles, np.float32))
    mesh = Mesh(vertices, faces, welded=True)
    assert surface(mesh).vertices is vertices


def test_every_edge_of_a_cube_is_there_once_with_two_faces():
    edges = surface(cube()).edges
    assert len(edges.first) == len(CUBE.edges_unique)
    assert set(zip(edges.first.tolist(), edges.second.tolist(), strict=True)) == set(
        map(tuple, CUBE.edges_unique.tolist())
    )
    assert (edges.uses == 2).all()
    assert not edges.flipped.any()


@given(st.integers(0, 2**32 - 1))
def test_areas_are_trimeshs(seed):
    random = np.random.default_rng(seed)
    mesh = Mesh(random.normal(size=(40, 3)).astype(np.float32), random.integers(0, 40, (60, 3)).astype(np.int32))
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    seen = surface(mesh)
    assert seen.areas == pytest.approx(trimesh.triangles.area(corners), abs=1e-12)
    assert seen.area_vector == pytest.approx(trimesh.triangles.cross(corners).sum(axis=0) / 2, abs=1e-12)


def test_more_faces_than_one_portion_are_all_there():
    ball = trimesh.creation.icosphere(subdivisions=5)
    assert len(ball.faces) > BLOCK
    seen = surface(Mesh(np.array(ball.vertices, np.float32), np.array(ball.faces, np.int32)))
    assert seen.areas == pytest.approx(ball.area_faces, rel=1e-3)
    assert len(seen.edges.first) == len(ball.edges_unique)


def test_each_piece_has_the_number_of_its_lowest_vertex():
    two = trimesh.util.concatenate(CUBE, CUBE.copy().apply_translation([9, 0, 0]))
    labels = surface(Mesh(np.array(two.vertices, np.float32), np.array(two.faces, np.int32))).labels
    assert labels.tolist() == [0] * 8 + [8] * 8
