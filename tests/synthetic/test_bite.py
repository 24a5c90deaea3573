"""A bite scan: one narrow strip of the buccal crowns of both jaws."""

from functools import cache

import numpy as np
import pytest

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from tests.synthetic.outside import area_vector, as_trimesh, uses_of_edges

FACES = 6_000
SIDES = [Side.RIGHT, Side.LEFT]


@cache
def bite(side: Side, seed: int = 5) -> Mesh:
    return make_bite(seed, side=side, faces=FACES)


@pytest.mark.parametrize("side", SIDES)
def test_is_one_open_manifold_of_the_right_size(side: Side) -> None:
    mesh = bite(side)
    assert mesh.face_count == pytest.approx(FACES, rel=0.05)
    assert set(uses_of_edges(mesh)) == {1, 2}
    assert as_trimesh(mesh).body_count == 1
    assert as_trimesh(mesh).is_winding_consistent


@pytest.mark.parametrize("side", SIDES)
def test_lies_on_its_side_and_looks_into_the_cheek(side: Side) -> None:
    sign = 1 if side is Side.RIGHT else -1
    assert (bite(side).vertices[:, 0] * sign).min() > 5
    assert area_vector(bite(side))[0] * sign > 0.3


@pytest.mark.parametrize("side", SIDES)
def test_shows_both_jaws(side: Side) -> None:
    height = bite(side).vertices[:, 2]
    assert height.min() < -5
    assert height.max() > 5
    assert 0.3 < (height > 0).mean() < 0.7


def test_fits_the_arches_of_the_same_person() -> None:
    """Vertices of the bite lie on one of the arches: median distance to the nearest arch vertex below its spacing."""
    arches = [make_arch(arch, seed=5, faces=30_000).vertices for arch in (Arch.UPPER, Arch.LOWER)]
    all_vertices = np.vstack(arches)
    sample = bite(Side.RIGHT).vertices[::40]
    nearest = np.sqrt(((sample[:, None] - all_vertices[None]) ** 2).sum(axis=2)).min(axis=1)
    assert np.median(nearest) < 0.5


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = make_bite(5, side=Side.LEFT, faces=FACES)
    assert again.vertices.tobytes() == bite(Side.LEFT).vertices.tobytes()


def test_needs_a_side() -> None:
    with pytest.raises(ValueError, match="left or the right"):
        make_bite(1, side=Side.NONE)
