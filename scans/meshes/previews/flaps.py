"""Faces that clustering has laid upon each other: seen from both sides at once, they would look like dark specks."""

import numpy as np
from numpy.typing import NDArray

_BITS = 20
"""Of a corner's number: three of them and the direction fill one sortable number."""


def without_flaps(faces: NDArray[np.int32], vertex_count: int) -> NDArray[np.int32]:
    """(F, 3) faces with three different corners each -> without the flaps, in order of their corners.

    Of faces with the same corners one remains, running the way of the majority; of as many in one direction as in the
    other none does: both sides of a fold cancel, and the rim around them stays a rim. Meshes of more than a million
    vertices are left alone.
    """
    if vertex_count > 1 << _BITS:
        return faces
    keys = np.sort(_keys(faces))
    numbers = keys >> 1
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    backwards = np.add.reduceat(keys & 1, starts)
    surplus = np.diff(starts, append=len(keys)) - 2 * backwards
    numbers, surplus = numbers[starts][surplus != 0], surplus[surplus != 0]
    corners = [(numbers >> shift & ((1 << _BITS) - 1)).astype(np.int32) for shift in (2 * _BITS, _BITS, 0)]
    second, third = (np.where(surplus > 0, *pair) for pair in (corners[1:], corners[:0:-1]))
    return np.stack([corners[0], second, third], axis=1)


def _keys(faces: NDArray[np.int32]) -> NDArray[np.int64]:
    """(F,) lowest, middle and highest corner, then whether the face runs through them backwards."""
    first, second, third = (faces[:, corner].astype(np.int64) for corner in range(3))
    low, high = np.minimum(np.minimum(first, second), third), np.maximum(np.maximum(first, second), third)
    ascents = (first < second).astype(np.int64) + (second < third) + (third < first)
    corners = low << 2 * _BITS | (first + second + third - low - high) << _BITS | high
    keys: NDArray[np.int64] = corners << 1 | (ascents == 1)
    return keys
