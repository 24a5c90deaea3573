"""Vertex clustering: by table and by sorting, the same cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.meshes import coarse
from scans.meshes.coarse import coarsen
from scans.meshes.mesh import Mesh


def cloud(seed):
    random = np.random.default_rng(seed)
    colors = random.integers(0, 256, (50, 3)).astype(np.uint8)
    return Mesh(random.uniform(-3, 3, (50, 3)).astype(np.float32), random.integers(0, 50, (80, 3), np.int32), colors)


def clustered_by_hand(mesh, cell):
    points = mesh.vertices.astype(np.float64)
    cubes, index = np.unique(np.floor((points - points.min(axis=0)) / cell), axis=0, return_inverse=True)
    index = index.reshape(-1)
    means = [points[index == cube].mean(axis=0) for cube in range(len(cubes))]
    faces = [index[face] for face in mesh.faces if len(set(index[face])) == 3]
    return np.array(means), np.array(faces)


@pytest.mark.parametrize("most_in_table", [0, 1 << 20])
@given(seed=st.integers(0, 2**32 - 1), cell=st.sampled_from([0.01, 0.7, 2.0]))
def test_the_vertices_of_a_cube_become_their_mean(most_in_table, seed, cell):
    mesh = cloud(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coarse, "MOST_IN_TABLE", most_in_table)
        found = coarsen(mesh, cell)
    vertices, faces = clustered_by_hand(mesh, cell)
    assert found.vertices == pytest.approx(vertices, abs=1e-5)
    assert np.array_equal(found.faces, faces)
    assert found.colors.shape == found.vertices.shape


def test_a_mesh_that_would_vanish_comes_back_as_it_is():
    mesh = cloud(1)
    assert coarsen(mesh, 100.0) is mesh


def test_more_cells_than_64_bits_number_with_their_place_are_sorted_too():
    mesh = cloud(2)
    assert len(coarsen(mesh, 6 / 2**20).vertices) == 50
