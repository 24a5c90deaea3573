"""Where a bite scan lies on an arch: features find the place, least squares settle it.

The only module that imports Open3D: only the registering child process imports it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d
from numpy.typing import NDArray
from scipy.spatial import KDTree

from scans.meshes.mesh import Mesh
from scans.meshes.registration.guesses import Allowed, Matches, distinct, guesses
from scans.meshes.registration.nearest_grid import NearestGrid, nearest_grid
from scans.meshes.registration.sampling import Samples, sampled
from scans.meshes.rigid import Floats, moved, pose_of, rotation_about, turned

o3d: Any = open3d
"""Its stubs know neither the tensor overloads nor the registration pipelines."""

VOXEL_MM = 1.0
FEATURE_MM = (3.0, 5.0)
SAMPLES = 40_000
LOOK_ALIKES = 4
TOLERANCE_MM = 0.25
"""What a bite scan may be off: noise and stitching of intraoral scanners stay below 0.1 mm over half an arch."""
NEAR_MM = 1.0
FACING_COS = 0.7
DISTANCES_MM = (1.0, 0.5, 0.3)
ROUGH_POINTS = 600
CANDIDATES = 3
SAME_PLACE_MM = 1.0
LEAST_SAMPLES = 20
SETTLED_MM, SETTLED_RAD = 3e-4, 3e-5
INDEPENDENT = 0.05
"""Errors of neighbouring points are alike: of the samples, a few on each square millimetre, one in twenty counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """A scan made ready once. features: one (N, 33) for each of FEATURE_MM, of the cloud's N points."""

    cloud: Samples
    features: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """An arch made ready once for every bite of its case."""

    scene: Any
    mesh: Mesh
    normals: Floats
    surface: Description
    grid: NearestGrid


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One place of a bite on an arch. pose: takes the bite into the arch's frame.

    share: part of the samples that lies on the arch, within TOLERANCE_MM and facing the same way. rms_mm: of that part.
    agreement: how many there are for every sample within NEAR_MM. explained: (N,) bool, which of the samples.
    uncertainty_mm: standard error of the least certain direction, from the normal equations (a smooth strip can slide
    along the row).
    """

    pose: Floats
    share: float
    rms_mm: float
    agreement: float
    explained: NDArray[np.bool_]
    uncertainty_mm: float


def prepared(mesh: Mesh) -> Target:
    scene = o3d.t.geometry.RaycastingScene(nthreads=1)
    scene.add_triangles(np.ascontiguousarray(mesh.vertices, np.float32), np.ascontiguousarray(mesh.faces, np.uint32))
    dense = sampled(mesh, SAMPLES)
    return Target(scene, mesh, _vertex_normals(mesh), _described(dense), nearest_grid(dense))


def _vertex_normals(mesh: Mesh) -> Floats:
    shown = o3d.geometry.TriangleMesh(
        o3d.utility.Vector3dVector(mesh.vertices.astype(np.float64)), o3d.utility.Vector3iVector(mesh.faces)
    )
    shown.compute_vertex_normals()
    return np.array(shown.vertex_normals)


def described(bite: Mesh) -> Description:
    return _described(sampled(bite, SAMPLES // 3))


def rest(surface: Description, points: Floats) -> Description:
    """Without what lies next to the (N, 3) points."""
    far = KDTree(points).query(surface.cloud.points, distance_upper_bound=NEAR_MM)[0] > NEAR_MM
    return Description(surface.cloud.only(far), tuple(each[far] for each in surface.features))


def _described(dense: Samples) -> Description:
    """Points a voxel apart with averaged normals, and what the surface around each looks like (FPFH, Rusu 2009)."""
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(dense.points))
    cloud.normals = o3d.utility.Vector3dVector(dense.normals)
    cloud = cloud.voxel_down_sample(VOXEL_MM)
    cloud.normalize_normals()
    features = tuple(
        np.asarray(
            o3d.pipelines.registration.compute_fpfh_feature(
                cloud, o3d.geometry.KDTreeSearchParamHybrid(reach, 150)
            ).data,
            np.float32,
        ).T.copy()
        for reach in FEATURE_MM
    )
    return Description(Samples(np.array(cloud.points), np.array(cloud.normals)), features)


def anywhere(poses: Floats) -> NDArray[np.bool_]:
    return np.ones(len(poses), np.bool_)


def placements(bite: Samples, surface: Description, target: Target, allowed: Allowed = anywhere) -> list[Fit]:
    """The places where the bite may lie on the arch, best first, each more than SAME_PLACE_MM from the others."""
    if len(bite) < LEAST_SAMPLES or not len(surface.cloud):
        return []
    rough = bite.only(np.arange(0, len(bite), max(len(bite) // ROUGH_POINTS, 1)))
    matches, rng = _matches(surface, target.surface), np.random.default_rng(0)
    starts = guesses(matches, (rough.points, rough.normals), target.grid, rng, allowed)
    settled = [_settled(target, rough, pose, DISTANCES_MM[:2], 6) for pose in starts[:CANDIDATES]]
    settled.sort(key=lambda pose: -_support(target, rough, pose, TOLERANCE_MM))
    half = bite.only(np.arange(0, len(bite), 2))
    places = [
        _settled(target, half, pose, DISTANCES_MM[1:]) for pose in distinct(settled, rough.points, SAME_PLACE_MM)[:2]
    ]
    fits = [fit_at(target, bite, pose) for pose in distinct(places, rough.points, SAME_PLACE_MM)]
    return sorted(fits, key=lambda fit: -fit.share)


def _matches(bite: Description, arch: Description) -> Matches:
    """For every point of the bite the points of the arch that look most like it."""
    found = [_look_alikes(mine, theirs) for mine, theirs in zip(bite.features, arch.features, strict=True)]
    source, goal = (np.concatenate(each) for each in zip(*found, strict=True))
    return Matches(
        bite.cloud.points[source], bite.cloud.normals[source], arch.cloud.points[goal], arch.cloud.normals[goal]
    )


def _look_alikes(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[NDArray[np.int64], ...]:
    index = o3d.core.nns.NearestNeighborSearch(o3d.core.Tensor(theirs))
    index.knn_index()
    found = index.knn_search(o3d.core.Tensor(mine), LOOK_ALIKES)[0].numpy().astype(np.int64)
    return np.repeat(np.arange(len(mine)), LOOK_ALIKES), found.reshape(-1)


def _closest(target: Target, points: Floats) -> tuple[Floats, Floats]:
    """(N, 3) points -> the nearest points of the arch's surface and its smooth unit normals there."""
    answer = target.scene.compute_closest_points(o3d.core.Tensor(points.astype(np.float32)), nthreads=1)
    nearest = answer["points"].numpy().astype(np.float64)
    face, uv = answer["primitive_ids"].numpy().astype(np.int64), answer["primitive_uvs"].numpy().astype(np.float64)
    weights = np.column_stack([1 - uv.sum(axis=1), uv])
    normals = np.einsum("nc,nck->nk", weights, target.normals[target.mesh.faces[face]])
    return nearest, normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]


