"""The open rims of a surface: the outline of a scan, its holes, the edges of loose pieces."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.pieces import pieces
from scans.meshes.surface import Surface

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rims:
    """L rims, longest first; two that touch in a corner are one.

    lengths: (L,) mm around. centres: (L, 3) mm, middle of the rim by length. widths: (L,) mm, diameter of the circle
    whose points lie as far from its centre (root mean square): steps along the rim do not lengthen it.
    pieces: (L,) the piece (see Surface.labels) that each bounds. points: (E, 3) mm, the middles of all edges of rims;
    owners: (E,) rim of each.
    """

    lengths: Floats
    centres: Floats
    widths: Floats
    pieces: NDArray[np.int32]
    points: Floats
    owners: NDArray[np.intp]

    def points_of(self, rim: int) -> Floats:
        points: Floats = self.points[self.owners == rim]
        return points


def rims(surface: Surface) -> Rims:
    edges = np.flatnonzero(surface.edges.uses == 1)
    first, second = surface.edges.first[edges], surface.edges.second[edges]
    found, number = np.unique(pieces(first, second, len(surface.vertices))[first], return_inverse=True)
    number = number.astype(np.intp)
    starts, ends = surface.vertices[first].astype(np.float64), surface.vertices[second].astype(np.float64)
    length: Floats = np.linalg.norm(ends - starts, axis=1)
    points: Floats = (starts + ends) / 2
    lengths: Floats = np.bincount(number, weights=length, minlength=len(found)).astype(np.float64)
    weighted = points * length[:, None]
    sums = np.stack([np.bincount(number, weighted[:, axis], len(found)) for axis in range(3)], axis=1)
    order = np.argsort(-lengths, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    centres: Floats = sums / np.maximum(lengths, 1e-12)[:, None]
    squares = np.bincount(number, ((points - centres[number]) ** 2).sum(axis=1) * length, len(found))
    widths: Floats = 2 * np.sqrt(squares / np.maximum(lengths, 1e-12))
    return Rims(lengths[order], centres[order], widths[order], surface.labels[found][order], points, rank[number])
