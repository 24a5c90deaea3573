"""Made-up arches in their true frame, for every test of training."""

import numpy as np

from scans.classification.verdict import Arch
from scans.synthetic.arch import make_arch
from scans.training.posed import Posed, arch

UP, FRONT = np.eye(3)[2], np.eye(3)[1]
OCCLUSAL = {Arch.UPPER: -UP, Arch.LOWER: UP}


def posed(jaw: Arch, seed: int) -> Posed:
    made = arch(make_arch(jaw, seed=seed, faces=10_000), (OCCLUSAL[jaw], FRONT), str(jaw), "made", f"made{seed}")
    assert made is not None
    return made


UPPER, LOWER = posed(Arch.UPPER, 301), posed(Arch.LOWER, 301)
ARCHES = {"upper": UPPER, "lower": LOWER}


def same(one: Posed, two: Posed) -> bool:
    return np.array_equal(one.points, two.points) and np.array_equal(one.normals, two.normals)