def _residuals(target: Target, samples: Samples, pose: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    placed = moved(samples.points, pose)
    nearest, normals = _closest(target, placed)
    facing = (turned(samples.normals, pose) * normals).sum(axis=1) > FACING_COS
    return placed, nearest, normals, facing


def _settled(target: Target, samples: Samples, pose: Floats, distances: Sequence[float], rounds: int = 12) -> Floats:
    """Point-to-plane least squares, Tukey weights at shrinking distances."""
    for reach in distances:
        for _ in range(rounds):
            placed, nearest, normals, facing = _residuals(target, samples, pose)
            offset = placed - nearest
            distance = np.linalg.norm(offset, axis=1)
            weight = np.where(facing & (distance < reach), (1 - np.minimum(distance / reach, 1) ** 2) ** 2, 0.0)
            if (weight > 0).sum() < LEAST_SAMPLES:
                return pose
            step, middle = _step(placed, normals, (offset * normals).sum(axis=1), weight)
            pose = _about(step, middle) @ pose
            if np.abs(step[3:]).max() < SETTLED_MM and np.abs(step[:3]).max() < SETTLED_RAD:
                break
    return pose


def _step(placed: Floats, normals: Floats, error: Floats, weight: Floats) -> tuple[Floats, Floats]:
    middle = np.average(placed, axis=0, weights=weight)
    terms = np.column_stack([np.cross(placed - middle, normals), normals])
    matrix = (terms * weight[:, None]).T @ terms + 1e-6 * weight.sum() * np.eye(6)
    step: Floats = np.linalg.solve(matrix, -terms.T @ (weight * error))
    step[:3] = np.clip(step[:3], -0.2, 0.2)
    return step, middle


def _about(step: Floats, middle: Floats) -> Floats:
    rotation = rotation_about(step[:3])
    return pose_of(rotation, middle - rotation @ middle + step[3:])


def _support(target: Target, samples: Samples, pose: Floats, within_mm: float) -> float:
    placed, nearest, _, facing = _residuals(target, samples, pose)
    return float((facing & (np.linalg.norm(placed - nearest, axis=1) < within_mm)).mean())


def fit_at(target: Target, samples: Samples, pose: Floats) -> Fit:
    """How well the samples lie on the arch in this pose."""
    placed, nearest, normals, facing = _residuals(target, samples, pose)
    distance = np.linalg.norm(placed - nearest, axis=1)
    explained = facing & (distance < TOLERANCE_MM)
    if explained.sum() < LEAST_SAMPLES:
        return Fit(pose, 0.0, float("inf"), 0.0, explained, float("inf"))
    rms = float(np.sqrt((distance[explained] ** 2).mean()))
    agreement = float(explained.sum() / (distance < NEAR_MM).sum())
    uncertainty = _uncertainty(placed[explained], normals[explained], rms)
    return Fit(pose, float(explained.mean()), rms, agreement, explained, uncertainty)


def _uncertainty(placed: Floats, normals: Floats, rms: float) -> float:
    """Standard error in mm at the strip's own size, from the weakest of the six directions."""
    centred = placed - placed.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=1).mean())
    terms = np.column_stack([np.cross(centred, normals) / size, normals])
    weakest = float(np.linalg.eigvalsh(terms.T @ terms / len(terms))[0])
    return rms / math.sqrt(max(weakest, 1e-9) * max(len(terms) * INDEPENDENT, 1))
