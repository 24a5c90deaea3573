"""A scan made ready for matching: points a voxel apart and what the surface around each of them looks like."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d
from numpy.typing import NDArray
from scipy.spatial import KDTree

from scans.meshes.mesh import Mesh
from scans.meshes.registration.guesses import Matches
from scans.meshes.registration.sampling import Samples, sampled
from scans.meshes.rigid import Floats

o3d: Any = open3d
"""Its stubs know neither the tensor overloads nor the registration pipelines."""

VOXEL_MM = 1.0
FEATURE_MM = (3.0, 5.0)
BITE_SAMPLES = 13_000
LOOK_ALIKES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """features: one (N, 33) for each of FEATURE_MM, of the cloud's N points (FPFH, Rusu 2009)."""

    cloud: Samples
    features: tuple[NDArray[np.float32], ...]


def described(dense: Samples) -> Description:
    """Points a voxel apart with averaged normals."""
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


def bite_described(bite: Mesh) -> Description:
    return described(sampled(bite, BITE_SAMPLES))


def rest(surface: Description, points: Floats, apart_mm: float) -> Description:
    """Without what lies within apart_mm of the (N, 3) points."""
    far = KDTree(points).query(surface.cloud.points, distance_upper_bound=apart_mm)[0] > apart_mm
    return Description(surface.cloud.only(far), tuple(each[far] for each in surface.features))


def matches(bite: Description, arch: Description) -> Matches:
    """For every point of the bite the points of the arch that look most like it."""
    found = [_look_alikes(mine, theirs) for mine, theirs in zip(bite.features, arch.features, strict=True)]
    source, goal = (np.concatenate(each) for each in zip(*found, strict=True))
    return Matches(
        bite.cloud.points[source], bite.cloud.normals[source], arch.cloud.points[goal], arch.cloud.normals[goal]
    )


def _look_alikes(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[NDArray[np.int64], ...]:
    index = o3d.core.nns.NearestNeighborSearch(o3d.core.Tensor(theirs))
    index.knn_index()
    found = index.knn_search(o3d.core.Tensor(mine), min(LOOK_ALIKES, len(theirs)))[0].numpy().astype(np.int64)
    return np.repeat(np.arange(len(mine)), found.size // len(mine)), found.reshape(-1)
