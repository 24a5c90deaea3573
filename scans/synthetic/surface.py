"""From a signed distance to triangles: surface nets, trimming to the scanned part, finer triangles.

Surface nets (Gibson 1998): one vertex per grid cell that the surface crosses, one quad per crossed grid edge. Where a
cell would hold two sheets its corners are filled first, so that the result is always a manifold.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scans.synthetic.arrays import Bools, Floats, Ints

Distance = Callable[[Floats], Floats]

CORNERS = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
EDGES = np.array([(p, q) for p in range(8) for q in range(p + 1, 8) if np.abs(CORNERS[p] - CORNERS[q]).sum() == 1])


def _is_one_sheet(code: int) -> bool:
    """Whether the inner corners hang together along the cell's edges, and the outer ones too."""
    inner = np.array([(code >> corner) & 1 for corner in range(8)], bool)
    for group in (inner, ~inner):
        kept = [(p, q) for p, q in EDGES if group[p] and group[q]]
        graph = coo_array((np.ones(len(kept)), tuple(np.array(kept, int).reshape(-1, 2).T)), shape=(8, 8))
        labels = connected_components(graph, directed=False)[1]
        if len(set(labels[group])) > 1:
            return False
    return True


ONE_SHEET = np.array([_is_one_sheet(code) for code in range(256)])


def _codes(inner: Bools) -> NDArray[np.uint8]:
    """For every cell which of its eight corners lie inside, as bits."""
    size = np.array(inner.shape) - 1
    code = np.zeros(size, np.uint8)
    for bit, (i, j, k) in enumerate(CORNERS):
        code |= inner[i : i + size[0], j : j + size[1], k : k + size[2]].astype(np.uint8) << np.uint8(bit)
    return code


def _places(mask: Bools) -> Ints:
    """(N, 3) indices of what is true; several times faster than argwhere."""
    return np.stack(np.unravel_index(np.flatnonzero(mask), mask.shape), axis=1)


def fill_double_cells(values: Floats) -> NDArray[np.uint8]:
    """Fill (in place) cells that hold two sheets until none is left; return the codes of all cells."""
    code = _codes(values < 0)
    while len(bad := _places(~ONE_SHEET[code])):
        around = (bad[:, None] + CORNERS[None]).reshape(-1, 3)
        at = tuple(around.T)
        values[at] = np.minimum(values[at], -1e-3)
        code = _codes(values < 0)
    return code


def surface_nets(values: Floats, origin: Floats, spacing_mm: float) -> tuple[Floats, Ints]:
    """Vertices (V, 3) in mm and faces (F, 3), wound so that normals point to where values are positive."""
    code = fill_double_cells(values)
    cells = _places((code != 0) & (code != 255))
    number = np.full(code.shape, -1, np.int64)
    number[tuple(cells.T)] = np.arange(len(cells))
    vertices = origin + spacing_mm * _cell_vertices(values, cells)
    return vertices, _triangles(vertices, _quads(values < 0, number))


def _cell_vertices(values: Floats, cells: Ints) -> Floats:
    """Mean of the places where the surface crosses a cell's edges, in grid units."""
    corner = np.stack([values[tuple((cells + offset).T)] for offset in CORNERS], axis=1)
    start, stop = corner[:, EDGES[:, 0]], corner[:, EDGES[:, 1]]
    crossed = (start < 0) != (stop < 0)
    share = np.where(crossed, start / np.where(crossed, start - stop, 1), 0)
    first, second = CORNERS[EDGES[:, 0]], CORNERS[EDGES[:, 1]]
    places = first + share[..., None] * (second - first)
    mean: Floats = (places * crossed[..., None]).sum(axis=1) / crossed.sum(axis=1)[:, None]
    return cells + mean


def _quads(inner: Bools, number: Ints) -> Ints:
    faces = []
    for axis in range(3):
        ahead = np.moveaxis(inner, axis, 0)
        cell = np.moveaxis(number, axis, 0)
        crossed = _places(ahead[:-1, 1:-1, 1:-1] != ahead[1:, 1:-1, 1:-1])
        i, j, k = crossed[:, 0], crossed[:, 1], crossed[:, 2]
        ring = np.stack([cell[i, j, k], cell[i, j + 1, k], cell[i, j + 1, k + 1], cell[i, j, k + 1]], axis=1)
        outward = ahead[i, j + 1, k + 1] != (axis == 1)
        ring = np.where(outward[:, None], ring, ring[:, ::-1])
        faces.append(ring)
    return np.vstack(faces)


