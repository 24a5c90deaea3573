"""What holds for any two identities."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.matching.blocking import MAX_KEY_LENGTH, blocking_keys, lookup_keys
from patients.matching.codes import NameStrength
from patients.matching.decide import AUTO_THRESHOLD, RUNNER_UP_MARGIN, WAIT_REASONS, Candidate, decide
from patients.matching.identity import Identity
from patients.matching.score import score
from patients.matching.weights import PRIOR_POINTS, TEMPERATURE
from tests.matching.deciding import decided

WORDS = st.sampled_from(
    [
        "Anna",
        "Hanna",
        "Maria",
        "José",
        "Bob",
        "Robert",
        "J.",
        "Müller",
        "Mueller",
        "von Berg",
        "Smith Jr",
        "Smith",
        "김",
    ]
)
NAMES = st.one_of(WORDS, st.builds("{} {}".format, WORDS, WORDS), st.builds("{}, {}".format, WORDS, WORDS), st.just(""))
IDENTITIES = st.builds(
    Identity,
    first_name=st.one_of(NAMES, st.text(max_size=6)),
    last_name=NAMES,
    full_name=st.one_of(NAMES, st.text(max_size=8)),
    birth_date=st.sampled_from([None, date(1980, 5, 4), date(1980, 4, 5), date(1981, 5, 4), date(2001, 9, 9)]),
    birth_date_text=st.sampled_from(["", "04/05/1980", "04.05.80"]),
    chart_number=st.sampled_from(["", "123", "P-0123", "132", "77"]),
    other_names=st.sampled_from([(), (("Anna", "Berg"),)]),
)


@given(IDENTITIES, IDENTITIES)
def test_score_is_symmetric(one: Identity, other: Identity) -> None:
    assert score(one, other).value == score(other, one).value
    assert score(one, other).name_strength == score(other, one).name_strength


@given(IDENTITIES, IDENTITIES)
def test_the_reasons_add_up_to_the_value(one: Identity, other: Identity) -> None:
    found = score(one, other)
    assert 0 <= found.value <= 1
    assert found.value == pytest.approx(1 / (1 + 2 ** -((PRIOR_POINTS + found.points) / TEMPERATURE)))
    assert {reason.field for reason in found.reasons} == {"name", "birth_date", "chart_number"}
    assert all(reason.sentence and reason.code for reason in found.reasons)


@given(IDENTITIES)
def test_nobody_fits_better_than_oneself(one: Identity) -> None:
    same = score(one, one)
    assert not same.birth_date_conflict
    assert not same.chart_conflict
    assert not same.suffix_conflict


@given(IDENTITIES, st.lists(IDENTITIES, max_size=5), st.permutations(range(5)))
def test_the_order_of_candidates_decides_nothing(
    received: Identity, patients: list[Identity], order: list[int]
) -> None:
    candidates = [Candidate(key, score(received, patient)) for key, patient in enumerate(patients)]
    shuffled = [candidates[index] for index in order if index < len(candidates)]
    assert decide(received, candidates) == decide(received, shuffled)


@given(IDENTITIES, st.lists(IDENTITIES, min_size=1, max_size=5))
def test_whatever_is_filed_meets_every_condition(received: Identity, patients: list[Identity]) -> None:
    decision = decided(received, *patients)
    assert set(decision.reasons) <= set(WAIT_REASONS)
    assert (decision.patient_key is None) == bool(decision.reasons)
    if decision.is_automatic:
        best, others = decision.ranked[0].score, decision.ranked[1:]
        assert best.value >= AUTO_THRESHOLD
        assert not best.birth_date_conflict
        assert not best.suffix_conflict
        assert best.name_strength > NameStrength.WEAK
        assert all(best.value - other.score.value > RUNNER_UP_MARGIN for other in others)


@given(IDENTITIES)
def test_keys_are_short_ascii_and_every_lookup_key_is_stored(one: Identity) -> None:
    keys = blocking_keys(one)
    assert all(0 < len(key) <= MAX_KEY_LENGTH and key.isascii() for key in keys)
    assert lookup_keys(one) <= keys
    assert bool(lookup_keys(one)) == bool(keys)
