"""Things that are no arch: none of them may be so near an arch that training would teach to refuse real ones."""

import numpy as np
import pytest

from scans.training.parts import THINGS, thing
from scans.training.solids import MAKERS, other
from tests.training.arches import ARCHES, LOWER, UPPER, same

SEEDS = range(4)


@pytest.mark.parametrize("maker", MAKERS)
def test_every_made_up_body_has_points_and_unit_normals(maker):
    for seed in range(60):
        points, normals = maker(np.random.default_rng(seed))
        assert points.shape == normals.shape
        assert len(points) > 4_000
        assert np.isfinite(points).all()
        assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=0.3)


def test_a_made_up_thing_has_the_size_of_something_dental_and_is_no_arch():
    for seed in range(12):
        made = other(np.random.default_rng(seed))
        assert made.label == "other"
        assert 20 < np.linalg.norm(np.ptp(made.points, axis=0)) < 115
        assert same(made, other(np.random.default_rng(seed)))


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_what_is_made_of_an_arch_is_labelled_other_and_named(name, posed):
    for seed in SEEDS:
        made = thing(name, posed, np.random.default_rng(seed))
        assert (made.label, made.group) == ("other", name)
        assert np.isfinite(made.points).all()
        assert same(made, thing(name, posed, np.random.default_rng(seed)))


@pytest.mark.parametrize("name", ["gum", "floor", "base"])
def test_nothing_of_the_crowns_is_left(name):
    for seed in SEEDS:
        for posed in (UPPER, LOWER):
            made = thing(name, posed, np.random.default_rng(seed))
            assert (made.points[:, 2] > -5).mean() < 0.01


def test_a_tooth_is_no_row_of_teeth():
    for seed in SEEDS:
        made = thing("tooth", UPPER, np.random.default_rng(seed))
        assert len(made.points) < 0.25 * len(UPPER.points)


def test_an_odd_jaw_is_far_from_human_proportions():
    human = np.divide(*np.ptp(UPPER.points[UPPER.points[:, 2] > -3], axis=0)[:2])
    for seed in range(40):
        made = thing("odd jaw", UPPER, np.random.default_rng(seed))
        odd = np.divide(*np.ptp(made.points, axis=0)[:2])
        assert not 0.65 < odd / human < 1.4
