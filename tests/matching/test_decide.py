"""What is filed without a person, and why anything else waits."""

from datetime import date

import pytest

from patients.matching import decide as module
from patients.matching.decide import (
    CHART_CONFLICT,
    NAME_ALONE,
    NAME_DIFFERENT,
    NO_CANDIDATE,
    NO_IDENTITY,
    NOT_SURE,
    TEST_PATIENT,
    WAIT_REASONS,
)
from patients.matching.identity import Identity
from tests.matching.deciding import decided

BORN = date(1984, 11, 9)
CLARA = Identity("Clara", "Berg", birth_date=BORN, chart_number="P-00815")
OSKAR = Identity("Oskar", "Huber", birth_date=date(1950, 2, 1), chart_number="P-00851")


@pytest.mark.parametrize(
    "received",
    [
        Identity("Clara", "Berg", birth_date=BORN),
        Identity("Clara", "Berg", chart_number="815"),
        Identity(last_name="BERG CLARA", birth_date=BORN),
        Identity(full_name="Berg, Clara", birth_date_text="09.11.1984"),
        Identity(full_name="Berg^Clara", birth_date_text="19841109"),
        Identity("Berg", "Clara", birth_date=BORN),
        Identity("Klara", "Berk", birth_date=BORN),
        Identity("Clara", "Berg", birth_date=date(1984, 9, 11)),
    ],
)
def test_name_with_birth_date_or_chart_number_files(received: Identity) -> None:
    decision = decided(received, OSKAR, CLARA)
    assert decision.patient_key == 1
    assert decision.is_automatic
    assert decision.reasons == decision.sentences == ()


def test_a_name_alone_never_files() -> None:
    assert decided(Identity("Clara", "Berg"), CLARA).reasons == (NAME_ALONE,)


def test_birth_date_and_chart_number_without_a_name_never_file() -> None:
    assert decided(Identity(birth_date=BORN, chart_number="815"), CLARA).patient_key is None


def test_a_chart_number_under_another_name_is_a_conflict() -> None:
    assert decided(Identity("Oskar", "Huber", chart_number="815"), CLARA).reasons == (CHART_CONFLICT,)


def test_digits_swapped_into_another_patients_number_wait() -> None:
    received = Identity("Clara", "Berg", chart_number="P-00851")
    assert CHART_CONFLICT in decided(received, CLARA, OSKAR).reasons


def test_such_a_slip_does_not_outweigh_name_and_birth_date() -> None:
    received = Identity("Clara", "Berg", birth_date=BORN, chart_number="P-00851")
    assert decided(received, CLARA, OSKAR).patient_key == 0


def test_but_somebody_elses_number_that_is_no_slip_does() -> None:
    received = Identity("Clara", "Berg", birth_date=BORN, chart_number="4242")
    stranger = Identity("Oskar", "Huber", birth_date=date(1950, 2, 1), chart_number="4242")
    assert decided(received, CLARA, stranger).reasons == (CHART_CONFLICT,)


def test_a_namesakes_number_with_another_birth_date_waits() -> None:
    namesake = Identity("Clara", "Berg", birth_date=date(1940, 1, 5), chart_number="P-00816")
    received = Identity("Clara", "Berg", birth_date=BORN, chart_number="P-00816")
    assert CHART_CONFLICT in decided(received, CLARA, namesake).reasons


def test_another_surname_with_birth_date_waits_and_with_the_number_as_well_files() -> None:
    assert decided(Identity("Clara", "Huber", birth_date=BORN), CLARA).reasons == (NAME_DIFFERENT,)
    assert decided(Identity("Clara", "Huber", birth_date=BORN, chart_number="815"), CLARA).patient_key == 0


def test_a_maiden_name_the_register_knows_files() -> None:
    married = Identity("Clara", "Huber", birth_date=BORN, other_names=(("Clara", "Berg"),))
    assert decided(Identity("Clara", "Berg", birth_date=BORN), married).patient_key == 0


def test_a_mistyped_date_under_a_doubtful_name_is_not_sure() -> None:
    assert decided(Identity("C.", "Berg", birth_date=date(1984, 11, 8), chart_number="815"), CLARA).reasons == (
        NOT_SURE,
    )


@pytest.mark.parametrize(
    "name",
    [
        "Test",
        "zz",
        "ZZTest",
        "Dummy Patient",
        "demo",
        "PatientId 0",
        "Anonymous",
        "xxx",
        "Max Mustermann",
        "тест",
        "n/a",
    ],
)
def test_a_test_patient_waits_even_if_the_register_has_it(name: str) -> None:
    received = Identity(full_name=name, birth_date=BORN, chart_number="1")
    assert decided(received, received).reasons == (TEST_PATIENT,)


@pytest.mark.parametrize(
    "name", ["Testa", "Demopoulos", "Xaver Huber III", "Ho", "Na Li", "Probst", "Anonby", "Doe, Martha"]
)
def test_a_name_that_only_looks_a_bit_like_one_is_a_name(name: str) -> None:
    assert decided(Identity(full_name=name), CLARA).reasons == (NO_CANDIDATE,)


@pytest.mark.parametrize(
    "received",
    [Identity(), Identity(first_name="  ", chart_number="0"), Identity(full_name="-", birth_date=date(1900, 1, 1))],
)
def test_nothing_but_placeholders_is_no_identity(received: Identity) -> None:
    assert decided(received, CLARA).reasons == (NO_IDENTITY,)


def test_every_reason_has_a_sentence_of_its_own() -> None:
    codes = {value for name, value in vars(module).items() if name.isupper() and name == value}
    assert codes == set(WAIT_REASONS)
    assert len(set(WAIT_REASONS.values())) == len(WAIT_REASONS)


def test_candidates_are_ranked_best_first() -> None:
    decision = decided(Identity("Clara", "Berg", birth_date=BORN), OSKAR, CLARA, Identity("Clara", "Berger"))
    assert [candidate.key for candidate in decision.ranked] == [1, 2, 0]
