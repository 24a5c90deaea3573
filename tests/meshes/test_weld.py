"""Welding a triangle soup: exact, in order of first use, no face lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scans.meshes import weld as weld_module
from scans.meshes.weld import weld, weld_blocks, weld_points

coarse = st.sampled_from([-1.0, -0.0, 0.0, 0.5, 1.0, 1.0000001, 3e38, 1e-45])
soups = hnp.arrays(np.float32, st.tuples(st.integers(0, 12), st.just(3), st.just(3)), elements=coarse.map(np.float32))


def weld_by_dictionary(triangles):
    """The same by hand, one corner at a time."""
    seen: dict[tuple[float, ...], int] = {}
    faces = [[seen.setdefault(tuple(corner), len(seen)) for corner in face] for face in triangles.tolist()]
    return list(seen), faces


def grid_soup(side):
    """2 * side**2 triangles over (side + 1)**2 points, in the order a scanner's export would have."""
    x, y = np.meshgrid(np.arange(side + 1, dtype=np.float32), np.arange(side + 1, dtype=np.float32), indexing="ij")
    points = np.stack([x * 0.1, y * 0.1, np.sin(x) + np.cos(y)], axis=-1).astype(np.float32)
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    return np.stack([np.stack([a, b, c], 2), np.stack([a, c, d], 2)], 2).reshape(-1, 3, 3)


@given(soups)
def test_it_equals_welding_by_hand(triangles):
    vertices, faces = weld(triangles)
    expected_vertices, expected_faces = weld_by_dictionary(triangles)
    assert [tuple(vertex) for vertex in vertices.tolist()] == expected_vertices
    assert faces.tolist() == expected_faces
    assert (vertices.dtype, faces.dtype) == (np.float32, np.int32)


@given(soups)
def test_every_face_keeps_its_corners(triangles):
    vertices, faces = weld(triangles)
    assert np.array_equal(vertices[faces], triangles)


def test_minus_zero_is_zero():
    vertices, faces = weld(np.array([[[0.0, 0, 0], [-0.0, -0.0, 1], [0.0, 0.0, 1]]], np.float32))
    assert len(vertices) == 2
    assert faces.tolist() == [[0, 1, 1]]
    assert not np.signbit(vertices).any()


def test_nearly_equal_is_not_equal():
    step = np.nextafter(np.float32(1), np.float32(2))
    vertices, _ = weld(np.array([[[1, 1, 1], [step, 1, 1], [1, step, 1]]], np.float32))
    assert len(vertices) == 3


def test_no_faces_give_no_vertices():
    vertices, faces = weld(np.empty((0, 3, 3), np.float32))
    assert (vertices.shape, faces.shape) == ((0, 3), (0, 3))


@settings(max_examples=20)
@given(soups, st.integers(0, 2))
def test_what_no_hash_separates_is_sorted(triangles, rounds):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weld_module, "_HASH_ROUNDS", rounds)
        vertices, faces = weld(triangles)
    expected_vertices, expected_faces = weld_by_dictionary(triangles)
    assert [tuple(vertex) for vertex in vertices.tolist()] == expected_vertices
    assert faces.tolist() == expected_faces


@pytest.mark.parametrize("block", [1, 2, 5])
@given(triangles=soups)
def test_the_portions_do_not_show(block, triangles):
    portions = [triangles[start : start + block] for start in range(0, len(triangles), block)]
    vertices, faces = weld_blocks(portions)
    expected_vertices, expected_faces = weld_by_dictionary(triangles)
    assert [tuple(vertex) for vertex in vertices.tolist()] == expected_vertices
    assert faces.tolist() == expected_faces


def test_a_large_scan_in_any_order_is_welded_exactly():
    soup = grid_soup(120)
    shuffled = np.random.default_rng(1).permutation(soup)
    vertices, faces = weld(shuffled)
    assert len(faces) > weld_module.BLOCK
    assert len(vertices) == 121**2
    assert np.array_equal(vertices[faces], shuffled)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_points_that_hash_alike_stay_apart(seed):
    """Random bits: many points, few slots, no two equal but by chance."""
    points = np.random.default_rng(seed).random((4000, 3), np.float32)
    vertices, number = weld_points(np.concatenate([points, points[::-1]]))
    assert np.array_equal(vertices, points)
    assert np.array_equal(number, np.concatenate([np.arange(4000), np.arange(4000)[::-1]]))
