"""Scans that came together by mistake are parted, and what belongs together is joined; no copy comes of it."""

import pytest
from django.core.management import call_command

from patients.audit import Actor
from patients.errors import Conflict, Missing, Refused
from scans.models import Case, Job
from scans.services import jobs, pending, splitting
from scans.services.undo import undo
from tests.made import World, hand_over, itero_zip
from tests.services.deciding import someone, waiting


@pytest.fixture
def case(world: World) -> Case:
    return waiting(world)


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor.of(world.owner)


def _upper(case: Case) -> list:
    return list(case.scans.filter(category="SCAN_UPPER"))


def _types(case: Case) -> list[str]:
    return sorted(case.scans.values_list("category", flat=True))


def test_a_split_case_waits_under_the_same_words(world: World, case: Case, actor: Actor) -> None:
    decision = splitting.split(case, _upper(case), actor=actor)
    new = Case.objects.get(uuid=decision.other_uuid)
    assert (_types(new), _types(case)) == (["SCAN_UPPER"], ["SCAN_LOWER"])
    assert (new.received_name, new.order_id, new.received_at) == (case.received_name, "1", case.received_at)
    assert (new.state, new.wait_codes[0]) == (Case.State.PENDING, "SPLIT_OFF")


def test_the_same_export_again_is_still_known(world: World, case: Case, actor: Actor) -> None:
    splitting.split(case, _upper(case), actor=actor)
    receipt = hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    assert receipt.delivery.state == "DUPLICATE"
    assert Case.objects.count() == 2


def test_a_split_case_is_never_filed_by_itself(world: World, actor: Actor) -> None:
    case = waiting(world, "1", "Marsh, Jane", "5")
    new = Case.objects.get(uuid=splitting.split(case, _upper(case), actor=actor).other_uuid)
    someone(world, chart="5")
    call_command("reprocess_scans", str(new.uuid), verbosity=0)
    jobs.run(Job.objects.get(kind="REPROCESS_CASE").uuid)
    new.refresh_from_db()
    assert (new.state, new.wait_codes) == (Case.State.PENDING, ["SPLIT_OFF"])


def test_a_new_version_of_a_split_order_waits_for_a_person(world: World, case: Case, actor: Actor) -> None:
    patient = someone(world, chart="77")
    splitting.split(case, _upper(case), actor=actor)
    pending.assign(case, patient, actor=actor)
    hand_over(world.ours, itero_zip("1", "Marsh, Jane", "77", seed=3))
    newer = Case.objects.get(order_id="1", version=2)
    assert (newer.state, newer.wait_codes) == (Case.State.PENDING, ["EARLIER_VERSION"])


def test_scans_that_were_split_off_teach_nothing_about_the_words(world: World, case: Case, actor: Actor) -> None:
    other = someone(world, "Boone")
    parted = splitting.split(case, _upper(case), actor=actor)
    pending.assign(Case.objects.get(uuid=parted.other_uuid), other, actor=actor)
    pending.rank_again(case)
    assert not case.candidates.exists()


def test_who_was_ruled_out_stays_so_in_both_halves(world: World, case: Case, actor: Actor) -> None:
    patient = someone(world)
    pending.dismiss(case, patient, actor=actor)
    new = Case.objects.get(uuid=splitting.split(case, _upper(case), actor=actor).other_uuid)
    assert [row.patient for row in new.dismissals.all()] == [patient]
    assert not new.candidates.exists()


def test_scans_move_to_another_open_case(world: World, case: Case, actor: Actor) -> None:
    other = waiting(world, "2", "Marsh, Jane", seed=2, without="_l.stl")
    splitting.move(case, _upper(case), other, actor=actor)
    assert (_types(case), _types(other)) == (["SCAN_LOWER"], ["SCAN_UPPER", "SCAN_UPPER"])


def test_the_last_scan_stays_and_the_very_same_is_not_taken_twice(world: World, case: Case, actor: Actor) -> None:
    twin = waiting(world, "2")
    with pytest.raises(Refused, match="must stay"):
        splitting.split(case, list(case.scans.all()), actor=actor)
    with pytest.raises(Refused, match="very same scan"):
        splitting.move(case, _upper(case), twin, actor=actor)
    assert [one.scans.count() for one in (case, twin)] == [2, 2]


def test_a_merged_case_says_where_its_scans_are(world: World, case: Case, actor: Actor) -> None:
    lower_later = waiting(world, "2", seed=2, without="_u.stl")
    splitting.merge(lower_later, case, actor=actor)
    assert (lower_later.state, lower_later.merged_into) == (Case.State.MERGED, case)
    assert case.scans.count() == 3
    again = hand_over(world.ours, itero_zip("2", "Marsh, Jane", seed=2, without="_u.stl"))
    assert again.delivery.state == "DUPLICATE"


def test_what_the_other_case_holds_already_is_not_doubled(world: World, case: Case, actor: Actor) -> None:
    twin = waiting(world, "2")
    splitting.merge(twin, case, actor=actor)
    assert (case.scans.count(), twin.scans.count(), twin.state) == (2, 2, Case.State.MERGED)


def test_only_open_cases_of_one_clinic_are_joined(world: World, case: Case, actor: Actor) -> None:
    hand_over(world.theirs, itero_zip("7", "Marsh, Jane", seed=2))
    with pytest.raises(Missing):
        splitting.merge(case, Case.objects.get(order_id="7"), actor=actor)
    with pytest.raises(Refused, match="another case"):
        splitting.merge(case, case, actor=actor)
    filed = waiting(world, "2", seed=2)
    pending.assign(filed, someone(world), actor=actor)
    with pytest.raises(Conflict, match="filed under a patient"):
        splitting.merge(case, filed, actor=actor)
    assert Case.objects.get(pk=case.pk).state == Case.State.PENDING


def test_work_on_a_case_that_an_undo_took_away_ends_quietly(world: World, actor: Actor) -> None:
    case = waiting(world, "1")
    other = waiting(world, "2", "Marsh, Jane", seed=2)
    splitting.merge(other, case, actor=actor)
    parted = splitting.split(case, list(case.scans.filter(arrived_in=other)), actor=actor)
    job = Job.objects.get(subject_uuid=parted.other_uuid)
    undo(parted, actor=actor)
    assert jobs.run(job.uuid) == Job.State.DONE


def test_jaws_that_come_together_are_laid_on_each_other_anew(world: World, actor: Actor) -> None:
    upper, lower = waiting(world, "1", without="_l.stl"), waiting(world, "2", without="_u.stl")
    assert not Job.objects.filter(kind="REGISTER_BITES").exists()
    splitting.merge(lower, upper, actor=actor)
    assert Job.objects.get(kind="REGISTER_BITES").subject_uuid == upper.uuid
