"""The counts of a topology in another way: rows compared as rows, graphs by SciPy. Slow, and not ours."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scans.meshes.surface import SLIVER


def counts_by_hand(triangles):
    """(F, 3, 3) corners -> the counts by the names of Topology's fields."""
    vertices, faces, _ = distinct(triangles.reshape(-1, 3))
    faces = faces.reshape(-1, 3)
    flat = are_lines(vertices[faces].astype(np.float64))
    faces = faces[~flat]
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    edges, edge, uses = distinct(np.sort(directed, axis=1))
    upwards = np.bincount(edge, directed[:, 0] < directed[:, 1], len(edges))
    sizes = np.bincount(labels(edges, len(vertices))[faces[:, 0]]) if len(faces) else np.zeros(1, int)
    return {
        "boundary_edges": int((uses == 1).sum()),
        "boundary_loops": len(np.unique(labels(edges[uses == 1], len(vertices))[edges[uses == 1, 0]])),
        "components": int((sizes > 0).sum()),
        "largest_component_faces": int(sizes.max()),
        "non_manifold_edges": int((uses > 2).sum()),
        "flipped_edges": int(((uses == 2) & (upwards != 1)).sum()),
        "degenerate_faces": int(flat.sum()),
        "duplicate_faces": len(faces) - len(distinct(np.sort(faces, axis=1))[0]),
    }


def distinct(rows):
    """The different rows, which of them each row is, and how often each is there: np.unique, ten times as fast."""
    order = np.lexsort(rows.T)
    is_new = np.append(True, np.any(rows[order[1:]] != rows[order[:-1]], axis=1))[: len(rows)]
    number = np.empty(len(rows), int)
    number[order] = np.cumsum(is_new) - 1
    return rows[order[is_new]], number, np.bincount(number)


def are_lines(corners):
    edges = np.roll(corners, -1, axis=1) - corners
    doubled = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1)
    return doubled <= SLIVER * (edges**2).sum(axis=2).max(axis=1)


def labels(edges, count):
    return connected_components(coo_array((np.ones(len(edges)), edges.T), shape=(count, count)), directed=False)[1]
