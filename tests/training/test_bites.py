"""A bite made of two arches holds both rows, seen from the cheek."""

from dataclasses import replace

import numpy as np
import pytest

from scans.training.bites import articulated, bite, varied_bite
from tests.training.arches import LOWER, UPPER, same

SEEDS = range(8)
MARKED = replace(UPPER, normals=np.zeros_like(UPPER.normals))
"""Its points can be told from the lower one's in a bite: no step of making one gives a point another normal."""


def test_the_upper_teeth_face_the_lower_ones_with_the_fronts_ahead():
    points, normals = articulated(UPPER, LOWER, np.random.default_rng(0))
    upper, lower = np.split(points, [len(UPPER.points)])
    assert np.array_equal(lower, LOWER.points)
    assert upper[:, 2].max() > 8
    assert abs(np.quantile(upper[:, 2], 0.01) - np.quantile(lower[:, 2], 0.99)) < 4
    assert upper[:, 1].max() == pytest.approx(lower[:, 1].max(), abs=8)
    crowns = normals[: len(UPPER.points)][UPPER.points[:, 2] > -1]
    assert crowns[:, 2].mean() < 0


def test_turning_the_upper_over_makes_no_mirror_image():
    points, _ = articulated(UPPER, UPPER, np.random.default_rng(0))
    upper, lower = np.split(points, 2)
    chosen = np.random.default_rng(1).integers(len(lower), size=(50, 4))
    volumes = [np.linalg.det(each[chosen[:, 1:]] - each[chosen[:, :1]]) for each in (upper, lower)]
    assert np.allclose(*volumes, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bite_shows_both_rows_the_upper_one_above(seed):
    made = bite(MARKED, LOWER, np.random.default_rng(seed))
    is_upper = ~made.normals.any(axis=1)
    assert 0.15 < is_upper.mean() < 0.85
    assert np.median(made.points[is_upper, 1]) > np.median(made.points[~is_upper, 1]) + 3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bite_is_a_strip_that_looks_at_the_camera(seed):
    made = bite(UPPER, LOWER, np.random.default_rng(seed))
    assert made.label == "bite"
    along, high, deep = np.ptp(made.points, axis=0)
    assert 15 < along < 75
    assert 8 < high < 26
    assert made.normals[:, 2].mean() > 0
    assert deep < along + 20


def test_a_varied_bite_is_the_same_by_the_same_seed_only():
    made = [varied_bite(UPPER, LOWER, np.random.default_rng(seed)) for seed in (3, 3, 4)]
    assert same(made[0], made[1])
    assert not same(made[0], made[2])
