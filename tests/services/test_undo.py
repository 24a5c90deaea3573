"""Whatever a person decided can be taken back, and then nothing is left of it but the trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from patients.audit import Actor
from patients.errors import Conflict, Missing
from patients.models import AuditEvent, Patient
from patients.services import patient_changed
from scans.models import Case, Decision, Job
from scans.services import jobs, ledger, pending, splitting
from scans.services.undo import last_of, undo, undo_batch, undoable
from scans.tasks import sweep_jobs
from tests.made import World
from tests.services.deciding import everything, someone, waiting

NEW = {"first_name": "Jane", "last_name": "Marsh", "birth_date": None, "chart_number": "9"}


@pytest.fixture
def case(world: World) -> Case:
    someone(world)
    return waiting(world)


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor.of(world.owner)


def _upper(case: Case) -> Any:
    return case.scans.get(category="SCAN_UPPER")


DECISIONS: dict[str, Callable[[Case, Case, Actor], Decision]] = {
    "link": lambda case, other, actor: pending.assign(case, Patient.objects.get(), actor=actor),
    "create": lambda case, other, actor: pending.create_patient_and_assign(case, **NEW, actor=actor),
    "hold": lambda case, other, actor: pending.hold(case, "ASK_DOCTOR", "Tuesday", actor=actor),
    "reject": lambda case, other, actor: pending.reject(case, "UNUSABLE", actor=actor),
    "dismiss": lambda case, other, actor: pending.dismiss(case, Patient.objects.get(), actor=actor),
    "types": lambda case, other, actor: pending.set_categories(case, {_upper(case).uuid: "SCAN_OTHER"}, actor=actor),
    "split": lambda case, other, actor: splitting.split(case, [_upper(case)], actor=actor),
    "move": lambda case, other, actor: splitting.move(case, [_upper(case)], other, actor=actor),
    "merge": lambda case, other, actor: splitting.merge(case, other, actor=actor),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_afterwards_every_row_is_what_it_was(world: World, case: Case, actor: Actor, name: str) -> None:
    other = waiting(world, "2", "Boone, Richard", seed=2)
    before = everything()
    decision = DECISIONS[name](case, other, actor)
    assert everything() != before
    undo(decision, actor=actor)
    assert everything() == before


@pytest.mark.parametrize("first", ["link", "create", "hold", "reject"])
def test_putting_back_can_be_taken_back_too(world: World, case: Case, actor: Actor, first: str) -> None:
    DECISIONS[first](case, case, actor)
    before = everything()
    undo(pending.put_back(case, actor=actor), actor=actor)
    assert everything() == before


def test_a_row_of_decisions_is_taken_back_newest_first(world: World, case: Case, actor: Actor) -> None:
    before = everything()
    held = pending.hold(case, "ASK_DOCTOR", actor=actor)
    filed = pending.assign(case, Patient.objects.get(), actor=actor)
    assert (undoable(held), undoable(filed)) == (False, True)
    with pytest.raises(Conflict, match="Undo that first"):
        undo(held, actor=actor)
    undo(filed, actor=actor)
    undo(held, actor=actor)
    assert everything() == before


def test_nothing_is_taken_back_twice(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    undo(decision, actor=actor)
    pending.reject(case, "UNUSABLE", actor=actor)
    with pytest.raises(Conflict, match="taken back already"):
        undo(decision, actor=actor)
    assert Case.objects.get().state == Case.State.REJECTED


def test_a_split_is_not_undone_under_what_came_of_it(world: World, case: Case, actor: Actor) -> None:
    parted = splitting.split(case, [_upper(case)], actor=actor)
    filed = pending.assign(Case.objects.get(uuid=parted.other_uuid), Patient.objects.get(), actor=actor)
    with pytest.raises(Conflict, match="Undo that first"):
        undo(parted, actor=actor)
    undo(filed, actor=actor)
    undo(parted, actor=actor)
    assert Case.objects.get().scans.count() == 2


def test_it_is_open_for_a_week(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    Decision.objects.update(made_at=timezone.now() - timedelta(days=6, hours=23))
    assert undoable(Decision.objects.get())
    Decision.objects.update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    with pytest.raises(Conflict, match="too long ago"):
        undo(decision, actor=actor)


def test_a_created_patient_stays_once_somebody_wrote_on_the_record(world: World, case: Case, actor: Actor) -> None:
    decision = pending.create_patient_and_assign(case, **NEW, actor=actor)
    created = Patient.objects.get(chart_number="9")
    Patient.objects.filter(pk=created.pk).update(updated_at=timezone.now() + timedelta(minutes=5))
    patient_changed(created, actor=actor)
    undo(decision, actor=actor)
    assert Patient.objects.filter(pk=created.pk).exists()
    assert Case.objects.get().state == Case.State.PENDING


def test_a_patient_who_is_gone_by_now_is_no_candidate_again(world: World, case: Case, actor: Actor) -> None:
    created = pending.create_patient_and_assign(waiting(world, "2", seed=2), **NEW, actor=actor)
    pending.rank_again(case)
    held = pending.hold(case, "ASK_DOCTOR", actor=actor)
    undo(created, actor=actor)
    undo(held, actor=actor)
    assert [candidate.patient.chart_number for candidate in case.candidates.all()] == [""]


def test_what_was_found_out_meanwhile_stays(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    jobs.run(Job.objects.get(kind="REGISTER_BITES").uuid)
    known = case.occlusion.kind
    undo(decision, actor=actor)
    assert Case.objects.get().occlusion.kind == known


def test_a_reading_meanwhile_does_not_stand_in_the_way(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    case.scans.update(confidence=0.5)
    assert undoable(decision)
    undo(decision, actor=actor)
    assert {scan.confidence for scan in case.scans.all()} == {0.5}


def test_a_case_is_not_put_under_somebody_who_is_gone(world: World, case: Case, actor: Actor) -> None:
    other = waiting(world, "2", seed=2)
    created = pending.create_patient_and_assign(case, **NEW, actor=actor)
    pending.assign(other, Patient.objects.get(chart_number="9"), actor=actor)
    unlinked = pending.put_back(other, actor=actor)
    undo(created, actor=actor)
    assert not undoable(unlinked)
    with pytest.raises(Conflict, match="no longer in the register"):
        undo(unlinked, actor=actor)


def test_after_a_week_no_words_of_a_person_are_kept(world: World, case: Case, actor: Actor) -> None:
    pending.hold(case, words="ask Ms Boone", actor=actor)
    Decision.objects.update(made_at=timezone.now() - timedelta(days=8))
    sweep_jobs()
    assert [(one.before, one.after) for one in Decision.objects.all()] == [({}, {})]


def test_a_case_that_an_undo_took_away_is_missing(world: World, case: Case, actor: Actor) -> None:
    parted = splitting.split(case, [_upper(case)], actor=actor)
    gone = Case.objects.get(uuid=parted.other_uuid)
    undo(parted, actor=actor)
    with pytest.raises(Missing):
        pending.hold(gone, "ASK_DOCTOR", actor=actor)


def test_u_takes_back_what_i_decided_last_and_nothing_of_a_colleague(world: World, case: Case, actor: Actor) -> None:
    mine = pending.hold(case, "ASK_DOCTOR", actor=actor)
    theirs = pending.hold(waiting(world, "2", seed=2), "ASK_DOCTOR", actor=Actor.of(world.colleague))
    assert (last_of(world.owner), last_of(world.colleague)) == (mine, theirs)
    assert last_of(world.stranger) is None


def test_a_batch_goes_back_but_for_what_was_decided_since(world: World, case: Case, actor: Actor) -> None:
    other = waiting(world, "2", seed=2)
    for one in (case, other):
        pending.hold(one, "ASK_DOCTOR", actor=actor)
    batch = Decision.objects.first().uuid
    Decision.objects.update(batch=batch)
    pending.reject(other, "UNUSABLE", actor=actor)
    done, kept = undo_batch(batch, actor=actor)
    assert [decision.case_uuid for decision in done] == [case.uuid]
    assert [(decision.case_uuid, "Undo that first" in why) for decision, why in kept] == [(other.uuid, True)]


def test_who_took_it_back_is_in_the_trail_and_in_the_history(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    undo(decision, actor=Actor.of(world.colleague))
    assert AuditEvent.objects.get(verb="decision.undone").actor == world.colleague
    assert [entry.undone_by for entry in ledger.history_of(case)] == [world.colleague]


def test_the_second_of_two_pages_overwrites_nothing(world: World, case: Case, actor: Actor) -> None:
    seen = ledger.mark_of(case)
    lower = case.scans.get(category="SCAN_LOWER")
    pending.set_categories(case, {lower.uuid: "SCAN_OTHER"}, seen=seen, actor=Actor.of(world.colleague))
    with pytest.raises(Conflict, match="by colleague: types chosen"):
        pending.set_categories(case, {lower.uuid: "SCAN_UPPER"}, seen=seen, actor=actor)
    lower.refresh_from_db()
    assert lower.category == "SCAN_OTHER"


def test_an_undo_too_makes_an_open_page_old(world: World, case: Case, actor: Actor) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=actor)
    seen = ledger.mark_of(case)
    undo(decision, actor=Actor.of(world.colleague))
    with pytest.raises(Conflict, match="by colleague: undone: put on hold"):
        pending.assign(case, Patient.objects.get(), seen=seen, actor=actor)
