"""The same work with Open3D, but for the classification, which it does not offer."""

from pathlib import Path

import numpy as np
import open3d
from PIL import Image

SMALL_FACES = 100_000
VIEW_DEGREES = 30.0


def whole(path: Path, folder: Path) -> None:
    mesh = open3d.io.read_triangle_mesh(str(path))
    mesh.remove_duplicated_vertices()
    checks(mesh)
    measures(mesh)
    small = mesh
    if len(mesh.triangles) > SMALL_FACES:
        small = mesh.simplify_quadric_decimation(SMALL_FACES)
    open3d.io.write_triangle_mesh(str(folder / "preview.glb"), small)
    open3d.io.write_triangle_mesh(str(folder / "detail.glb"), mesh)
    draw(small, folder / "thumbnail.webp")


def checks(mesh: open3d.geometry.TriangleMesh) -> tuple[int, ...]:
    faces = len(mesh.triangles)
    rim = np.asarray(mesh.get_non_manifold_edges(allow_boundary_edges=False))
    tangled = np.asarray(mesh.get_non_manifold_edges(allow_boundary_edges=True))
    pieces = mesh.cluster_connected_triangles()[1]
    mesh.remove_degenerate_triangles()
    mesh.remove_duplicated_triangles()
    return len(rim), len(tangled), len(pieces), faces - len(mesh.triangles), int(mesh.is_orientable())


def measures(mesh: open3d.geometry.TriangleMesh) -> tuple[object, ...]:
    box = mesh.get_axis_aligned_bounding_box()
    return mesh.get_surface_area(), mesh.get_center(), box.get_extent(), mesh.get_oriented_bounding_box().extent


def draw(mesh: open3d.geometry.TriangleMesh, path: Path) -> None:
    scene = open3d.t.geometry.RaycastingScene()
    scene.add_triangles(open3d.t.geometry.TriangleMesh.from_legacy(mesh))
    middle, size = mesh.get_center(), float(np.linalg.norm(mesh.get_max_bound() - mesh.get_min_bound()))
    rays = scene.create_rays_pinhole(VIEW_DEGREES, middle, np.add(middle, [0, 0, -2 * size]), [0, 1, 0], 640, 480)
    normals = scene.cast_rays(rays)["primitive_normals"].numpy()
    light = np.abs(normals[..., 2]) * 235
    picture = light.reshape(240, 2, 320, 2).mean(axis=(1, 3)).astype(np.uint8)
    Image.fromarray(picture).save(path)


def reading(path: Path, folder: Path) -> None:
    open3d.io.read_triangle_mesh(str(path))
