"""Joins equal corners of a triangle soup into shared vertices: STL stores every corner of every face anew."""

import numpy as np
from numpy.typing import NDArray

_HASH_ROUNDS = 12
"""Real scans settle in five or six rounds; what is left after these (built to collide) is sorted instead."""


def weld(triangles: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """(F, 3, 3) float32 corners -> (V, 3) float32 vertices in order of first use, (F, 3) int32 faces.

    Exact: corners are one vertex only if all three coordinates are equal; -0.0 equals 0.0. No face is dropped, so
    `vertices[faces]` equals the input.
    """
    # Adding zero turns -0.0 into 0.0: equal floats then have equal bits, and bits are what is compared below.
    corners = np.ascontiguousarray(triangles, dtype=np.float32).reshape(-1, 3) + np.float32(0)
    first = _first_equal(corners.view(np.uint32))
    is_first = np.zeros(len(corners), bool)
    is_first[first] = True
    number = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    return corners[is_first], number[first].reshape(-1, 3)


def _first_equal(bits: NDArray[np.uint32]) -> NDArray[np.int32]:
    """For every row of (N, 3) the index of the first row equal to it, (N,) int32.

    Rounds of scatter hashing: every row writes its index into the slot of its hash and the smallest stays. A row equal
    to the owner of its slot is settled; the others collided and try again with another hash. Equal rows always share a
    slot, so they settle together, and every round settles at least the owners.
    """
    columns = [np.ascontiguousarray(bits[:, axis]) for axis in range(3)]
    first = np.empty(len(bits), np.int32)
    rest = np.arange(len(bits), dtype=np.int32)
    keys = _hash(columns)
    for salt in range(1, _HASH_ROUNDS + 1):
        if not len(rest):
            return first
        owner = _slot_owners(keys, rest)
        settled = np.ones(len(rest), bool)
        for column in columns:
            settled &= column[owner] == column[rest]
        first[rest[settled]] = owner[settled]
        rest, keys = rest[~settled], _rehash(keys[~settled], salt)
    first[rest] = _first_equal_sorted(bits, rest)
    return first


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
    """The smallest of the rows that share a slot, for each of them; `rows` ascend."""
    slot_bits = max(4, len(rows).bit_length() - 1)
    slots = keys >> np.uint32(32 - slot_bits)
    table = np.empty(1 << slot_bits, np.int32)
    # NumPy assigns repeated indices in order, the last one stays: written backwards, that is the smallest row.
    table[slots[::-1]] = rows[::-1]
    owners: NDArray[np.int32] = table[slots]
    return owners


def _first_equal_sorted(bits: NDArray[np.uint32], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """As `_first_equal` for some ascending rows, by sorting: slower, yet no input makes it slow."""
    if not len(rows):
        return rows
    order = np.lexsort(bits[rows].T)
    ordered = bits[rows[order]]
    new_run = np.concatenate([[True], np.any(ordered[1:] != ordered[:-1], axis=1)])
    run_first = rows[order[new_run]]
    first = np.empty(len(rows), np.int32)
    first[order] = run_first[np.cumsum(new_run) - 1]
    return first
