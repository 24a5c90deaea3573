"""People who are easily taken for each other are never filed under each other."""

from dataclasses import replace
from datetime import date

import pytest

from patients.matching.decide import (
    AUTO_THRESHOLD,
    BIRTH_DATE_CONFLICT,
    NAME_DIFFERENT,
    NO_CANDIDATE,
    RUNNER_UP_MARGIN,
    SEVERAL_CANDIDATES,
    SUFFIX_CONFLICT,
)
from patients.matching.identity import Identity
from patients.matching.score import score
from patients.measurement.name_tables import CLOSE_TWINS
from tests.matching.deciding import decided

BORN = date(2011, 3, 24)
TWINS = [tuple(pair.split("/")) for pair in CLOSE_TWINS.split()]
NEAR_DAYS = [date(2011, 3, 25), date(2011, 4, 24), date(2012, 3, 24), date(2021, 3, 24), date(2011, 3, 14)]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_a_twin_who_is_not_registered_is_not_filed_under_the_other(one: str, other: str) -> None:
    for received, known in ((one, other), (other, one)):
        decision = decided(Identity(received, "Berg", birth_date=BORN), Identity(known, "Berg", birth_date=BORN))
        assert decision.patient_key is None
        assert decision.reasons == (NAME_DIFFERENT,)


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_not_even_with_a_chart_number_the_whole_family_shares(one: str, other: str) -> None:
    received = Identity(one, "Berg", birth_date=BORN, chart_number="4711")
    assert decided(received, Identity(other, "Berg", birth_date=BORN, chart_number="4711")).patient_key is None


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_of_two_registered_twins_nobody_or_the_right_one(one: str, other: str) -> None:
    twins = (Identity(one, "Berg", birth_date=BORN), Identity(other, "Berg", birth_date=BORN))
    assert decided(twins[0], *twins).patient_key in (0, None)
    assert decided(twins[1], *twins).patient_key in (1, None)


def test_twins_with_unlike_names_are_told_apart() -> None:
    twins = (Identity("Clara", "Berg", birth_date=BORN), Identity("Oskar", "Berg", birth_date=BORN))
    assert decided(twins[1], *twins).patient_key == 1


def test_an_initial_does_not_choose_between_twins_nor_stand_for_the_one_who_is_registered() -> None:
    known = Identity("Clara", "Berg", birth_date=BORN)
    assert decided(Identity("C.", "Berg", birth_date=BORN), known).patient_key is None


@pytest.mark.parametrize(
    ("received", "known"),
    [
        (Identity("Berg", "Clara"), Identity("Oskar", "Berg")),
        (Identity("Clara", "Berg"), Identity("Berg", "Oskar")),
        (Identity(full_name="Berg Clara"), Identity("Oskar", "Berg")),
        (Identity(full_name="Berg Clara"), Identity("Berg", "Oskar")),
        (Identity(full_name="Clara Berg"), Identity(full_name="Oskar Berg")),
        (Identity("Berg", "Clara"), Identity(full_name="Berg Oskar")),
    ],
)
def test_a_surname_in_the_wrong_field_is_no_equal_first_name(received: Identity, known: Identity) -> None:
    twins = [replace(twin, birth_date=BORN, chart_number="4711") for twin in (received, known)]
    assert decided(*twins).patient_key is None


@pytest.mark.parametrize(
    ("received", "known"),
    [
        (Identity("Kaya", "Erik"), Identity("Erika", "Kaya")),
        (Identity(full_name="Kaya Erik"), Identity("Erika", "Kaya")),
        (Identity(full_name="Kaya Erik"), Identity(full_name="Kaya Erika")),
        (Identity("Kaya", "Marina"), Identity("Martina", "Kaya")),
    ],
)
def test_a_twins_first_name_in_the_surname_field_is_no_mistyped_surname(received: Identity, known: Identity) -> None:
    twins = [replace(twin, birth_date=BORN) for twin in (received, known)]
    assert decided(*twins).patient_key is None


def test_a_word_too_many_in_one_string_may_be_the_first_name_of_a_twin() -> None:
    received = Identity(last_name="Han Soo-min", birth_date=BORN)
    assert decided(received, Identity("Min-jun", "Han", birth_date=BORN)).patient_key is None


