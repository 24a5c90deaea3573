"""One decision on several cases: a line for each, and nothing by the dozen that needs a look."""

from datetime import date

import pytest

from patients.audit import Actor
from patients.models import Patient
from scans.models import Case, Decision
from scans.services import ledger, pending
from scans.services.bulk import decide_many
from scans.services.ledger import Kind
from scans.services.undo import undo_batch
from tests.made import World
from tests.services.deciding import everything, someone, waiting


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor.of(world.owner)


@pytest.fixture
def cases(world: World) -> list[Case]:
    """One that fits by name and nearly by number, one by name alone, one whose birth date is another's, a stranger."""
    someone(world, "Marsh", chart="1234")
    someone(world, "Boone")
    someone(world, "Quennell", birth_date=date(1980, 1, 1))
    made = [
        waiting(world, str(number), name, chart, seed=number)
        for number, (name, chart) in enumerate(
            [("Marsh, Jane", "1243"), ("Boone, Jane", ""), ("Quennell, Jane", ""), ("Nobody, Known", "")], start=1
        )
    ]
    Case.objects.filter(order_id="3").update(received_birth_date=date(1999, 9, 9))
    return list(Case.objects.filter(pk__in=[case.pk for case in made]).order_by("order_id"))


def _marks(cases: list[Case]) -> dict:
    return ledger.marks_of(cases)


def test_only_what_fits_twice_is_filed_together(cases: list[Case], actor: Actor) -> None:
    report = decide_many(cases, Kind.LINK, seen=_marks(cases), actor=actor)
    assert [line.code for line in report.lines] == ["", "too_little", "contradicts", "no_candidate"]
    assert report.done == 1
    assert Case.objects.get(state="FILED").patient.last_name == "Marsh"


def test_a_batch_is_undone_at_once(cases: list[Case], actor: Actor) -> None:
    before = everything()
    report = decide_many(cases, Kind.HOLD, reason=("ASK_DOCTOR", ""), seen=_marks(cases), actor=actor)
    assert Decision.objects.filter(batch=report.batch).count() == 4
    undo_batch(report.batch, actor=actor)
    assert everything() == before


def test_what_a_colleague_decided_meanwhile_is_left_alone(world: World, cases: list[Case], actor: Actor) -> None:
    seen = _marks(cases)
    pending.hold(cases[1], "WRONG_CLINIC", actor=Actor.of(world.colleague))
    report = decide_many(cases, Kind.REJECT, reason=("TEST_SCAN", ""), seen=seen, actor=actor)
    assert [line.code for line in report.lines] == ["", "already_decided", "", ""]
    assert "by colleague" in report.lines[1].message
    assert Case.objects.get(pk=cases[1].pk).state == Case.State.HELD


def test_why_a_case_waits_is_not_passed_over(world: World, actor: Actor) -> None:
    patient = someone(world, chart="77")
    case = waiting(world, "1", "Marsh, Jane", "77")
    assert case.patient == patient
    pending.put_back(case, actor=actor)
    [line] = decide_many([case], Kind.LINK, seen=_marks([case]), actor=actor).lines
    assert line.code == "reasons"


def test_a_name_that_was_filed_before_is_still_a_name_alone(world: World, actor: Actor) -> None:
    pending.assign(waiting(world, "1"), someone(world), actor=actor)
    again = waiting(world, "2", seed=2)
    [line] = decide_many([again], Kind.LINK, seen=_marks([again]), actor=actor).lines
    assert line.code == "too_little"


def test_nobody_else_is_taken_than_the_list_showed(cases: list[Case], actor: Actor) -> None:
    shown = {cases[0].uuid: str(Patient.objects.get(last_name="Boone").uuid)}
    report = decide_many(cases[:1], Kind.LINK, proposed=shown, seen=_marks(cases), actor=actor)
    assert [line.code for line in report.lines] == ["another_now"]
