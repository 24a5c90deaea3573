"""What the files of one case say of each other."""

from hypothesis import given
from hypothesis import strategies as st

from scans.classification.by_filename import by_filename
from scans.classification.classify import classify, classify_case
from scans.classification.set_logic import LEFT_OVER, by_set
from scans.classification.verdict import Arch, Category, Method, Role, Verdict, Vote


def case(*names: str, **shapes: Vote) -> dict[str, Verdict]:
    return classify_case({name: [by_filename(name), *([shapes[name]] if name in shapes else [])] for name in names})


def test_the_one_file_left_is_probably_the_other_jaw() -> None:
    verdict = case("upper.stl", "x.stl")["x.stl"]
    assert (verdict.arch, verdict.confidence, verdict.needs_person) == (Arch.LOWER, LEFT_OVER, True)
    assert verdict.votes[-1].method is Method.SET


def test_the_shape_can_confirm_the_set() -> None:
    shape = Vote(Method.GEOMETRY, Arch.LOWER, Role.ARCH, confidence=0.7)
    verdict = case("upper", "x", x=shape)["x"]
    assert (verdict.arch, verdict.needs_person) == (Arch.LOWER, False)


def test_beside_both_jaws_the_one_left_may_be_the_bite() -> None:
    verdict = case("upper.stl", "lower.stl", "x.stl")["x.stl"]
    assert (verdict.category, verdict.needs_person) == (Category.BITE, True)


def test_two_unknown_files_say_nothing_of_each_other() -> None:
    found = case("upper.stl", "x.stl", "y.stl")
    assert [found[name].confidence for name in ("x.stl", "y.stl")] == [0.0, 0.0]


def test_an_abbreviation_is_confirmed_by_its_counterpart() -> None:
    verdict = case("Muster_OK.stl", "Muster_lower.stl")["Muster_OK.stl"]
    assert (verdict.arch, verdict.needs_person) == (Arch.UPPER, False)


def test_a_scan_from_before_is_never_guessed_into_the_free_slot() -> None:
    verdict = case("upper.stl", "preop.stl")["preop.stl"]
    assert (verdict.arch, verdict.category, verdict.needs_person) == (Arch.UNKNOWN, Category.OTHER, True)


def test_an_antagonist_without_a_jaw_is_opposite_to_the_preparation() -> None:
    verdict = case("upper prep.stl", "antagonist.stl")["antagonist.stl"]
    assert (verdict.arch, verdict.role) == (Arch.LOWER, Role.ANTAGONIST)


def test_two_scans_in_one_slot_are_allowed_and_noted() -> None:
    found = case("anna upper.stl", "upper scan.stl", "lower.stl")
    assert [bool(one.notes) for one in found.values()] == [True, True, False]
    assert not any(one.needs_person for one in found.values())


def test_repeats_with_an_index_need_no_note() -> None:
    found = case("upper.stl", "upper_1.stl", "upper preop.stl")
    assert [one.notes for one in found.values()] == [(), (), ()]


def test_a_jaw_that_waits_for_a_person_tells_nothing_of_the_others() -> None:
    disputed = [Vote(Method.SIDECAR, Arch.UPPER, Role.ARCH, confidence=0.98), by_filename("lower.stl")]
    found = classify_case({"a": disputed, "b": [by_filename("x.stl")]})
    assert found["a"].conflict
    assert (found["b"].arch, found["b"].confidence) == (Arch.UNKNOWN, 0.0)


def test_a_person_s_choice_is_not_overruled_by_the_set() -> None:
    person = Vote(Method.PERSON, Arch.UPPER, Role.ARCH, confidence=1.0)
    found = classify_case({"a": [by_filename("upper.stl")], "b": [person]})
    assert (found["b"].arch, found["b"].confidence) == (Arch.UPPER, 1.0)


@given(st.lists(st.sampled_from(["upper", "lower", "bite", "x", "y", "prep", "preop", "Muster_OK"]), unique=True))
def test_the_set_never_decides_alone(names: list[str]) -> None:
    first = {name: classify([by_filename(name)]) for name in names}
    assert all(vote.confidence <= 0.7 for vote in by_set(first).values())
    assert list(case(*names)) == names
