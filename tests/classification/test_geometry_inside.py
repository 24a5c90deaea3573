"""What is measured of the horseshoe itself: teeth make its ridge rise and fall, gum alone does not."""

import numpy as np
import pytest

from scans.classification.by_geometry import LEAST_RELIEF_MM, shape_of
from scans.classification.geometry.inside import inside_of
from scans.classification.geometry.look import Sight
from scans.classification.verdict import CONFIDENT
from scans.training.parts import thing
from scans.training.posed import ridge_of
from scans.training.variations import coarse, noisy, smoothed
from tests.training.arches import ARCHES

SURE_OF_LOWER = {"upper": 0.02, "lower": 0.96, "bite": 0.0, "none": 0.02}


def toothless(name, seed):
    gum = thing("gum", ARCHES[name], np.random.default_rng(seed)).points
    return inside_of((gum - [0, 0, np.quantile(gum[:, 2], 0.985)]).astype(np.float32))


@pytest.mark.parametrize("name", ARCHES)
@pytest.mark.parametrize("change", [None, smoothed, coarse, noisy])
def test_a_row_of_teeth_goes_up_and_down_however_it_was_exported(name, change):
    for seed in range(3):
        posed = ARCHES[name]
        if change is not None:
            posed = change(posed, ridge_of(posed), np.random.default_rng(seed))
        assert inside_of(posed.points.astype(np.float32)).relief_mm > LEAST_RELIEF_MM


@pytest.mark.parametrize("name", ARCHES)
def test_gum_without_teeth_is_smooth_and_left_to_a_person_however_sure_the_networks_are(name):
    for seed in range(3):
        inside = toothless(name, seed)
        assert inside.relief_mm < LEAST_RELIEF_MM
        assert shape_of(Sight(SURE_OF_LOWER, agreement=0.96, inside=inside)).vote.confidence < CONFIDENT


def test_a_few_millimetres_of_ridge_have_no_relief_to_speak_of():
    x, y = np.meshgrid(np.arange(-4, 4, 0.3), np.arange(-4, 4, 0.3))
    patch = np.column_stack([x.ravel(), y.ravel(), np.sin(x.ravel() * 3)]).astype(np.float32)
    assert inside_of(patch).relief_mm == 0