def test_whoever_bears_the_name_more_exactly_but_has_no_birth_date_on_file_holds_it_up() -> None:
    received = Identity("Soomin", "Hahn", birth_date=BORN)
    near, exact = Identity("Soomin", "Hann", birth_date=BORN), Identity("Soomin", "Hahn")
    assert decided(received, near).patient_key == 0
    assert decided(received, near, exact).reasons == (SEVERAL_CANDIDATES,)


def test_jr_is_never_filed_under_sr() -> None:
    for received, known in (("Jr", "Sr"), ("Sr.", "Jr."), ("Senior", "II"), ("III", "Jr")):
        decision = decided(
            Identity("John", f"Smith {received}", birth_date=BORN, chart_number="7"),
            Identity("John", f"Smith {known}", birth_date=BORN, chart_number="7"),
        )
        assert decision.patient_key is None
        assert SUFFIX_CONFLICT in decision.reasons


def test_a_suffix_on_one_side_needs_birth_date_and_chart_number() -> None:
    junior = Identity("John", "Smith Jr", birth_date=BORN, chart_number="C12")
    assert decided(Identity("John", "Smith", birth_date=BORN), junior).patient_key is None
    assert decided(Identity("John", "Smith", chart_number="C12"), junior).patient_key is None
    assert decided(Identity("John", "Smith", birth_date=BORN, chart_number="C12"), junior).patient_key == 0


def test_father_and_son_of_one_name_are_told_apart_by_the_birth_date() -> None:
    father, son = Identity("John", "Smith", birth_date=date(1971, 5, 2)), Identity("John", "Smith", birth_date=BORN)
    assert decided(son, father, son).patient_key == 1
    assert decided(son, father).reasons == (BIRTH_DATE_CONFLICT,)


def test_two_namesakes_without_more_are_several_candidates() -> None:
    one, two = (
        Identity("Maria", "Lopez", birth_date=day, chart_number=str(day.year)) for day in (BORN, date(1950, 1, 2))
    )
    assert decided(Identity("Maria", "Lopez"), one, two).reasons == (SEVERAL_CANDIDATES,)


def test_a_chart_number_alone_does_not_choose_between_namesakes() -> None:
    one, two = (
        Identity("Maria", "Lopez", birth_date=day, chart_number=str(day.year)) for day in (BORN, date(1950, 1, 2))
    )
    assert decided(Identity("Maria", "Lopez", chart_number="1950"), one, two).reasons == (SEVERAL_CANDIDATES,)


def test_runner_up_within_the_margin_waits() -> None:
    one = Identity("Stephen", "Moore", birth_date=BORN)
    other = Identity("Steven", "Moore", birth_date=BORN)
    gap = score(one, one).value - score(one, other).value
    assert score(one, one).value >= AUTO_THRESHOLD
    assert 0 < gap <= RUNNER_UP_MARGIN
    assert decided(one, one).patient_key == 0
    assert decided(one, one, other).reasons == (SEVERAL_CANDIDATES,)


@pytest.mark.parametrize("day", [date(1980, 7, 3), date(2011, 12, 30), date(1951, 3, 24), date(1981, 3, 24)])
def test_another_birth_date_is_never_automatic_however_high_the_rest(day: date) -> None:
    known = Identity("Wernher Maria", "von Braun-Falkenstein", birth_date=BORN, chart_number="P-00815")
    received = Identity("Wernher Maria", "von Braun-Falkenstein", birth_date=day, chart_number="P-00815")
    decision = decided(received, known)
    assert decision.patient_key is None
    assert BIRTH_DATE_CONFLICT in decision.reasons


@pytest.mark.parametrize("day", NEAR_DAYS)
def test_a_slip_in_the_birth_date_needs_the_chart_number(day: date) -> None:
    known = Identity("Clara", "Berg", birth_date=BORN, chart_number="815")
    assert decided(Identity("Clara", "Berg", birth_date=day), known).patient_key is None
    assert decided(Identity("Clara", "Berg", birth_date=day, chart_number="815"), known).patient_key == 0


def test_a_stranger_of_another_name_is_no_candidate() -> None:
    assert decided(Identity("Oskar", "Huber"), Identity("Clara", "Berg", birth_date=BORN)).reasons == (NO_CANDIDATE,)
