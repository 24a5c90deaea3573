"""How the faces hang together: rims, pieces, and what a clean surface does not have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scans.meshes.mesh import Mesh
from scans.meshes.weld import weld

SLIVER = 1e-9
"""A face thinner than this part of its longest edge has no area: float32 cannot tell it from a line."""


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


def topology(mesh: Mesh) -> Topology:
    vertices, faces = weld(mesh.vertices[mesh.faces])
    degenerate = _degenerate(vertices, faces)
    faces = faces[~degenerate]
    first, second, uses, flipped = edges(faces)
    rim = uses == 1
    labels = _labels(first, second, len(vertices))
    sizes = np.bincount(labels[faces[:, 0]], minlength=1)
    return Topology(
        boundary_edges=int(rim.sum()),
        boundary_loops=_count_pieces(first[rim], second[rim], len(vertices)),
        components=int(np.count_nonzero(sizes)),
        largest_component_faces=int(sizes.max()),
        non_manifold_edges=int((uses > 2).sum()),
        flipped_edges=int(flipped.sum()),
        degenerate_faces=int(degenerate.sum()),
        duplicate_faces=_duplicates(faces),
    )


def _degenerate(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.bool_]:
    corners = vertices[faces].astype(np.float64)
    edges = np.roll(corners, -1, axis=1) - corners
    longest = np.einsum("fek,fek->fe", edges, edges).max(axis=1)
    doubled = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1)
    without_area: NDArray[np.bool_] = doubled <= SLIVER * longest
    return without_area


def edges(
    faces: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Every edge once: lower corner, higher corner, faces that use it, whether its two faces run the same way."""
    start = faces.astype(np.int64).reshape(-1)
    end = np.roll(faces, -1, axis=1).astype(np.int64).reshape(-1)
    upward = start < end
    # One sortable number an edge; the last bit keeps the direction in which the face runs through it.
    keys = (np.minimum(start, end) << 32) | (np.maximum(start, end) << 1) | upward
    keys.sort()
    edges = keys >> 1
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), bool), edges[1:] != edges[:-1]]))
    uses = np.diff(starts, append=len(keys))
    ups = np.add.reduceat(keys & 1, starts) if len(starts) else np.empty(0, np.int64)
    found = edges[starts]
    return found >> 31, found & 0x7FFFFFFF, uses, (uses == 2) & (ups != 1)


def _labels(first: NDArray[np.int64], second: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """(count,) the number of the piece each vertex belongs to."""
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(count, count))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels


def _count_pieces(first: NDArray[np.int64], second: NDArray[np.int64], count: int) -> int:
    return len(np.unique(_labels(first, second, count)[first]))


def _duplicates(faces: NDArray[np.int32]) -> int:
    ordered = np.sort(faces, axis=1)
    rank = np.lexsort(ordered.T)
    same = np.all(ordered[rank[1:]] == ordered[rank[:-1]], axis=1)
    return int(same.sum())
