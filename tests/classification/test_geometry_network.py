"""The forward pass in NumPy, and the weights that are shipped."""

import numpy as np
import pytest

from scans.classification.geometry.maps import SIDE, UNROLLED
from scans.classification.geometry.network import (
    CLASSES,
    WEIGHTS,
    Convolution,
    network_of,
    networks,
    probabilities,
)


def test_a_convolution_sums_what_lies_under_its_kernel():
    image = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
    everything = Convolution(np.ones((9, 1), np.float32), np.array([0.5], np.float32), kernel=3, stride=1)
    assert everything(image)[0, :, :, 0].tolist() == [[8.5, 15.5, 12.5], [21.5, 36.5, 27.5], [20.5, 33.5, 24.5]]


def test_a_stride_of_two_keeps_every_other_place_and_nothing_below_zero():
    image = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
    less_five = Convolution(np.array([[1.0]], np.float32), np.array([-5.0], np.float32), kernel=1, stride=2)
    assert less_five(image)[0, :, :, 0].tolist() == [[0, 0], [1, 3]]


def test_channels_are_mixed_in_the_order_row_column_input():
    image = np.zeros((1, 1, 1, 2), np.float32)
    image[0, 0, 0] = [2, 3]
    weights = np.zeros((3, 3, 2, 1), np.float32)
    weights[1, 1, :, 0] = [10, 100]
    assert Convolution(weights.reshape(-1, 1), np.zeros(1, np.float32), 3, 1)(image).item() == 320


def test_a_whole_network_computed_by_hand():
    arrays = {
        "a.0.conv0.weights": np.full((1, 1, 1, 1), 2.0, np.float16),
        "a.0.conv0.bias": np.array([-1.0], np.float16),
        "a.0.conv0.stride": np.array(1, np.float16),
        "a.0.dense0.weights": np.array([[1.0, -1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]], np.float16),
        "a.0.dense0.bias": np.array([0.5, 0.0], np.float16),
        "a.0.dense1.weights": np.array([[1.0, 2.0], [5.0, 5.0]], np.float16),
        "a.0.dense1.bias": np.array([0.0, -1.0], np.float16),
    }
    logits = network_of(arrays, "a.0").logits(np.array([[[1.0, 2.0], [0.0, 0.0]]], np.float32))
    assert logits.tolist() == [[4.5, 8.0]]


def test_probabilities_sum_to_one_however_large_the_logits():
    assert probabilities(np.array([[1000.0, 0.0], [0.0, 0.0]], np.float32)).tolist() == [[1, 0], [0.5, 0.5]]


@pytest.mark.parametrize(("kind", "shape"), [("heights", (SIDE, SIDE)), ("rolled", UNROLLED)])
def test_the_shipped_networks_fit_their_pictures(kind, shape):
    assert networks()[kind]
    for network in networks()[kind]:
        assert network.logits(np.zeros((2, *shape), np.float32)).shape == (2, len(CLASSES))


def test_the_weights_are_small_and_no_pickle():
    assert WEIGHTS.stat().st_size < 500_000
    with np.load(WEIGHTS, allow_pickle=False) as file:
        assert all(np.isfinite(file[name]).all() for name in file.files)
