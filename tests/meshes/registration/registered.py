"""Made-up pairs of arches moved apart, and the bites cut from them."""

from functools import cache

import numpy as np
from scipy.spatial.transform import Rotation

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.rigid import Floats, pose_of
from scans.synthetic.arch import make_arch
from scans.synthetic.articulation import Pair, Shot, bite_of, transformed

FACES = 16_000


@cache
def pair(seed: int = 3) -> Pair:
    return Pair(*(make_arch(arch, seed=seed, faces=FACES) for arch in (Arch.UPPER, Arch.LOWER)))


@cache
def bite(seed: int = 3) -> Mesh:
    return bite_of(pair(seed), Shot(side=1, length_mm=30, seed=seed))


def motion(seed: int) -> Floats:
    rng = np.random.default_rng([seed, 5])
    return pose_of(Rotation.random(rng=rng).as_matrix(), rng.uniform(-60, 60, 3))


def apart(seed: int = 3) -> tuple[Mesh, Mesh, Mesh]:
    """Bite, upper and lower, moved by motion(0), motion(1) and motion(2)."""
    scans = bite(seed), pair(seed).upper, pair(seed).lower
    moved = [transformed(mesh, motion(number)) for number, mesh in enumerate(scans)]
    return moved[0], moved[1], moved[2]
