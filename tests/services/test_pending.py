"""A person decides; nobody's decision is overwritten, everything is written down, everything can be taken back."""

import datetime as dt

import pytest

from patients.audit import Actor
from patients.errors import Conflict, Missing, Refused
from patients.models import AuditEvent, Patient
from patients.services import create_patient
from scans.models import Case, Scan
from scans.services import pending
from tests.made import World, hand_over, itero_zip, upper_stl


@pytest.fixture
def case(world: World) -> Case:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    return Case.objects.get()


@pytest.fixture
def patient(world: World) -> Patient:
    return _patient(world.ours)


def _patient(clinic, **changes) -> Patient:
    values = {"first_name": "Jane", "last_name": "Marsh", "birth_date": dt.date(1980, 5, 12), "chart_number": "77"}
    return create_patient(clinic, **(values | changes), actor=Actor.system("test"))


def test_without_a_patient_the_case_waits_and_says_why(case: Case) -> None:
    assert case.state == Case.State.PENDING
    assert case.wait_codes == ["NO_CANDIDATE"]


def test_a_name_alone_never_files(world: World, patient: Patient, case: Case) -> None:
    assert case.state == Case.State.PENDING
    assert case.candidates.get().patient == patient


def test_name_and_chart_number_file_by_themselves(world: World, patient: Patient) -> None:
    hand_over(world.ours, itero_zip("9", "Marsh, Jane", "77"))
    case = Case.objects.get()
    assert (case.state, case.patient) == (Case.State.FILED, patient)
    assert AuditEvent.objects.filter(subject_uuid=case.uuid, verb="case.filed").exists()


def test_a_patient_of_another_clinic_is_never_a_candidate(world: World) -> None:
    _patient(world.theirs)
    hand_over(world.ours, itero_zip("9", "Marsh, Jane", "77"))
    assert Case.objects.get().wait_codes == ["NO_CANDIDATE"]


def test_assign_files_and_is_audited(world: World, case: Case, patient: Patient) -> None:
    pending.assign(case, patient, actor=Actor.of(world.owner))
    case.refresh_from_db()
    assert (case.state, case.patient, case.decided_by) == (Case.State.FILED, patient, world.owner)
    event = AuditEvent.objects.get(verb="case.assigned")
    assert (event.actor, event.subject_uuid, event.detail) == (world.owner, case.uuid, {"patient": str(patient.uuid)})


def test_assign_to_a_patient_of_another_clinic_is_refused(world: World, case: Case) -> None:
    with pytest.raises(Missing):
        pending.assign(case, _patient(world.theirs), actor=Actor.of(world.owner))
    case.refresh_from_db()
    assert case.state == Case.State.PENDING


def test_the_second_of_two_people_is_told_who_was_first(world: World, case: Case, patient: Patient) -> None:
    stale = Case.objects.get(pk=case.pk)
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.colleague))
    with pytest.raises(Conflict, match="by colleague"):
        pending.assign(stale, patient, actor=Actor.of(world.owner))
    assert Case.objects.get().state == Case.State.REJECTED


def test_hold_and_reject_need_a_reason(world: World, case: Case) -> None:
    for decide in (pending.hold, pending.reject):
        with pytest.raises(Refused, match="say why"):
            decide(case, words="  ", actor=Actor.of(world.owner))


def test_put_back_undoes_a_wrong_filing(world: World, case: Case, patient: Patient) -> None:
    pending.assign(case, patient, actor=Actor.of(world.owner))
    pending.put_back(case, actor=Actor.of(world.owner))
    case.refresh_from_db()
    assert (case.state, case.patient) == (Case.State.PENDING, None)
    assert "PUT_BACK" in case.wait_codes
    assert AuditEvent.objects.get(verb="case.put_back").detail == {"patient": str(patient.uuid)}


def test_a_new_patient_is_created_and_filed_in_one_step(world: World, case: Case) -> None:
    pending.create_patient_and_assign(
        case, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="", actor=Actor.of(world.owner)
    )
    assert Case.objects.get().patient == Patient.objects.get(last_name="Marsh")


def test_a_taken_chart_number_changes_nothing(world: World, case: Case, patient: Patient) -> None:
    with pytest.raises(Conflict, match="chart number"):
        pending.create_patient_and_assign(
            case, first_name="A", last_name="B", birth_date=None, chart_number="77", actor=Actor.of(world.owner)
        )
    assert Patient.objects.count() == 1
    assert Case.objects.get().state == Case.State.PENDING


def test_a_chosen_type_survives_a_new_version_and_a_re_import(world: World, case: Case) -> None:
    scan = case.scans.get(category="SCAN_UPPER")
    pending.set_categories(case, {scan.uuid: "SCAN_OTHER"}, actor=Actor.of(world.owner))
    hand_over(world.ours, {"loose_upper.stl": upper_stl()})
    again = Scan.objects.filter(sha256=scan.sha256)
    assert again.count() == 2
    assert {(one.category, one.decided_by_person) for one in again} == {("SCAN_OTHER", True)}


def test_the_next_version_of_a_filed_order_follows_its_patient(world: World, case: Case, patient: Patient) -> None:
    pending.assign(case, patient, actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane", seed=2))
    assert Case.objects.get(version=2).patient == patient


def test_the_next_version_under_another_name_waits(world: World, case: Case, patient: Patient) -> None:
    pending.assign(case, patient, actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("1234", "Boone, Richard", seed=2))
    assert Case.objects.get(version=2).state == Case.State.PENDING


def test_a_stated_patient_whom_the_scan_contradicts_is_not_believed(world: World, patient: Patient) -> None:
    hand_over(world.ours, itero_zip("5", "Boone, Richard"), user=world.owner, patient=str(patient.uuid))
    assert Case.objects.get().wait_codes == ["STATED_PATIENT_DIFFERS"]


def test_a_stated_patient_is_taken_when_nothing_speaks_against_it(world: World, patient: Patient) -> None:
    hand_over(world.ours, {"nameless_upper.stl": upper_stl()}, user=world.owner, patient=str(patient.uuid))
    assert Case.objects.get().patient == patient
