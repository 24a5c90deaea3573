"""What the shape alone says of made-up arches, bites and other things: right or unsure, however they lie."""

import numpy as np
import pytest

from scans.classification.by_geometry import by_geometry, shape_of
from scans.classification.geometry.inside import Inside
from scans.classification.geometry.look import Sight
from scans.classification.verdict import CONFIDENT, Arch, Method, Role, Side
from scans.meshes.mesh import Mesh
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from tests.classification.shapes import OTHER_THINGS, inverted, mirrored, moved

ARCHES = {
    "upper": make_arch(Arch.UPPER, seed=101, faces=12_000),
    "upper without palate": make_arch(Arch.UPPER, seed=102, faces=12_000, palate=False),
    "lower": make_arch(Arch.LOWER, seed=101, faces=12_000),
    "lower with gaps": make_arch(Arch.LOWER, seed=102, faces=12_000, missing=(36, 45)),
}


def jaw_of(name):
    return Arch(name.split()[0])


@pytest.mark.parametrize("name", ARCHES)
def test_an_arch_is_named_rightly_or_not_at_all_in_ten_poses(name):
    votes = [by_geometry(moved(ARCHES[name], seed)).vote for seed in range(10)]
    assert {vote.arch for vote in votes} <= {jaw_of(name), Arch.UNKNOWN}
    assert sum(vote.arch is jaw_of(name) for vote in votes) >= 9


@pytest.mark.parametrize("change", [mirrored, inverted])
@pytest.mark.parametrize("name", ARCHES)
def test_mirrored_axes_and_inverted_winding_change_no_jaw(name, change):
    votes = [by_geometry(moved(change(ARCHES[name]), seed)).vote for seed in range(3)]
    assert {vote.arch for vote in votes} <= {jaw_of(name), Arch.UNKNOWN}
    assert sum(vote.arch is jaw_of(name) for vote in votes) >= 2


@pytest.mark.parametrize("jaw", [Arch.UPPER, Arch.LOWER])
def test_half_an_arch_is_never_named_as_the_other_jaw_with_confidence(jaw):
    for side in (Side.LEFT, Side.RIGHT):
        vote = by_geometry(make_arch(jaw, seed=103, faces=8_000, side=side)).vote
        assert vote.arch in (jaw, Arch.UNKNOWN) or vote.confidence < CONFIDENT, vote


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_made_bite_is_a_bite_or_unsure(side):
    for seed in (104, 105):
        vote = by_geometry(moved(make_bite(seed, side=side, faces=8_000), seed)).vote
        assert vote.arch is Arch.UNKNOWN
        assert vote.role in (Role.BITE, Role.UNKNOWN)


@pytest.mark.parametrize("name", OTHER_THINGS)
def test_other_things_are_never_named_with_confidence(name):
    vote = by_geometry(OTHER_THINGS[name]).vote
    assert vote.confidence < CONFIDENT, vote


def test_an_arch_in_another_unit_is_not_named():
    small = ARCHES["upper"].vertices * np.float32(0.01)
    assert by_geometry(Mesh(small, ARCHES["upper"].faces)).vote.role is Role.UNKNOWN


def test_the_evidence_is_a_sentence_and_the_numbers_stand_beside_it():
    shape = by_geometry(ARCHES["upper"])
    assert shape.vote.method is Method.GEOMETRY
    assert shape.vote.evidence.startswith("the shape of the teeth says upper (")
    assert "the palate closes" in shape.vote.evidence
    assert 40 < shape.measures["width_mm"] < 75
    assert shape.measures["cover"] > 0.6


def test_the_same_mesh_gets_the_same_answer():
    assert by_geometry(ARCHES["lower"]) == by_geometry(ARCHES["lower"])


def test_what_one_network_does_not_see_is_left_to_a_person():
    chances = {"upper": 0.9, "lower": 0.05, "bite": 0.0, "none": 0.05}
    assert shape_of(Sight(chances, agreement=0.8)).vote.confidence >= CONFIDENT
    assert shape_of(Sight(chances, agreement=0.1)).vote.confidence < CONFIDENT


@pytest.mark.parametrize(
    ("jaw", "is_human"),
    [
        (Inside(60, 50, 125, relief_mm=1.1, beyond=0, cover=0.5), True),
        (Inside(40, 60, 125, relief_mm=1.1, beyond=0, cover=0.5), False),
        (Inside(80, 60, 140, relief_mm=1.1, beyond=0.3, cover=0.5), False),
        (Inside(35, 20, 55, relief_mm=1.1, beyond=0, cover=None), False),
        (Inside(60, 50, 125, relief_mm=0.2, beyond=0, cover=0.5), False),
    ],
    ids=["a whole human arch", "narrow as an animal's", "larger than any human's", "a few teeth", "no teeth"],
)
def test_only_a_whole_human_jaw_with_teeth_is_named_with_confidence(jaw, is_human):
    chances = {"upper": 0.05, "lower": 0.95, "bite": 0.0, "none": 0.0}
    shape = shape_of(Sight(chances, agreement=0.95, inside=jaw))
    assert (shape.vote.confidence >= CONFIDENT) is is_human
    assert shape.vote.arch is Arch.LOWER


def test_a_jaw_twice_as_wide_as_a_human_one_is_left_to_a_person_in_every_pose():
    wide = Mesh(ARCHES["lower"].vertices * np.float32([2, 1, 1]), ARCHES["lower"].faces)
    assert all(by_geometry(moved(wide, seed)).vote.confidence < CONFIDENT for seed in range(6))
