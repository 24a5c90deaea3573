"""An arch is what a scanner would give: an open, clean surface of a jaw in millimetres."""

from functools import cache

import numpy as np
import pytest

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.synthetic.arch import make_arch
from scans.synthetic.field import field_of
from tests.synthetic.outside import area_vector, as_trimesh, uses_of_edges

FACES = 12_000
KINDS = {
    "upper": (Arch.UPPER, {}),
    "upper without palate": (Arch.UPPER, {"palate": False}),
    "lower": (Arch.LOWER, {}),
    "upper with gaps": (Arch.UPPER, {"missing": (16, 25, 11)}),
    "lower with gaps": (Arch.LOWER, {"missing": (36, 37, 46)}),
    "toothless": (Arch.LOWER, {"missing": tuple(range(31, 38)) + tuple(range(41, 48))}),
    "right half": (Arch.LOWER, {"side": Side.RIGHT}),
}
WHOLE = [name for name in KINDS if name not in ("right half", "toothless")]


@cache
def arch(name: str, seed: int = 3) -> Mesh:
    jaw, options = KINDS[name]
    return make_arch(jaw, seed=seed, faces=FACES, **options)


@pytest.mark.parametrize("name", KINDS)
def test_has_the_faces_that_were_asked_for(name: str) -> None:
    assert arch(name).face_count == pytest.approx(FACES, rel=0.05)


@pytest.mark.parametrize("faces", [2_000, 5_000, 160_000])
def test_any_fineness_gives_its_count(faces: int) -> None:
    mesh = make_arch(Arch.LOWER, seed=4, faces=faces)
    assert mesh.face_count == pytest.approx(faces, rel=0.05)
    assert uses_of_edges(mesh).max() == 2


@pytest.mark.parametrize("name", KINDS)
def test_is_one_piece_and_a_manifold_with_a_border(name: str) -> None:
    outside, uses = as_trimesh(arch(name)), uses_of_edges(arch(name))
    assert set(uses) == {1, 2}
    assert outside.is_winding_consistent
    assert outside.body_count == 1
    assert outside.area_faces.min() > 1e-7
    assert len(np.unique(outside.faces)) == len(outside.vertices)


@pytest.mark.parametrize("name", KINDS)
def test_types_are_those_of_the_contract(name: str) -> None:
    mesh = arch(name)
    assert (mesh.vertices.dtype, mesh.faces.dtype) == (np.float32, np.int32)
    assert mesh.colors is not None
    assert (mesh.colors.dtype, mesh.colors.shape) == (np.uint8, mesh.vertices.shape)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", WHOLE)
def test_looks_towards_the_bite_as_real_scans_do(name: str, seed: int) -> None:
    """0.27 to 0.58 of the area: measured on real arches (labels.csv of the corpus)."""
    vector = area_vector(arch(name, seed))
    assert 0.25 < np.linalg.norm(vector) < 0.58
    assert vector[2] * (-1 if "upper" in name else 1) > 0.95 * np.linalg.norm(vector)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", WHOLE)
def test_box_is_that_of_a_jaw(name: str, seed: int) -> None:
    width, length, height = as_trimesh(arch(name, seed)).extents
    assert 45 < width < 85
    assert 30 < length < 70
    assert 10 < height < 35


def test_the_palate_makes_an_upper_scan_larger() -> None:
    palate, horseshoe = (as_trimesh(arch(name)) for name in ("upper", "upper without palate"))
    middle = np.abs(palate.vertices[:, 0]) < 5
    assert palate.vertices[middle, 1].min() < 0
    assert horseshoe.vertices[np.abs(horseshoe.vertices[:, 0]) < 5, 1].min() > 5
    assert palate.area > horseshoe.area


def test_the_same_seed_gives_the_same_bytes() -> None:
    field_of.cache_clear()
    first = make_arch(Arch.UPPER, seed=8, faces=4_000)
    field_of.cache_clear()
    again = make_arch(Arch.UPPER, seed=8, faces=4_000)
    for name in ("vertices", "faces", "colors"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()


def test_another_seed_is_another_person() -> None:
    sizes = {tuple(as_trimesh(arch("lower", seed)).extents.round(2)) for seed in range(4)}
    assert len(sizes) == 4


def test_a_missing_tooth_leaves_the_others_where_they_are() -> None:
    whole, gaps = (field_of(Arch.LOWER, 3, frozenset(gone), True, Side.NONE) for gone in ((), (36,)))
    kept = [tooth for tooth in gaps.jaw.teeth if tooth.present]
    at = {tooth.fdi: tooth.pivot for tooth in whole.jaw.teeth}
    assert {tooth.fdi for tooth in kept} == set(at) - {36}
    assert all((tooth.pivot == at[tooth.fdi]).all() for tooth in kept)


def test_where_a_tooth_is_missing_the_surface_is_gum() -> None:
    tooth = next(one for one in field_of(Arch.LOWER, 3, frozenset(), True, Side.NONE).jaw.teeth if one.fdi == 36)
    for name, high in (("lower", True), ("lower with gaps", False)):
        vertices = arch(name).vertices
        near = np.hypot(*(vertices[:, :2] - tooth.pivot[:2]).T) < 3
        assert bool(vertices[near, 2].max() > -2) is high


@pytest.mark.parametrize("seed", range(3))
def test_the_jaws_meet_and_hardly_cut_each_other(seed: int) -> None:
    """Depth of every upper vertex inside the lower jaw's solid, where both jaws are near: contact, below 1 mm."""
    upper = make_arch(Arch.UPPER, seed=seed, faces=10_000)
    lower = field_of(Arch.LOWER, seed, frozenset(), True, Side.NONE)
    biting = upper.vertices[np.abs(upper.vertices[:, 2]) < 5].astype(np.float64)
    depth = -lower.at(biting).min()
    assert -0.5 < depth < 1.0


def test_the_patients_right_is_plus_x() -> None:
    right = make_arch(Arch.LOWER, seed=3, faces=4_000, side=Side.RIGHT).vertices
    left = make_arch(Arch.LOWER, seed=3, faces=4_000, side=Side.LEFT).vertices
    assert right[:, 0].mean() > 5
    assert left[:, 0].mean() < -5


def test_teeth_are_ivory_and_gum_is_pink() -> None:
    mesh = arch("lower")
    assert mesh.colors is not None
    red, green = mesh.colors[:, 0].astype(int), mesh.colors[:, 1].astype(int)
    edge, border = mesh.vertices[:, 2] > -2, mesh.vertices[:, 2] < -11
    assert np.median(red[edge] - green[edge]) < 25
    assert np.median(red[border] - green[border]) > 50


def test_only_jaws_are_arches() -> None:
    with pytest.raises(ValueError, match="upper or lower"):
        make_arch(Arch.BOTH)
