"""Connected pieces against SciPy, and on the shapes that are slow for simpler methods."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scans.meshes.pieces import pieces


def lowest_by_scipy(edges, count):
    graph = coo_array((np.ones(len(edges)), edges.T), shape=(count, count))
    _, first, label = np.unique(connected_components(graph, directed=False)[1], return_index=True, return_inverse=True)
    return first[label]


def found(edges, count):
    edges = np.unique(np.sort(edges, axis=1), axis=0).astype(np.int32)
    return pieces(np.ascontiguousarray(edges[:, 0]), np.ascontiguousarray(edges[:, 1]), count)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(0, 90))
def test_they_are_scipys_and_named_by_their_lowest_point(seed, count, edges):
    ends = np.random.default_rng(seed).integers(0, count, (edges, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    assert np.array_equal(found(ends, count), lowest_by_scipy(ends, count))


def chain(count):
    return np.column_stack([np.arange(count - 1), np.arange(1, count)])


def star_around_the_last(count):
    return np.column_stack([np.arange(count - 1), np.full(count - 1, count - 1)])


def zigzag(count):
    """A chain whose points alternate between low and high numbers."""
    order = np.ravel(np.column_stack([np.arange(count // 2), np.arange(count // 2, count)]))
    return np.column_stack([order[:-1], order[1:]])


@pytest.mark.parametrize("shape", [chain, star_around_the_last, zigzag])
def test_no_numbering_makes_it_slow_or_wrong(shape):
    assert not found(shape(200_000), 200_000).any()


def test_without_edges_every_point_is_a_piece():
    assert found(np.empty((0, 2), np.int32), 3).tolist() == [0, 1, 2]
