"""The figures the automatic filing is allowed to run on."""

import json
from datetime import date
from random import Random
from time import process_time

import pytest

from patients.matching.decide import Candidate, decide
from patients.matching.identity import Identity
from patients.matching.score import score
from patients.measurement.measure import HELD_OUT_SEED, measure
from patients.measurement.population import Town, registered_identity
from patients.measurement.report import Report
from patients.measurement.statistics import wilson_lower_bound


@pytest.fixture(scope="module")
def report() -> Report:
    return measure(pairs=10_000, seed=HELD_OUT_SEED)


def test_what_is_filed_is_filed_right(report: Report) -> None:
    assert report.filed > 6000
    assert report.ppv >= 0.9995
    assert report.ppv_lower_bound >= 0.998


def test_most_of_what_could_be_filed_is(report: Report) -> None:
    assert report.sensitivity >= 0.84


def test_blocking_loses_next_to_nobody(report: Report) -> None:
    assert report.blocking_recall >= 0.995
    assert report.candidates_per_case < 60


def test_test_patients_and_strangers_are_never_filed_right(report: Report) -> None:
    rows = {row.name: row for row in report.traps}
    assert rows["test_patient"].waits == rows["test_patient"].cases > 50
    assert rows["not_registered"].right == 0


def test_every_kind_of_trap_occurs_and_adds_up(report: Report) -> None:
    assert all(row.cases == row.right + row.wrong + row.waits for row in report.traps)
    names = {row.name for row in report.traps}
    assert names >= {"twin", "namesake", "suffix", "nickname", "native_script", "transliterated", "maiden_name"}
    assert names >= {"chart_of_another", "chart_of_relative", "birth_date_slip", "birth_date_swapped", "dicom"}


def test_the_report_goes_out_as_json_and_as_tables(report: Report) -> None:
    data = json.loads(json.dumps(report.as_dict()))
    assert data["ppv"] == report.ppv
    assert data["filed_wrong"] == len(report.mistakes)
    text = report.as_markdown()
    assert f"| PPV | {report.ppv:.5f} |" in text
    assert "| twin |" in text


def test_a_seed_always_gives_the_same_figures() -> None:
    one, other = (measure(pairs=150, seed=3).as_dict() for _ in range(2))
    assert one.pop("seconds") > 0
    assert other.pop("seconds") > 0
    assert one == other


def test_two_hundred_candidates_take_no_time() -> None:
    rng = Random(8)
    patients = [registered_identity(person, rng) for person in Town(rng).people(200)]
    received = Identity("Robert", "Schneider", birth_date=date(1980, 2, 3), chart_number="10123")
    decide(received, [Candidate(key, score(received, patient)) for key, patient in enumerate(patients)])
    started = process_time()
    decide(received, [Candidate(key, score(received, patient)) for key, patient in enumerate(patients)])
    assert process_time() - started < 0.02


@pytest.mark.parametrize(("successes", "trials", "bound"), [(10, 10, 0.72247), (50, 100, 0.40383), (0, 0, 0.0)])
def test_wilson_bound_against_published_values(successes: int, trials: int, bound: float) -> None:
    assert wilson_lower_bound(successes, trials) == pytest.approx(bound, abs=1e-5)
