"""Which points hang together: connected components in NumPy alone, as importing SciPy costs more than they do."""

import numpy as np
from numpy.typing import NDArray


def pieces(first: NDArray[np.int32], second: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """(count,) int32, for every point the lowest point of its piece.

    first, second: (E,) the ends of the edges, first < second, in ascending order. Every root of a tree hooks on its
    lowest neighbour and all trees are flattened, until no edge joins two trees: at most O(log^2 count) rounds (Liu and
    Tarjan 2022, "Simple concurrent labeling algorithms"); meshes take three to five.
    """
    root = np.arange(count, dtype=np.int32)
    while len(first):
        # NumPy assigns repeated indices in order and the last one stays: backwards, that is the lowest neighbour.
        root[second[::-1]] = first[::-1]
        _flatten(root)
        first, second = _between(root.take(first), root.take(second))
    return root


def _between(first: NDArray[np.int32], second: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The edges whose ends differ, once each, lower end first, ascending."""
    apart = first != second
    first, second = first[apart], second[apart]
    keys = np.minimum(first, second).astype(np.int64) << 32
    keys |= np.maximum(first, second)
    # Sorting is several times as fast as np.unique, which hashes.
    keys.sort()
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    return (keys >> 32).astype(np.int32), keys.astype(np.int32)


def _flatten(root: NDArray[np.int32]) -> None:
    """Every point at its root, in place."""
    while True:
        above = root.take(root)
        if np.array_equal(above, root):
            return
        root[:] = above
