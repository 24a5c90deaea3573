"""The pictures that the networks learn from carry true names: a wrong frame is never called right."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from scans.classification.geometry.network import CLASSES
from scans.training.dataset import MADE, made_arches, made_bites, pictures, shapes
from scans.training.examples import _truth as truth
from scans.training.examples import examples
from scans.training.solids import other
from tests.training.arches import ARCHES

SCANS = [*made_arches(2), *made_bites(1)]
NONE = CLASSES.index("none")


def axes(about, degrees):
    return Rotation.from_euler(about, degrees, degrees=True).as_matrix()


@pytest.mark.parametrize("label", ["upper", "lower"])
@pytest.mark.parametrize(
    ("frame", "is_right"),
    [
        (np.eye(3), True), (axes("x", 12), True), (axes("z", 30), True),
        (axes("x", 30), None),
        (axes("x", 180), False), (axes("y", 180), False), (axes("z", 180), False), (axes("z", 90), False),
        (axes("x", 90), False),
    ],
)  # fmt: skip
def test_a_frame_is_right_only_near_the_true_one(label, frame, is_right):
    assert truth(label, frame) is is_right
    assert truth("other", frame) is False


def test_a_bite_may_stand_on_its_head_but_not_show_its_back():
    assert truth("bite", axes("z", 180)) is True
    assert truth("bite", axes("y", 180)) is False
    assert truth("bite", axes("z", 90)) is False


@pytest.mark.parametrize("name", ARCHES)
def test_an_arch_gives_pictures_of_itself_and_of_wrong_frames_and_no_other_name(name):
    for seed in range(4):
        found = list(examples(ARCHES[name], np.random.default_rng(seed)))
        assert {said for *_, said in found} == {name, "none"}
        high = [(heights > 0.5).sum() for heights, _, said in found if said == name]
        assert min(high) > 200


def test_no_frame_of_another_thing_is_right():
    for seed in range(6):
        assert {said for *_, said in examples(other(np.random.default_rng(seed)), np.random.default_rng(seed))} <= {
            "none"
        }


def made(seed, without=()):
    rng = np.random.default_rng(seed)
    return list(shapes(SCANS, 40, rng, without))


def test_a_group_left_out_is_nowhere_in_what_is_learned():
    assert {"base", "odd jaw", "solid", MADE} <= {posed.group for posed in made(0)}
    assert not {"base", "odd jaw"} & {posed.group for posed in made(0, ["base", "odd jaw"])}


def test_a_source_left_out_gives_no_bite_and_no_thing_either():
    real = [posed for posed in SCANS if posed.label != "bite"]
    half = [*real[:2], *(type(each)(each.points, each.normals, each.label, "clinic") for each in real[2:])]
    found = list(shapes(half, 60, np.random.default_rng(0), [MADE]))
    marks = {round(float(each.points[0, 0]), 6) for each in half if each.group == MADE}
    assert {each.group for each in found if each.label in ("upper", "lower", "bite")} == {"clinic"}
    assert not marks & {round(float(each.points[0, 0]), 6) for each in found}


def test_pictures_are_the_same_by_the_same_seed_and_others_are_never_named():
    one, two = (pictures(iter(made(7)), np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.heights, two.heights)
    assert np.array_equal(one.classes, two.classes)
    assert one.heights.shape[1:] == (80, 80)
    assert one.rolled.shape[1:] == (112, 24)
    assert one.heights.dtype == one.rolled.dtype == np.uint8
    assert set(one.classes[one.others]) == {NONE}
    assert set(one.classes) == set(range(len(CLASSES)))


def test_made_people_come_with_both_jaws_and_bites_that_face_the_viewer():
    assert {(posed.patient, posed.label) for posed in SCANS if posed.label != "bite"} == {
        ("made0", "upper"), ("made0", "lower"), ("made1", "upper"), ("made1", "lower"),
    }  # fmt: skip
    for posed in SCANS:
        if posed.label == "bite":
            assert posed.normals[:, 2].mean() > 0.3
