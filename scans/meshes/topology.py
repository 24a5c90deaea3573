"""How the faces hang together: rims, pieces, and what a clean surface does not have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.edges import Edges, edges
from scans.meshes.pieces import pieces
from scans.meshes.surface import Surface

__all__ = ["Topology", "edges", "topology"]


@dataclass(frozen=True, slots=True)
class Topology:
    """Counts over the faces, corners at equal coordinates taken as one (as STL needs and other formats allow).

    degenerate_faces: no area (two corners equal, or all on a line); they take no part in the other counts, except that
    a mesh of nothing else has no components. duplicate_faces: faces over the same three corners as an earlier one,
    whatever their winding. boundary_edges: of exactly one face; non_manifold_edges: of three or more.
    flipped_edges: of two faces that run through them in the same direction, so one of the two is inside out.
    boundary_loops: connected rims; two that touch in a corner are one. components: pieces that share no corner.
    largest_component_faces: faces of the greatest piece.
    """

    boundary_edges: int
    boundary_loops: int
    components: int
    largest_component_faces: int
    non_manifold_edges: int
    flipped_edges: int
    degenerate_faces: int
    duplicate_faces: int

    @property
    def closed(self) -> bool:
        return self.components > 0 and self.boundary_edges == 0


def topology(surface: Surface) -> Topology:
    faces = surface.faces[~surface.degenerate] if surface.degenerate.any() else surface.faces
    uses = surface.edges.uses
    sizes = np.bincount(surface.labels[faces[:, 0]], minlength=1)
    return Topology(
        boundary_edges=int(np.count_nonzero(uses == 1)),
        boundary_loops=_loops(surface.edges),
        components=int(np.count_nonzero(sizes)),
        largest_component_faces=int(sizes.max()),
        non_manifold_edges=int(np.count_nonzero(uses > 2)),
        flipped_edges=int(np.count_nonzero(surface.edges.flipped)),
        degenerate_faces=int(np.count_nonzero(surface.degenerate)),
        duplicate_faces=_duplicates(faces, len(surface.vertices)),
    )


def _loops(found: Edges) -> int:
    rim = np.flatnonzero(found.uses == 1)
    # Numbered anew without gaps, as the rims are a small part of all vertices.
    ends = np.stack([found.first[rim], found.second[rim]])
    corners, numbers = np.unique(ends, return_inverse=True)
    first, second = numbers.reshape(2, -1).astype(np.int32)
    return len(np.unique(pieces(first, second, len(corners))))


def _duplicates(faces: NDArray[np.int32], count: int) -> int:
    """Faces whose corners add up to the same number are looked at: others cannot be equal."""
    scattered = _scatter(np.arange(count, dtype=np.uint64))
    sums = scattered[faces[:, 0]]
    sums += scattered[faces[:, 1]]
    sums += scattered[faces[:, 2]]
    ordered = np.sort(sums)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return 0
    alike = np.sort(faces[np.isin(sums, repeated)], axis=1)
    alike = alike[np.lexsort(alike.T)]
    return int(np.count_nonzero(np.all(alike[1:] == alike[:-1], axis=1)))


def _scatter(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finisher of SplitMix64: neighbours end far apart, so that sums of three hardly ever meet."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
