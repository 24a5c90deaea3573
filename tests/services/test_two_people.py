"""Two people decide about one case in the same moment: one decision stands, the other person is told whose."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from patients.audit import Actor
from patients.errors import Conflict
from patients.models import AuditEvent, Patient
from scans.models import Case, Decision
from scans.services import ledger, pending, splitting
from scans.services.undo import undo
from tests.made import World
from tests.services.deciding import someone, waiting

pytestmark = pytest.mark.django_db(transaction=True)

Decide = Callable[[], Decision]


def _at_once(*decisions: Decide) -> list[Decision | str]:
    """Each in a thread and a connection of its own; what came of it, or the sentence that refused it."""
    start = Barrier(len(decisions))

    def run(decide: Decide) -> Decision | str:
        try:
            start.wait()
            return decide()
        except Conflict as conflict:
            return conflict.message
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(decisions)) as pool:
        return list(pool.map(run, decisions))


@pytest.fixture
def case(world: World) -> Case:
    someone(world)
    someone(world, "Boone")
    return waiting(world)


def _stale(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_one_files_it_and_the_other_is_told(world: World, case: Case) -> None:
    seen = ledger.mark_of(case)
    people = [world.owner, world.colleague]
    marsh, boone = Patient.objects.order_by("last_name")
    results = _at_once(
        *(
            lambda user=user, patient=patient: pending.assign(_stale(case), patient, seen=seen, actor=Actor.of(user))
            for user, patient in zip(people, [marsh, boone], strict=True)
        )
    )
    winner = Decision.objects.get()
    assert [result for result in results if isinstance(result, Decision)] == [winner]
    [refused] = [result for result in results if isinstance(result, str)]
    assert f"by {winner.made_by}: filed under a patient" in refused
    assert AuditEvent.objects.filter(verb="case.assigned").count() == 1
    assert Case.objects.get().decided_by == winner.made_by


def test_an_undo_and_a_next_decision_do_not_cross(world: World, case: Case) -> None:
    held = pending.hold(case, "ASK_DOCTOR", actor=Actor.of(world.owner))
    results = _at_once(
        lambda: undo(held, actor=Actor.of(world.owner)),
        lambda: pending.reject(_stale(case), "UNUSABLE", actor=Actor.of(world.colleague)),
    )
    state = Case.objects.get().state
    if isinstance(results[0], str):
        assert state == Case.State.REJECTED
    else:
        assert state == (Case.State.REJECTED if isinstance(results[1], Decision) else Case.State.PENDING)
    assert Decision.objects.filter(undone_at__isnull=False).count() == isinstance(results[0], Decision)


def test_two_cases_merged_into_each_other_do_not_both_vanish(world: World, case: Case) -> None:
    other = waiting(world, "2", seed=2)
    results = _at_once(
        lambda: splitting.merge(_stale(case), _stale(other), actor=Actor.of(world.owner)),
        lambda: splitting.merge(_stale(other), _stale(case), actor=Actor.of(world.colleague)),
    )
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sorted(Case.objects.values_list("state", flat=True)) == ["MERGED", "PENDING"]
    assert Case.objects.get(state="PENDING").scans.count() == 4