def _triangles(vertices: Floats, quads: Ints) -> Ints:
    """Every quad cut along its shorter diagonal."""
    corner = vertices[quads]
    first = np.linalg.norm(corner[:, 0] - corner[:, 2], axis=1)
    second = np.linalg.norm(corner[:, 1] - corner[:, 3], axis=1)
    turned = np.where((first <= second)[:, None], quads, np.roll(quads, -1, axis=1))
    return np.vstack([turned[:, [0, 1, 2]], turned[:, [0, 2, 3]]])


def vertex_normals(vertices: Floats, faces: Ints) -> Floats:
    """(V, 3) unit normals, weighted by area."""
    corners = vertices[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.stack(
        [np.bincount(faces.ravel(), np.repeat(cross[:, axis], 3), len(vertices)) for axis in range(3)], axis=1
    )
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    result: Floats = normals / np.where(length > 0, length, 1)
    return result


def project(vertices: Floats, faces: Ints, distance: Distance, limit_mm: float) -> Floats:
    """Move vertices along their normals onto the surface, by one step of at most `limit_mm`."""
    step = np.clip(distance(vertices), -limit_mm, limit_mm)
    return vertices - step[:, None] * vertex_normals(vertices, faces)


def subdivide(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Every triangle into four, with new vertices at the middle of edges."""
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    key = edges[:, 0] * len(vertices) + edges[:, 1]
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    middle = vertices[edges[first]].mean(axis=1)
    ab, bc, ca = (back.reshape(-1, 3) + len(vertices)).T
    a, b, c = faces.T
    quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return np.vstack([vertices, middle]), np.vstack([np.stack(quarter, axis=1) for quarter in quarters])


def trimmed(vertices: Floats, faces: Ints, inside: Floats, most: int | None = None) -> tuple[Floats, Ints]:
    """The largest piece where `inside` (V,) is positive; where it has more than `most` faces, without its outermost."""
    depth = inside[faces].min(axis=1)
    kept = largest_piece(faces[depth > 0], len(vertices))
    if most is not None and len(kept) > most:
        depth = inside[kept].min(axis=1)
        limit = np.partition(depth, len(kept) - most)[len(kept) - most]
        kept = largest_piece(kept[depth >= limit], len(vertices))
    return compact(vertices, kept)


def largest_piece(faces: Ints, count: int) -> Ints:
    """Faces of the largest connected piece, without places where only a corner holds two parts together."""
    while True:
        graph = coo_array((np.ones(len(faces)), (faces[:, 0], faces[:, 1])), shape=(count, count))
        graph = graph + coo_array((np.ones(len(faces)), (faces[:, 1], faces[:, 2])), shape=(count, count))
        labels = connected_components(graph, directed=False)[1]
        faces = faces[labels[faces[:, 0]] == np.bincount(labels[faces[:, 0]]).argmax()]
        pinched = _pinched(faces, count)
        if not pinched.any():
            return faces
        faces = faces[~pinched[faces].any(axis=1)]


def _pinched(faces: Ints, count: int) -> Bools:
    """Vertices with more than two boundary edges."""
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    key, uses = np.unique(edges[:, 0] * count + edges[:, 1], return_counts=True)
    border = key[uses == 1]
    ends = np.bincount(np.concatenate([border // count, border % count]), minlength=count)
    result: Bools = ends > 2
    return result


def compact(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Only the vertices that a face uses."""
    used = np.unique(faces)
    number = np.full(len(vertices), -1, np.int64)
    number[used] = np.arange(len(used))
    return vertices[used], number[faces]


def sheet(rows: int, columns: int) -> Ints:
    """Faces of an even sheet of rows * columns vertices, wound so that normals are rows' way x columns' way."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel(), index[:-1, 1:].ravel()
    return np.vstack([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
