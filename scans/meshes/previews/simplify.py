"""Fewer faces for the first look: vertex clustering down to a few times the wanted number, then quadric decimation.

Clustering alone loses fine detail, decimation alone takes seconds on a large scan; together they keep the grooves of
the teeth in a fraction of the time.
"""

import math

import fast_simplification
import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import bounds, coarsen
from scans.meshes.mesh import Mesh
from scans.meshes.previews.flaps import without_flaps

CLUSTERED_SHARE = 2.5
"""Faces that clustering leaves for the decimation, in multiples of the wanted number."""

MOST_AT_A_VERTEX = 300
"""Faces around one vertex: the decimation's time grows with the square of it, and no scan comes near."""

SAMPLE_FACES = 20_000

FINEST_CELL = 2.0**-20
"""Of the longest side: cells are numbered in 64 bits."""

LIBRARY_SIZE = 64.0
"""The decimation compares squared distances with fixed numbers, so every mesh is given to it in one size."""

Floats = NDArray[np.float64]
Faces = NDArray[np.int32]


def simplify(mesh: Mesh, most_faces: int) -> Mesh:
    """A mesh of at most `most_faces` faces in the same place, with its colours and its open rim; the mesh itself if it
    is small enough.

    Deterministic. fast-simplification holds the GIL and keeps its state in globals: other threads wait while it runs,
    and only one thread of a process may call this.
    """
    if mesh.face_count <= most_faces:
        return mesh
    if mesh.face_count > 1.2 * CLUSTERED_SHARE * most_faces:
        mesh = _coarse(mesh, _cell(mesh, CLUSTERED_SHARE * most_faces))
    mesh = _with_area(mesh, most_faces)
    if mesh.face_count > most_faces and _most_at_a_vertex(mesh) <= MOST_AT_A_VERTEX:
        mesh = _decimated(mesh, most_faces)
    return mesh if mesh.face_count <= most_faces else _clustered(mesh, most_faces)


def _areas(vertices: NDArray[np.float32], faces: Faces) -> Floats:
    corners = [vertices[corner].T.astype(np.float64, order="C") for corner in faces.T]
    across = np.cross(corners[1] - corners[0], corners[2] - corners[0], axis=0)
    areas: Floats = np.sqrt(np.einsum("kf,kf->f", across, across)) / 2
    return areas


def _with_area(mesh: Mesh, most_faces: int) -> Mesh:
    """Without faces that have no area; where none has any, just few enough."""
    sized = _areas(mesh.vertices, mesh.faces) > 0
    if not sized.any():
        return Mesh(mesh.vertices, mesh.faces[:most_faces], mesh.colors)
    return mesh if sized.all() else Mesh(mesh.vertices, mesh.faces[sized], mesh.colors)


def _cell(mesh: Mesh, faces: float) -> float:
    """Side of the cells that leave about that many faces: a surface in random directions crosses 1.5 cells for each
    square of a cell's size, each of them becomes one vertex, and a mesh has two faces for one vertex."""
    sample = mesh.faces[:: max(1, mesh.face_count // SAMPLE_FACES)]
    area = float(_areas(mesh.vertices, sample).mean()) * mesh.face_count
    low, high = bounds(mesh.vertices.astype(np.float64))
    longest = float((high - low).max())
    return max(math.sqrt(3.0 * area / faces), longest * FINEST_CELL, float(np.finfo(np.float32).tiny))


def _coarse(mesh: Mesh, cell: float) -> Mesh:
    coarse = coarsen(mesh, cell)
    if coarse is mesh:
        return mesh
    faces = without_flaps(coarse.faces, coarse.vertex_count)
    return Mesh(coarse.vertices, faces, coarse.colors) if len(faces) else coarse


def _most_at_a_vertex(mesh: Mesh) -> int:
    return int(np.bincount(mesh.faces.reshape(-1)).max())


def _clustered(mesh: Mesh, most_faces: int) -> Mesh:
    """For what the decimation cannot take: larger cells until it is few enough, else the largest faces."""
    cell = _cell(mesh, most_faces)
    for _ in range(24):
        fewer = _with_area(_coarse(mesh, cell), most_faces)
        if fewer.face_count <= most_faces:
            return fewer
        cell *= 1.5
    largest = np.sort(np.argsort(-_areas(mesh.vertices, mesh.faces), kind="stable")[:most_faces])
    return Mesh(mesh.vertices, mesh.faces[largest], mesh.colors)


def _decimated(mesh: Mesh, most_faces: int) -> Mesh:
    low, high = bounds(mesh.vertices.astype(np.float64))
    size = float((high - low).max()) / LIBRARY_SIZE
    points = (mesh.vertices.astype(np.float64) - low) / size
    points, faces, collapses = fast_simplification.simplify(
        points, mesh.faces, target_count=most_faces, return_collapses=True
    )
    # What lies outside the box is a slip of the decimation's arithmetic, not the scan.
    vertices = (points.clip(0.0, (high - low) / size) * size + low).astype(np.float32)
    faces = np.asarray(faces, np.int32)
    if not len(faces):
        return mesh
    colors = None if mesh.colors is None else _carried(mesh, collapses, faces, len(vertices))
    if mesh.colors is not None and colors is None:
        return mesh
    return Mesh(vertices, faces, colors)


def _carried(mesh: Mesh, collapses: Faces, faces: Faces, count: int) -> NDArray[np.uint8] | None:
    """(count, 3) the mean colour of the vertices that became each one; None where the collapses do not lead to the
    faces."""
    root = np.arange(mesh.vertex_count)
    root[collapses[:, 1]] = collapses[:, 0]
    while not np.array_equal(root[root], root):
        root = root[root]
    left = root[mesh.faces]
    left = left[(left[:, 0] != left[:, 1]) & (left[:, 1] != left[:, 2]) & (left[:, 2] != left[:, 0])]
    kept = np.zeros(mesh.vertex_count, bool)
    kept[left] = True
    number = np.cumsum(kept) - 1
    if kept.sum() != count or not np.array_equal(number[left], faces):
        return None
    used = kept[root]
    new = number[root[used]]
    members = np.bincount(new, minlength=count)
    colors = mesh.colors[used] if mesh.colors is not None else np.zeros((len(new), 3), np.uint8)
    means = [np.bincount(new, colors[:, channel], count) / members for channel in range(3)]
    return np.stack(means, axis=1).round().astype(np.uint8)
