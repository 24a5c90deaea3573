"""Small convolutional networks, forward only, in NumPy: what training wrote into weights.npz."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scans.classification.geometry.cloud import Floats

WEIGHTS = Path(__file__).with_name("weights.npz")
CLASSES = ("upper", "lower", "bite", "none")


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """weights: (kernel * kernel * inputs, outputs) in order row, column, input. bias: (outputs,). Ends in a ReLU."""

    weights: Floats
    bias: Floats
    kernel: int
    stride: int

    def __call__(self, images: Floats) -> Floats:
        """(N, H, W, inputs) -> (N, H', W', outputs), padded by half a kernel with zeros."""
        pad = self.kernel // 2
        padded = np.pad(images, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        windows = sliding_window_view(padded, (self.kernel, self.kernel), axis=(1, 2))
        windows = windows[:, :: self.stride, :: self.stride].transpose(0, 1, 2, 4, 5, 3)
        count, height, width = windows.shape[:3]
        columns = windows.reshape(count * height * width, -1)
        values = np.maximum(columns @ self.weights + self.bias, 0)
        result: Floats = values.reshape(count, height, width, -1)
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Convolutions, then two dense layers with a ReLU between them."""

    convolutions: tuple[Convolution, ...]
    dense: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]

    def logits(self, images: Floats) -> Floats:
        """(N, H, W) pictures, 0..1 -> (N, len(CLASSES))."""
        values = images[..., None].astype(np.float32)
        for convolution in self.convolutions:
            values = convolution(values)
        values = values.reshape(len(values), -1)
        (first, first_bias), (second, second_bias) = self.dense
        result: Floats = np.maximum(values @ first + first_bias, 0) @ second + second_bias
        return result


@lru_cache(maxsize=2)
def networks(weights: Path = WEIGHTS) -> Mapping[str, tuple[Network, ...]]:
    """By what they look at (`heights`, `rolled`): a network for each seed."""
    with np.load(weights, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    kinds = sorted({name.split(".")[0] for name in arrays})
    return {
        kind: tuple(network_of(arrays, f"{kind}.{seed}") for seed in _numbers(arrays, f"{kind}.")) for kind in kinds
    }


def network_of(arrays: Mapping[str, NDArray[np.float16]], name: str) -> Network:
    """Arrays NAME.convN.weights (kernel, kernel, inputs, outputs), .bias, .stride; NAME.denseN.weights, .bias."""
    convolutions = []
    for number in _numbers(arrays, f"{name}.conv"):
        weights = arrays[f"{name}.conv{number}.weights"].astype(np.float32)
        kernel = weights.shape[0]
        bias = arrays[f"{name}.conv{number}.bias"].astype(np.float32)
        stride = int(arrays[f"{name}.conv{number}.stride"])
        convolutions.append(Convolution(weights.reshape(-1, weights.shape[3]), bias, kernel, stride))
    first, second = (
        (
            arrays[f"{name}.dense{number}.weights"].astype(np.float32),
            arrays[f"{name}.dense{number}.bias"].astype(np.float32),
        )
        for number in (0, 1)
    )
    return Network(tuple(convolutions), (first, second))


def _numbers(arrays: Mapping[str, object], prefix: str) -> list[int]:
    return sorted({int(name[len(prefix) :].split(".")[0]) for name in arrays if name.startswith(prefix)})


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result
