"""Topology against counts by hand and against trimesh."""

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from scans.meshes.mesh import Mesh
from scans.meshes.surface import surface
from scans.meshes.topology import topology
from scans.meshes.weld import weld
from tests.meshes.counting import counts_by_hand


def build(vertices, faces):
    return Mesh(np.array(vertices, np.float32), np.array(faces, np.int32))


def counts_of(mesh):
    return topology(surface(mesh))


def from_trimesh(shape):
    return build(shape.vertices, shape.faces)


def moebius(steps=12):
    """A band of 2 * steps triangles with half a turn in it: one rim, two sides that are one."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    rows = [(1 + w * np.cos(angle / 2)) * np.array([np.cos(angle), np.sin(angle)]) for w in (-0.3, 0.3)]
    heights = [w * np.sin(angle / 2) for w in (-0.3, 0.3)]
    points = np.stack([np.column_stack([*row, height]) for row, height in zip(rows, heights, strict=True)], axis=1)
    index = np.arange(2 * steps).reshape(steps, 2)
    following = np.vstack([index[1:], index[:1, ::-1]])
    first = np.column_stack([index[:, 0], following[:, 0], following[:, 1]])
    second = np.column_stack([index[:, 0], following[:, 1], index[:, 1]])
    return build(points.reshape(-1, 3), np.vstack([first, second]))


CUBE = from_trimesh(trimesh.creation.box())
SQUARE = build([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 3]])
BOOK = build([[0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, -1, 0]], [[0, 1, 2], [0, 1, 3], [0, 1, 4]])


def test_a_cube_is_closed():
    counts = counts_of(CUBE)
    assert counts.closed
    assert (counts.boundary_edges, counts.boundary_loops, counts.components) == (0, 0, 1)
    assert (counts.non_manifold_edges, counts.flipped_edges) == (0, 0)
    assert (counts.degenerate_faces, counts.duplicate_faces, counts.largest_component_faces) == (0, 0, 12)


def test_two_triangles_that_share_an_edge_have_one_rim_of_four_edges():
    counts = counts_of(SQUARE)
    assert (counts.boundary_edges, counts.boundary_loops, counts.components) == (4, 1, 1)
    assert (counts.non_manifold_edges, counts.flipped_edges, counts.closed) == (0, 0, False)


def test_a_moebius_band_has_one_rim_and_cannot_be_wound_all_one_way():
    counts = counts_of(moebius())
    assert (counts.boundary_edges, counts.boundary_loops, counts.components) == (24, 1, 1)
    assert (counts.non_manifold_edges, counts.flipped_edges) == (0, 1)


def test_three_faces_on_an_edge_are_not_a_surface_there():
    counts = counts_of(BOOK)
    assert (counts.non_manifold_edges, counts.boundary_edges, counts.boundary_loops) == (1, 6, 1)


def test_a_tube_has_two_rims():
    tube = trimesh.creation.cylinder(radius=1, height=2, sections=16)
    sides = tube.faces[np.abs(tube.face_normals[:, 2]) < 0.5]
    counts = counts_of(build(tube.vertices, sides))
    assert (counts.boundary_loops, counts.boundary_edges) == (2, 32)


def test_rims_and_pieces_that_touch_in_a_corner_are_one():
    bow_tie = build([[0, 0, 0], [1, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]], [[0, 2, 1], [0, 3, 4]])
    counts = counts_of(bow_tie)
    assert (counts.boundary_edges, counts.boundary_loops, counts.components) == (6, 1, 1)


def test_a_soup_counts_like_the_mesh_it_was():
    soup = build(CUBE.vertices[CUBE.faces].reshape(-1, 3), np.arange(36).reshape(-1, 3))
    assert counts_of(soup) == counts_of(CUBE)


def test_faces_without_area_are_counted_and_left_out():
    line = build([[0, 0, 0], [1, 0, 0], [1, 1, 0], [2, 0, 0]], [[0, 1, 2], [0, 1, 3], [1, 1, 2]])
    counts = counts_of(line)
    assert (counts.degenerate_faces, counts.boundary_edges, counts.components) == (2, 3, 1)


def test_a_mesh_of_points_only_has_no_component():
    counts = counts_of(build([[0, 0, 0]], [[0, 0, 0]]))
    assert (counts.degenerate_faces, counts.components, counts.largest_component_faces) == (1, 0, 0)
    assert not counts.closed


@pytest.mark.parametrize("again", [[0, 1, 2], [2, 0, 1], [2, 1, 0]])
def test_a_face_over_the_same_corners_is_a_duplicate_in_any_winding(again):
    assert counts_of(build(SQUARE.vertices, [[0, 1, 2], [0, 2, 3], again])).duplicate_faces == 1


def test_one_face_turned_over_has_flipped_edges():
    faces = CUBE.faces.copy()
    faces[0] = faces[0, ::-1]
    assert counts_of(build(CUBE.vertices, faces)).flipped_edges == 3


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_random_pieces_of_a_ball_count_as_trimesh_counts(seed, keep):
    ball = trimesh.creation.icosphere(subdivisions=3)
    faces = np.random.default_rng(seed).choice(ball.faces, keep, replace=False)
    piece = trimesh.Trimesh(ball.vertices, faces, process=False)
    counts = counts_of(build(ball.vertices, faces))
    rims = piece.edges_sorted[trimesh.grouping.group_rows(piece.edges_sorted, require_count=1)]
    assert counts.boundary_edges == len(rims)
    assert counts.boundary_loops == len(trimesh.graph.connected_components(rims, min_len=2, engine="scipy"))
    assert counts.components == len(trimesh.graph.connected_components(piece.edges, min_len=2, engine="scipy"))
    assert (counts.non_manifold_edges, counts.degenerate_faces, counts.duplicate_faces) == (0, 0, 0)


meshes = st.integers(0, 2**32 - 1).map(lambda seed: tangle(np.random.default_rng(seed)))


def tangle(random):
    """Thirty faces over a few points of a grid: folds, repeats, lines, loose pieces, points no face uses."""
    vertices = random.integers(0, 3, (24, 3))
    return build(vertices, random.integers(0, 20, (30, 3)))


@given(meshes, st.integers(0, 2**32 - 1))
def test_the_order_of_faces_corners_and_vertices_does_not_matter(mesh, seed):
    random = np.random.default_rng(seed)
    order, faces = random.permutation(mesh.vertex_count), random.permutation(mesh.faces)
    turned = np.stack([np.roll(face, turn) for face, turn in zip(faces, random.integers(0, 3, 30), strict=True)])
    moved = build(mesh.vertices[order], np.argsort(order)[turned])
    assert counts_of(moved) == counts_of(mesh)


@given(meshes)
def test_a_soup_counts_like_the_indexed_mesh(mesh):
    vertices, faces = weld(mesh.vertices[mesh.faces])
    assert counts_of(Mesh(vertices, faces, welded=True)) == counts_of(mesh)


@given(meshes)
def test_any_tangle_counts_as_by_hand(mesh):
    counts = counts_of(mesh)
    expected = counts_by_hand(mesh.vertices[mesh.faces])
    assert {name: getattr(counts, name) for name in expected} == expected
