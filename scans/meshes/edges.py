"""The edges of a surface: every one once, with how many faces use it and in which direction."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CORNER = np.uint64(32)
_BLOCK = 1 << 16
"""Handled at a time: needs little memory and stays in the processor's cache."""


class Edges(NamedTuple):
    """E edges, ascending. first, second: (E,) int32, lower and higher corner. uses: (E,) int32, faces at the edge.

    flipped: (E,) bool, whether it has just two faces and both run through it the same way, so that one is inside out.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    uses: NDArray[np.int32]
    flipped: NDArray[np.bool_]


def edges(faces: NDArray[np.int32]) -> Edges:
    """(F, 3) faces with three different corners each -> their edges."""
    keys = _keys(faces)
    keys.sort()
    is_first, is_repeated = _runs(keys)
    starts = np.flatnonzero(is_first).astype(np.int32)
    uses = np.diff(starts, append=np.int32(len(keys)))
    flipped = (uses == 2) & is_repeated[starts]
    keys = keys[is_first]
    first = (keys >> _CORNER).astype(np.int32)
    keys &= np.uint64(0xFFFFFFFF)
    keys >>= np.uint64(1)
    return Edges(first, keys.astype(np.int32), uses, flipped)


def _keys(faces: NDArray[np.int32]) -> NDArray[np.uint64]:
    """(3 F,) one sortable number an edge of a face: lower corner, higher corner, whether the face runs upwards."""
    keys = np.empty((3, len(faces)), np.uint64)
    for start in range(0, len(faces), _BLOCK):
        columns = faces[start : start + _BLOCK].T.astype(np.uint64, order="C")
        for key, begin, end in zip(keys[:, start : start + _BLOCK], columns, np.roll(columns, -1, axis=0), strict=True):
            np.minimum(begin, end, out=key)
            key <<= _CORNER
            key |= np.maximum(begin, end) << np.uint64(1)
            key |= begin < end
    return keys.reshape(-1)


def _runs(keys: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(N,) which keys are the first of their edge; which are equal to the next one, so that two faces run alike."""
    is_first, is_repeated = np.ones(len(keys), bool), np.zeros(len(keys), bool)
    for start in range(0, len(keys) - 1, _BLOCK):
        part = keys[start : start + _BLOCK + 1]
        change = part[1:] ^ part[:-1]
        np.greater(change, np.uint64(1), out=is_first[start + 1 : start + len(part)])
        np.equal(change, np.uint64(0), out=is_repeated[start : start + len(part) - 1])
    return is_first, is_repeated
