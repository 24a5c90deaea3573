"""An arch made ready once for every bite of its case: where on its surface is the point nearest to this one?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d
from numpy.typing import NDArray

from scans.meshes.mesh import Mesh
from scans.meshes.registration.description import Description, described
from scans.meshes.registration.nearest_grid import NearestGrid, nearest_grid
from scans.meshes.registration.sampling import Samples, sampled
from scans.meshes.rigid import Floats, moved, turned

o3d: Any = open3d

SAMPLES = 40_000
FACING_COS = 0.7
MOST_BULGE_MM = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Closest:
    """For N samples laid on an arch, the nearest points of its surface, in the arch's frame.

    placed, points: (N, 3) the samples and what they are nearest to. normals: (N, 3) unit, interpolated between
    vertices. bulge_mm: (N,) how far a surface that curves as its vertex normals say lies above the flat facet (Phong
    tessellation, Boubekeur 2008). facing: (N,) bool, the sample faces the same way.
    """

    placed: Floats
    points: Floats
    normals: Floats
    bulge_mm: Floats
    facing: NDArray[np.bool_]

    @property
    def offset(self) -> Floats:
        return self.placed - self.points


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    scene: Any
    mesh: Mesh
    normals: Floats
    surface: Description
    grid: NearestGrid

    def closest(self, samples: Samples, pose: Floats) -> Closest:
        """pose: (4, 4), takes the samples into the arch's frame."""
        placed = moved(samples.points, pose)
        answer = self.scene.compute_closest_points(o3d.core.Tensor(placed.astype(np.float32)), nthreads=1)
        points = answer["points"].numpy().astype(np.float64)
        uv = answer["primitive_uvs"].numpy().astype(np.float64)
        corners = self.mesh.faces[answer["primitive_ids"].numpy().astype(np.int64)]
        weights = np.column_stack([1 - uv.sum(axis=1), uv])
        tilted = self.normals[corners]
        normals = np.einsum("nc,nck->nk", weights, tilted)
        normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
        above = ((points[:, None] - self.mesh.vertices[corners]) * tilted).sum(axis=2)
        bulge = -np.einsum("nc,nck,nk->n", weights * above, tilted, normals).clip(-MOST_BULGE_MM, MOST_BULGE_MM)
        facing = (turned(samples.normals, pose) * normals).sum(axis=1) > FACING_COS
        return Closest(placed, points, normals, bulge, facing)


def prepared(mesh: Mesh) -> Target:
    scene = o3d.t.geometry.RaycastingScene(nthreads=1)
    scene.add_triangles(np.ascontiguousarray(mesh.vertices, np.float32), np.ascontiguousarray(mesh.faces, np.uint32))
    dense = sampled(mesh, SAMPLES)
    return Target(scene, mesh, _vertex_normals(mesh), described(dense), nearest_grid(dense))


def _vertex_normals(mesh: Mesh) -> Floats:
    shown = o3d.geometry.TriangleMesh(
        o3d.utility.Vector3dVector(mesh.vertices.astype(np.float64)), o3d.utility.Vector3iVector(mesh.faces)
    )
    shown.compute_vertex_normals()
    return np.array(shown.vertex_normals)
