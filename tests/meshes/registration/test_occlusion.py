"""Whether two arches bite on each other where they lie."""

import numpy as np
import pytest

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.meshes.registration.looking import inside_out
from scans.meshes.registration.occlusion import Contact, contact
from scans.meshes.rigid import Floats, pose_of, rotation_about
from scans.synthetic.arch import make_arch
from scans.synthetic.articulation import transformed

FACES = 20_000


@pytest.fixture(scope="module")
def upper() -> Mesh:
    return make_arch(Arch.UPPER, seed=1, faces=FACES)


@pytest.fixture(scope="module")
def lower() -> Mesh:
    return make_arch(Arch.LOWER, seed=1, faces=FACES)


def shifted(*shift_mm: float) -> Floats:
    return pose_of(np.eye(3), np.array(shift_mm))


def turned(*about: float) -> Floats:
    return pose_of(rotation_about(np.array(about)), np.zeros(3))


def test_the_jaws_of_one_person_meet(upper: Mesh, lower: Mesh) -> None:
    found = contact(upper, lower)
    assert found.plausible
    assert found.facing > 0.95
    assert found.overlap > 0.85
    assert found.gap_mm is not None
    assert 0.0 < found.gap_mm < 0.7
    assert found.squeezed_mm2 == 0.0


@pytest.mark.parametrize(
    "pose",
    [
        shifted(0, 0, 10),
        shifted(0, 0, 3),
        shifted(10, 0, 0),
        shifted(5, 0, 0),
        shifted(0, 10, 0),
        shifted(0, 0, -3),
        shifted(0, 0, -40),
        turned(0, 0, np.radians(15)),
        turned(0, 0, np.pi / 2),
        turned(0, 0, np.pi),
        turned(0.26, 0, 0),
        turned(np.pi, 0, 0),
        shifted(400, 0, 0),
    ],
    ids=[
        "10 up",
        "3 up",
        "10 aside",
        "5 aside",
        "10 ahead",
        "3 in",
        "past it",
        "15 degrees aside",
        "crossed",
        "back to front",
        "tilted",
        "over",
        "far",
    ],
)
def test_jaws_that_lie_elsewhere_do_not_meet(upper: Mesh, lower: Mesh, pose: Floats) -> None:
    assert not contact(transformed(upper, pose), lower).plausible


def test_two_jaws_that_both_look_the_same_way_do_not_meet(upper: Mesh, lower: Mesh) -> None:
    both_up = transformed(upper, turned(0, np.pi, 0))
    found = contact(both_up, lower)
    assert found.facing < 0
    assert not found.plausible


def test_jaws_in_each_other_s_place_lie_back_to_back(upper: Mesh, lower: Mesh) -> None:
    height = float(upper.vertices[:, 2].max() - lower.vertices[:, 2].min())
    found = contact(transformed(upper, shifted(0, 0, -height)), lower)
    assert found.facing < 0
    assert not found.plausible


def test_a_millimetre_more_between_the_teeth_is_measured_as_one(upper: Mesh, lower: Mesh) -> None:
    near, far = contact(upper, lower), contact(transformed(upper, shifted(0, 0, 1)), lower)
    assert near.gap_mm is not None
    assert far.gap_mm == pytest.approx(near.gap_mm + 1, abs=0.05)


def test_the_frame_of_the_files_and_their_winding_do_not_matter(upper: Mesh, lower: Mesh) -> None:
    pose = pose_of(rotation_about(np.array([1.0, -0.7, 2.0])), np.array([80.0, -40.0, 15.0]))
    before = contact(upper, lower)
    after = contact(inside_out(transformed(upper, pose)), transformed(lower, pose))
    assert after.plausible
    assert after.gap_mm == pytest.approx(before.gap_mm, abs=0.15)
    assert after.overlap == pytest.approx(before.overlap, abs=0.03)


def test_half_an_arch_meets_a_whole_one(upper: Mesh) -> None:
    from_side = make_arch(Arch.LOWER, seed=1, faces=FACES, side=Side.RIGHT)
    assert contact(upper, from_side).plausible


def test_what_is_no_pair_of_arches_is_an_answer_and_no_error(upper: Mesh) -> None:
    flat = Mesh(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32), np.array([[0, 1, 2]], np.int32))
    for other in (flat, transformed(flat, shifted(1e6, 0, 0)), Mesh(upper.vertices * np.float32(1000), upper.faces)):
        assert not contact(upper, other).plausible
        assert not contact(other, upper).plausible


def test_the_numbers_can_be_stored() -> None:
    assert Contact(0.5).as_dict()["gap_mm"] is None
    assert Contact(0.5).as_dict()["plausible"] is False
