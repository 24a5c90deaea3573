"""Joins equal corners of a triangle soup into shared vertices: STL stores every corner of every face anew."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_HASH_ROUNDS = 12
"""Real scans settle in five or six rounds; what is left after these (built to collide) is sorted instead."""

BLOCK = 1 << 14
"""Triangles in a portion."""


def weld(triangles: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """(F, 3, 3) float32 corners -> (V, 3) float32 vertices in order of first use, (F, 3) int32 faces.

    Exact: corners are one vertex only if all three coordinates are equal; -0.0 equals 0.0. No face is dropped, so
    `vertices[faces]` equals the input.
    """
    return weld_blocks(triangles[start : start + BLOCK] for start in range(0, len(triangles), BLOCK))


def weld_blocks(blocks: Iterable[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """As `weld`, of triangles that come in portions of (N, 3, 3) and are never all in memory.

    Neighbours in a file are neighbours in space: most corners find their like within the portion, which fits into the
    processor's cache, and only what is left of each is compared with the others.
    """
    parts: list[NDArray[np.uint32]] = [np.empty((0, 3), np.uint32)]
    numbers: list[NDArray[np.int32]] = [np.empty((0, 3), np.int32)]
    count = 0
    for block in blocks:
        part, number = _distinct(_bits(block))
        parts.append(part)
        numbers.append((number + np.int32(count)).reshape(-1, 3))
        count += len(part)
    faces = np.concatenate(numbers)
    numbers.clear()
    joined = np.concatenate(parts)
    parts.clear()
    vertices, number = _distinct(joined)
    return vertices.view(np.float32), number[faces]


def weld_points(points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """(N, 3) points -> (V, 3) different ones in order of first use, (N,) int32 which of them each point is."""
    vertices, number = _distinct(_bits(points))
    return vertices.view(np.float32), number


def _bits(corners: NDArray[np.float32]) -> NDArray[np.uint32]:
    """(N, 3) uint32 of (..., 3) float32: adding zero turns -0.0 into 0.0, so that equal floats have equal bits."""
    return np.ascontiguousarray(corners + np.float32(0)).reshape(-1, 3).view(np.uint32)


def _distinct(bits: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """(N, 3) -> the different rows in order of first use, (N,) which of them each row is."""
    first = _first_equal(bits)
    is_first = first == np.arange(len(first), dtype=np.int32)
    number = np.cumsum(is_first, dtype=np.int32)
    number -= np.int32(1)
    return bits[is_first], number[first]


def _first_equal(bits: NDArray[np.uint32]) -> NDArray[np.int32]:
    """For every row of (N, 3) the index of the first row equal to it, (N,) int32.

    Rounds of scatter hashing: every row writes its index into the slot of its hash and one stays. A row equal to the
    owner of its slot is settled; the others collided and try again with another hash. Equal rows always share a slot,
    so they settle together, and every round settles at least the owners.
    """
    # NumPy assigns repeated indices in order and the last one stays: read backwards, that is the first row.
    columns = [np.ascontiguousarray(bits[::-1, axis]) for axis in range(3)]
    last = np.empty(len(bits), np.int32)
    rest, mine, keys = np.arange(len(bits), dtype=np.int32), columns, _hash(columns)
    for salt in range(1, _HASH_ROUNDS + 1):
        owner = _slot_owners(keys, rest)
        last[rest] = owner
        collided = np.flatnonzero(_differ(columns, owner, mine))
        rest, keys = rest.take(collided), keys.take(collided)
        if not len(rest):
            break
        mine, keys = [column.take(collided) for column in mine], _rehash(keys, salt)
    last[rest] = _last_equal_sorted(columns, rest)
    return (np.int32(len(bits) - 1) - last)[::-1]


def _differ(
    columns: list[NDArray[np.uint32]], owner: NDArray[np.int32], mine: list[NDArray[np.uint32]]
) -> NDArray[np.bool_]:
    differ, places = np.zeros(len(owner), bool), owner.astype(np.intp)
    for column, own in zip(columns, mine, strict=True):
        differ |= column.take(places) != own
    return differ


def _hash(columns: list[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    keys = columns[0] * np.uint32(0x9E3779B1)
    keys ^= keys >> np.uint32(15)
    keys += columns[1]
    keys *= np.uint32(0x85EBCA77)
    keys ^= keys >> np.uint32(13)
    keys += columns[2]
    return _rehash(keys, 0)


def _rehash(keys: NDArray[np.uint32], salt: int) -> NDArray[np.uint32]:
    """Another spread of the same keys, in place; the constants are the primes of xxHash."""
    keys ^= np.uint32((0x9E3779B9 * salt) & 0xFFFFFFFF)
    keys *= np.uint32(0xC2B2AE3D)
    keys ^= keys >> np.uint32(16)
    keys *= np.uint32(0x27D4EB2F)
    return keys


def _slot_owners(keys: NDArray[np.uint32], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """The last of the rows that share a slot, for each of them."""
    slot_bits = max(4, (len(rows) - 1).bit_length())
    slots = (keys >> np.uint32(32 - slot_bits)).astype(np.intp)
    table = np.empty(1 << slot_bits, np.int32)
    table[slots] = rows
    return table.take(slots)


def _last_equal_sorted(columns: list[NDArray[np.uint32]], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """For some ascending rows the last one equal to each, by sorting: slower, yet no input makes it slow."""
    if not len(rows):
        return rows
    values = np.stack([column[rows] for column in columns])
    order = np.lexsort(values)
    ordered = values[:, order]
    ends_run = np.append(np.any(ordered[:, 1:] != ordered[:, :-1], axis=0), True)
    run = np.cumsum(ends_run) - ends_run
    last = np.empty(len(rows), np.int32)
    last[order] = rows[order[ends_run]][run]
    return last
