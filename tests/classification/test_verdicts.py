"""Weighing the votes on one file."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.classification.by_filename import DOUBTFUL
from scans.classification.classify import classify
from scans.classification.verdict import CONFIDENT, UNDECIDED, Arch, Category, Method, Role, Side, Vote

U, L = Arch.UPPER, Arch.LOWER


def vote(method: Method, arch: Arch, confidence: float, role: Role = Role.ARCH, **more) -> Vote:
    return Vote(method, arch, role, confidence=confidence, evidence="seen", **more)


SIDECAR = vote(Method.SIDECAR, U, 0.98)
VENDOR = vote(Method.VENDOR, U, 0.95)
TOKENS = vote(Method.TOKENS, U, 0.9)

VOTES = st.builds(
    Vote,
    st.sampled_from([method for method in Method if method is not Method.PERSON]),
    st.sampled_from(Arch),
    st.sampled_from(Role),
    st.sampled_from(Side),
    st.none() | st.integers(0, 3),
    st.floats(0, 1),
)


def test_no_vote_is_undecided() -> None:
    assert classify([]) == UNDECIDED
    assert classify([Vote(Method.TOKENS)]).needs_person


def test_one_sure_vote_decides_with_its_own_confidence() -> None:
    verdict = classify([TOKENS])
    assert (verdict.arch, verdict.role, verdict.confidence, verdict.needs_person) == (U, Role.ARCH, 0.9, False)


def test_silent_votes_change_nothing() -> None:
    silent = Vote(Method.SIDECAR, side=Side.LEFT, index=4, confidence=1.0)
    verdict = classify([silent, TOKENS])
    assert (verdict.arch, verdict.confidence, verdict.index, verdict.side) == (U, 0.9, None, Side.NONE)


def test_agreement_raises_confidence() -> None:
    assert classify([TOKENS, vote(Method.GEOMETRY, U, 0.7)]).confidence == pytest.approx(0.97)
    assert classify([SIDECAR, VENDOR, TOKENS]).confidence == 0.99


def test_two_votes_of_one_method_are_one_witness() -> None:
    assert classify([TOKENS, TOKENS]).confidence == 0.9


NAMING = [vote(method, L, 0.9) for method in (Method.VENDOR, Method.FOLDER, Method.TOKENS)]


@pytest.mark.parametrize("other", [*NAMING, vote(Method.SIDECAR, L, 0.95), vote(Method.TOKENS, L, 0.75)])
def test_two_words_that_name_opposite_jaws_need_a_person(other: Vote) -> None:
    for order in permutations([SIDECAR, other]):
        verdict = classify(order)
        assert (verdict.arch, verdict.needs_person) == (U, True)
        assert "says upper" in verdict.conflict
        assert "says lower" in verdict.conflict


def test_witnesses_do_not_outvote_one_clear_name() -> None:
    verdict = classify([SIDECAR, VENDOR, vote(Method.GEOMETRY, U, 0.9), vote(Method.TOKENS, L, 0.9)])
    assert (verdict.arch, verdict.needs_person) == (U, True)


def test_the_opposite_of_a_role_s_own_words_is_found_below_a_silent_order() -> None:
    order = Vote(Method.SIDECAR, role=Role.PREPARATION, confidence=0.98)
    assert classify([order, vote(Method.FOLDER, U, 0.92), vote(Method.TOKENS, L, 0.9)]).conflict


@pytest.mark.parametrize("confidence", [0.3, 0.59, DOUBTFUL])
def test_a_doubtful_word_does_not_hold_up_a_sure_one(confidence: float) -> None:
    verdict = classify([SIDECAR, vote(Method.TOKENS, L, confidence)])
    assert (verdict.arch, verdict.conflict, verdict.needs_person) == (U, "", False)
    assert CONFIDENT <= verdict.confidence < 0.98


def test_a_person_settles_words_that_name_opposite_jaws() -> None:
    verdict = classify([SIDECAR, vote(Method.TOKENS, L, 0.9), vote(Method.PERSON, L, 1.0)])
    assert (verdict.arch, verdict.conflict, verdict.needs_person) == (L, "", False)


@pytest.mark.parametrize("name", [SIDECAR, VENDOR, TOKENS])
def test_when_name_and_shape_disagree_a_person_decides(name: Vote) -> None:
    verdict = classify([name, vote(Method.GEOMETRY, L, 0.75)])
    assert (verdict.arch, verdict.needs_person) == (U, True)
    assert "the shape says lower" in verdict.conflict


def test_an_unsure_shape_does_not_hold_up_a_sure_name() -> None:
    verdict = classify([SIDECAR, vote(Method.GEOMETRY, L, 0.5)])
    assert (verdict.conflict, verdict.needs_person) == ("", False)


def test_an_arch_by_name_that_is_shaped_as_a_bite_needs_a_person() -> None:
    verdict = classify([TOKENS, vote(Method.GEOMETRY, Arch.BOTH, 0.8, Role.BITE)])
    assert (verdict.role, verdict.needs_person) == (Role.ARCH, True)
    assert "bite" in verdict.conflict


def test_a_preparation_is_shaped_as_an_arch() -> None:
    verdict = classify([vote(Method.TOKENS, U, 0.9, Role.PREPARATION), vote(Method.GEOMETRY, U, 0.7)])
    assert (verdict.role, verdict.conflict) == (Role.PREPARATION, "")
    assert verdict.confidence > 0.9


@pytest.mark.parametrize("role", [Role.SCAN_BODY, Role.DENTURE, Role.DESIGN])
def test_the_shape_says_nothing_of_roles_it_cannot_see(role: Role) -> None:
    verdict = classify([vote(Method.VENDOR, U, 0.95, role), vote(Method.GEOMETRY, U, 0.7)])
    assert (verdict.role, verdict.conflict, verdict.category) == (role, "", Category.OTHER)


def test_an_order_that_says_jaw_and_a_name_that_says_before_treatment_need_a_person() -> None:
    verdict = classify([SIDECAR, vote(Method.TOKENS, U, 0.9, Role.PRE_PREPARATION)])
    assert verdict.needs_person
    assert "pre preparation" in verdict.conflict


def test_a_bare_jaw_s_name_does_not_deny_the_folder_s_role() -> None:
    verdict = classify([Vote(Method.FOLDER, role=Role.PRE_PREPARATION, confidence=0.92), TOKENS])
    assert (verdict.role, verdict.category, verdict.conflict) == (Role.PRE_PREPARATION, Category.OTHER, "")
    assert classify([Vote(Method.SIDECAR, Arch.BOTH, Role.BITE, confidence=0.98), TOKENS]).needs_person


def test_a_plain_jaw_is_refined_by_a_name_that_says_preparation() -> None:
    verdict = classify([SIDECAR, vote(Method.TOKENS, U, 0.9, Role.PREPARATION)])
    assert (verdict.role, verdict.conflict, verdict.confidence) == (Role.PREPARATION, "", 0.99)


def test_weaker_votes_fill_in_what_stronger_ones_leave_open() -> None:
    role = Vote(Method.VENDOR, role=Role.ANTAGONIST, confidence=0.95)
    arch = Vote(Method.FOLDER, L, confidence=0.92)
    verdict = classify([arch, role])
    assert (verdict.arch, verdict.role, verdict.confidence) == (L, Role.ANTAGONIST, 0.92)


def test_a_role_without_a_jaw_needs_a_person() -> None:
    assert classify([Vote(Method.VENDOR, role=Role.PREPARATION, confidence=0.95)]).needs_person
    assert not classify([Vote(Method.VENDOR, role=Role.FACE, confidence=0.95)]).needs_person


def test_a_bite_holds_both_jaws_even_in_the_folder_of_one() -> None:
    verdict = classify(
        [Vote(Method.VENDOR, Arch.BOTH, Role.BITE, confidence=0.95), Vote(Method.FOLDER, U, confidence=0.92)]
    )
    assert (verdict.arch, verdict.category, verdict.needs_person) == (Arch.BOTH, Category.BITE, False)


@given(st.lists(VOTES, max_size=5))
def test_a_person_s_vote_is_final(votes: list[Vote]) -> None:
    person = Vote(Method.PERSON, L, Role.PRE_PREPARATION, confidence=0.1)
    verdict = classify([*votes, person])
    assert (verdict.arch, verdict.role, verdict.confidence, verdict.needs_person) == (
        L,
        Role.PRE_PREPARATION,
        1.0,
        False,
    )


def test_of_two_decisions_of_persons_the_latest_counts() -> None:
    assert classify([vote(Method.PERSON, U, 1.0), vote(Method.PERSON, L, 1.0)]).arch is L


@given(
    st.builds(Vote, st.just(Method.GEOMETRY), st.sampled_from(Arch), st.sampled_from(Role), confidence=st.floats(0, 1))
)
def test_the_shape_alone_is_never_surer_than_itself(shape: Vote) -> None:
    assert classify([shape]).confidence <= shape.confidence


@given(st.lists(VOTES, max_size=6))
def test_a_verdict_is_within_bounds_and_keeps_every_vote(votes: list[Vote]) -> None:
    verdict = classify(votes)
    assert 0 <= verdict.confidence <= 1
    assert verdict.votes == tuple(votes)
    assert verdict.needs_person or verdict.confidence >= CONFIDENT


@given(st.lists(VOTES, max_size=4, unique_by=lambda one: one.method), st.randoms())
def test_the_order_of_votes_does_not_matter(votes: list[Vote], random) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)
    one, other = classify(votes).as_dict(), classify(shuffled).as_dict()
    assert one | {"votes": [], "conflict": ""} == other | {"votes": [], "conflict": ""}


def test_a_person_who_says_that_it_is_nothing_of_these_is_believed() -> None:
    verdict = classify([TOKENS, Vote(Method.PERSON, confidence=1.0)])
    assert (verdict.arch, verdict.role, verdict.confidence) == (Arch.UNKNOWN, Role.UNKNOWN, 1.0)


def test_the_stored_form_names_everything() -> None:
    assert classify([TOKENS]).as_dict() == {
        "arch": "upper",
        "role": "arch",
        "side": "",
        "index": None,
        "category": "SCAN_UPPER",
        "confidence": 0.9,
        "conflict": "",
        "notes": [],
        "votes": [
            {
                "method": "tokens",
                "arch": "upper",
                "role": "arch",
                "side": "",
                "index": None,
                "confidence": 0.9,
                "evidence": "seen",
            }
        ],
    }
