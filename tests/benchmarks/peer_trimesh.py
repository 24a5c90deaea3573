"""The same work with trimesh and fast-simplification, but for the classification, which neither offers."""

from pathlib import Path

import numpy as np
import trimesh

from tests.benchmarks.picture import draw

SMALL_FACES = 100_000


def whole(path: Path, folder: Path) -> None:
    mesh = trimesh.load_mesh(path)
    checks(mesh)
    measures(mesh)
    small = mesh
    if len(mesh.faces) > SMALL_FACES:
        small = mesh.simplify_quadric_decimation(face_count=SMALL_FACES)
    small.export(folder / "preview.glb")
    mesh.export(folder / "detail.glb")
    draw(small.vertices, small.faces, folder / "thumbnail.webp")


def checks(mesh: trimesh.Trimesh) -> tuple[int, ...]:
    uses = np.bincount(mesh.edges_unique_inverse)
    rim = mesh.edges_unique[uses == 1]
    return (
        len(rim),
        len(trimesh.graph.connected_components(rim, min_len=2)),
        len(trimesh.graph.connected_components(mesh.face_adjacency, nodes=np.arange(len(mesh.faces)))),
        int((uses > 2).sum()),
        int((~mesh.nondegenerate_faces()).sum()),
        int((~mesh.unique_faces()).sum()),
        int(mesh.is_winding_consistent),
    )


def measures(mesh: trimesh.Trimesh) -> tuple[object, ...]:
    axes = mesh.principal_inertia_vectors
    extents = np.ptp(mesh.vertices @ axes.T, axis=0)
    return mesh.area, mesh.bounds, extents, mesh.centroid, mesh.area_faces @ mesh.face_normals, mesh.edges_unique_length


def reading(path: Path, folder: Path) -> None:
    trimesh.load_mesh(path, process=False)
