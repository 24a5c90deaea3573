"""Meshes in other poses, and things that are no arch."""

import numpy as np
import trimesh
from scipy.spatial.transform import Rotation

from scans.meshes.mesh import Mesh


def moved(mesh: Mesh, seed: int) -> Mesh:
    """The same surface in another place, its faces in another order."""
    rng = np.random.default_rng(seed)
    vertices = Rotation.random(rng=rng).apply(mesh.vertices) + rng.normal(size=3) * 50
    return Mesh(vertices.astype(np.float32), rng.permutation(mesh.faces))


def mirrored(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices * np.float32([-1, 1, 1]), np.ascontiguousarray(mesh.faces[:, ::-1]))


def inverted(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices, np.ascontiguousarray(mesh.faces[:, ::-1]))


def mesh_of(shape: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(shape.vertices, np.float32), np.array(shape.faces, np.int32))


def relief(height, size=(70, 60), step=0.8) -> Mesh:
    """A height over a grid as an open surface."""
    x, y = np.meshgrid(np.arange(0, size[0], step), np.arange(0, size[1], step), indexing="ij")
    index = np.arange(x.size).reshape(x.shape)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    points = np.column_stack([x.ravel(), y.ravel(), height(x.ravel(), y.ravel())])
    return Mesh(points.astype(np.float32), faces.astype(np.int32))


OTHER_THINGS = {
    "ball": mesh_of(trimesh.creation.icosphere(subdivisions=3, radius=30)),
    "box": mesh_of(trimesh.creation.box((60, 50, 20))),
    "ring": mesh_of(trimesh.creation.torus(major_radius=25, minor_radius=6)),
    "rod": mesh_of(trimesh.creation.cylinder(radius=4, height=40)),
    "tube": mesh_of(trimesh.creation.annulus(r_min=18, r_max=25, height=10)),
    "capsule": mesh_of(trimesh.creation.capsule(height=20, radius=8)),
    "flat sheet": relief(lambda x, y: 0 * x),
    "waves": relief(lambda x, y: 3 * np.sin(x / 4)),
    "hills": relief(lambda x, y: 2 * np.sin(x / 3) * np.cos(y / 5)),
    "triangle": Mesh(np.array([[0, 0, 0], [60, 0, 0], [50, 30, 0]], np.float32), np.array([[0, 1, 2]], np.int32)),
    "point": Mesh(np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.int32)),
    "far away": Mesh(np.array([[0, 0, 0], [60, 0, 0], [3e38, -3e38, 0]], np.float32), np.array([[0, 1, 2]], np.int32)),
}
