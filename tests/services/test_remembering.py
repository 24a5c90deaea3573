"""What a person decided about a sender's words is proposed next time; against a birth date it files nothing."""

from datetime import date

import pytest

from patients.audit import Actor
from patients.models import Patient
from scans.models import Case, RememberedMatch
from scans.services import deciding, pending
from scans.services.undo import undo
from tests.made import World, hand_over, itero_zip
from tests.services.deciding import someone, waiting

BORN = date(1990, 5, 17)


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor.of(world.owner)


@pytest.fixture
def patient(world: World) -> Patient:
    return someone(world, "Kowalska", birth_date=BORN)


@pytest.fixture
def filed(world: World, patient: Patient, actor: Actor) -> Case:
    """Words that no register explains: a person knew whose they are."""
    case = waiting(world, "1", "JM 4711", "X-9")
    pending.assign(case, patient, actor=actor)
    return case


def test_the_same_words_propose_the_same_patient(world: World, filed: Case, patient: Patient) -> None:
    again = waiting(world, "2", "jm  4711", "X-9", seed=2)
    best = again.candidates.get(rank=1)
    assert (again.state, best.patient) == (Case.State.PENDING, patient)
    assert [reason["code"] for reason in best.reasons][-1] == "REMEMBERED"


def test_other_words_propose_nobody(world: World, filed: Case) -> None:
    for order, name, chart in (("2", "JM 4711", "X-10"), ("3", "JM 4712", "X-9")):
        assert not waiting(world, order, name, chart, seed=int(order)).candidates.exists()


def test_what_was_unlinked_or_undone_is_forgotten(world: World, filed: Case, patient: Patient, actor: Actor) -> None:
    pending.put_back(filed, actor=actor)
    assert not RememberedMatch.objects.exists()
    decision = pending.assign(filed, patient, actor=actor)
    assert RememberedMatch.objects.exists()
    undo(decision, actor=actor)
    assert not RememberedMatch.objects.exists()


def test_people_who_disagree_propose_nobody(world: World, filed: Case, actor: Actor) -> None:
    pending.assign(waiting(world, "2", "JM 4711", "X-9", seed=2), someone(world, "Boone"), actor=actor)
    assert not waiting(world, "3", "JM 4711", "X-9", seed=3).candidates.exists()


def _born(case: Case, day: date | None) -> None:
    """The same words again, with a birth date, as a scanner that writes one sends them."""
    case.received_birth_date = day
    case.save()


@pytest.mark.parametrize(("day", "state"), [(BORN, "FILED"), (date(1990, 5, 18), "PENDING"), (None, "PENDING")])
def test_only_with_the_same_birth_date_it_is_filed_by_itself(
    world: World, filed: Case, patient: Patient, actor: Actor, day: date | None, state: str
) -> None:
    again = waiting(world, "2", "JM 4711", "X-9", seed=2)
    _born(again, day)
    deciding.decide(again, earlier=[], wanted={}, doubts=[], actor=Actor.system("test"))
    assert again.state == state


def test_another_clinic_remembers_nothing_of_it(world: World, filed: Case) -> None:
    hand_over(world.theirs, itero_zip("1", "JM 4711", "X-9"))
    assert not Case.objects.get(clinic=world.theirs).candidates.exists()


def test_a_match_that_a_person_decided_otherwise_waits(world: World, actor: Actor) -> None:
    namesake, other = someone(world, "Marsh", chart="77"), someone(world, "Boone")
    first = waiting(world, "1", "Marsh, Jane", "77")
    assert first.patient == namesake
    pending.put_back(first, actor=actor)
    pending.assign(first, other, actor=actor)
    again = waiting(world, "2", "Marsh, Jane", "77", seed=2)
    assert (again.state, again.wait_codes) == (Case.State.PENDING, ["REMEMBERED_OTHER"])


def test_words_that_were_filed_under_two_people_file_nothing(world: World, actor: Actor) -> None:
    owner, other = someone(world, "Marsh", chart="77"), someone(world, "Boone")
    first = waiting(world, "1", "Marsh, Jane", "77")
    pending.put_back(first, actor=actor)
    pending.assign(first, other, actor=actor)
    pending.assign(waiting(world, "2", "Marsh, Jane", "77", seed=2), owner, actor=actor)
    assert waiting(world, "3", "Marsh, Jane", "77", seed=3).wait_codes == ["REMEMBERED_OTHER"]


def test_who_was_ruled_out_is_not_proposed_again_nor_filed(world: World, actor: Actor) -> None:
    patient = someone(world, chart="77")
    case = waiting(world, "1", "Marsh, Jane")
    assert case.candidates.get().patient == patient
    pending.dismiss(case, patient, actor=actor)
    pending.rank_again(case)
    assert not case.candidates.exists()
    hand_over(world.ours, itero_zip("1", "Marsh, Jane", "77", seed=2))
    newer = Case.objects.get(order_id="1", version=2)
    assert newer.state == Case.State.PENDING
    assert not newer.candidates.exists()


def test_who_was_ruled_out_may_be_considered_again(world: World, actor: Actor) -> None:
    patient, case = someone(world), waiting(world)
    pending.dismiss(case, patient, actor=actor)
    pending.reconsider(case, patient, actor=actor)
    assert case.candidates.get().patient == patient
