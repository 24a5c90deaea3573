"""The rows of teeth of two arches seen along the way they close: how one lies over the other."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from scans.meshes.arch import arch_view
from scans.meshes.mesh import Mesh
from scans.meshes.rigid import Floats, fitted, moved

ROUNDS = 30
LEAST_DEPTH_MM = 28.0
KEPT = 0.9
"""Part of the ridge that counts: the ends of one row may reach beyond the other."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """How the upper row would have to move to lie over the lower one. aside_mm: to one cheek, across the mouth;
    turned_deg: about the way the jaws close. Both without sign. Overjet, along the mouth, differs between people."""

    aside_mm: float
    turned_deg: float


def laid_over(tips: Floats, tops: Floats) -> Floats:
    """The motion (4, 4) within the plane z = 0 that lays one ridge over the other (iterative closest point)."""
    flat = [1.0, 1.0, 0.0]
    pose, tree = np.eye(4), KDTree(tops * flat)
    for _ in range(ROUNDS):
        distance, near = tree.query(moved(tips * flat, pose))
        kept = distance <= np.quantile(distance, KEPT)
        pose = fitted((tips * flat)[kept], (tops * flat)[near[kept]])
    return pose


def misfit(upper: Mesh, lower: Mesh, axes: Floats) -> Misfit | None:
    """axes: (3, 3) unit rows, the last one the way from the lower to the upper jaw. None where a row is not seen whole:
    half an arch lies beside the middle of a whole one."""
    above, below = arch_view(upper), arch_view(lower)
    if above is None or below is None or min(above.horseshoe.depth_mm, below.horseshoe.depth_mm) < LEAST_DEPTH_MM:
        return None
    tips, tops = ((view.horseshoe.points @ view.axes + view.origin) @ axes.T for view in (above, below))
    pose, middle = laid_over(tips, tops), tips.mean(axis=0) * [1, 1, 0]
    shift = pose[:3, :3] @ middle + pose[:3, 3] - middle
    across = below.axes[0] @ axes.T
    return Misfit(abs(float(shift @ across)), abs(float(np.degrees(np.arctan2(pose[1, 0], pose[0, 0])))))
