"""The truth about our meshes from trimesh, which shares no code with us."""

import io

import numpy as np
import trimesh

from scans.meshes.mesh import Mesh


def as_trimesh(mesh: Mesh) -> trimesh.Trimesh:
    return trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)


def loaded(content: bytes, kind: str) -> trimesh.Trimesh:
    return trimesh.load(io.BytesIO(content), file_type=kind, force="mesh")


def uses_of_edges(mesh: Mesh) -> np.ndarray:
    """How many faces lie at each edge: 2 inside, 1 at the border of an open surface."""
    return np.unique(as_trimesh(mesh).edges_sorted, axis=0, return_counts=True)[1]


def area_vector(mesh: Mesh) -> np.ndarray:
    """Sum of normals weighted by area, in shares of the whole area."""
    outside = as_trimesh(mesh)
    return (outside.face_normals * outside.area_faces[:, None]).sum(axis=0) / outside.area
