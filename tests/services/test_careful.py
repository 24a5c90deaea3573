"""Where a scan could land under the wrong patient, or a jaw could get lost, a person is asked."""

import datetime as dt

import numpy as np
import pytest

from patients.audit import Actor
from patients.models import Patient
from patients.services import create_patient
from scans.meshes.mesh import Mesh
from scans.models import Case, Delivery, Scan
from scans.services import filing, jobs, pending
from scans.services.opening import open_job
from scans.synthetic import writers
from tests.made import World, hand_over, itero_zip, lower_stl, upper_stl, zip_of
from tests.meshes.readers import samples


def _patient(world: World, first: str, last: str, chart: str, born: dt.date | None = None) -> Patient:
    return create_patient(
        world.ours, first_name=first, last_name=last, birth_date=born, chart_number=chart, actor=Actor.system("test")
    )


@pytest.fixture
def jane(world: World) -> Patient:
    return _patient(world, "Jane", "Marsh", "77", dt.date(1980, 5, 12))


def _dicom(model: bytes, name: str, chart: str, born: str) -> bytes:
    return samples.dicom(model, PatientName=name, PatientID=chart, PatientBirthDate=born)


def _filed_order(world: World, jane: Patient) -> Case:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77"))
    case = Case.objects.get()
    assert case.patient == jane
    return case


def test_files_that_name_two_patients_are_never_filed(world: World, jane: Patient) -> None:
    files = {
        "upper.dcm": _dicom(upper_stl(), "Marsh^Jane", "77", "19800512"),
        "lower.dcm": _dicom(lower_stl(), "Tjader^Olof", "88", "19610301"),
    }
    hand_over(world.ours, files)
    assert "IDENTITY_CONFLICT" in Case.objects.get().wait_codes


def test_dicom_alone_names_its_patient(world: World, jane: Patient) -> None:
    hand_over(world.ours, {"upper.dcm": _dicom(upper_stl(), "Marsh^Jane", "77", "19800512")})
    assert Case.objects.get().patient == jane


def test_a_new_version_of_an_order_that_a_person_undid_waits(world: World, jane: Patient) -> None:
    case = _filed_order(world, jane)
    pending.put_back(case, actor=Actor.of(world.owner))
    pending.reject(case, "WRONG_PATIENT", actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77", seed=2))
    assert Case.objects.get(version=2).wait_codes == ["EARLIER_VERSION"]


def test_reading_again_never_files_what_a_person_put_back(world: World, jane: Patient) -> None:
    case = _filed_order(world, jane)
    pending.put_back(case, actor=Actor.of(world.owner))
    job = open_job("REPROCESS_CASE", case.uuid, world.ours)
    assert jobs.run(job.uuid) == "DONE"
    case.refresh_from_db()
    assert (case.state, case.wait_codes[0]) == (Case.State.PENDING, "PUT_BACK")


def test_a_put_back_case_sent_again_is_filed_only_if_the_patient_is_named(world: World, jane: Patient) -> None:
    case = _filed_order(world, jane)
    pending.put_back(case, actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77"), user=world.owner, category="SCAN_OTHER")
    case.refresh_from_db()
    assert case.state == Case.State.PENDING
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77"), user=world.owner, patient=str(jane.uuid))
    case.refresh_from_db()
    assert case.patient == jane


def test_a_decision_made_while_a_case_is_read_again_stands(world: World) -> None:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77"))
    case = Case.objects.get()
    jane = _patient(world, "Jane", "Marsh", "77")
    job = open_job("REPROCESS_CASE", case.uuid, world.ours)
    commit = jobs.WORK["REPROCESS_CASE"](job, _NoLease())
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.owner))
    commit()
    case.refresh_from_db()
    assert (case.state, case.decided_by, jane.cases.count()) == (Case.State.REJECTED, world.owner, 0)


class _NoLease:
    """Nobody else works here."""

    def keep(self) -> None: ...

    def step(self, done: int, total: int) -> None: ...


def test_a_scan_that_the_order_names_and_that_did_not_come_is_missed(world: World, jane: Patient) -> None:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane", "77", without="_l.stl"))
    assert Case.objects.get().wait_codes == ["MISSING_FILE"]


def test_a_damaged_member_is_not_forgotten_when_the_case_is_read_again(world: World, jane: Patient) -> None:
    content = bytearray(next(iter(itero_zip("5", "Marsh, Jane", "77").values())))
    place = content.find(b"_l.stl") + 5000
    content[place : place + 40] = bytes(40)
    hand_over(world.ours, {"OrthoCAD_Export_5.zip": bytes(content)})
    case = Case.objects.get()
    assert "FILE_REJECTED" in case.wait_codes
    jobs.run(open_job("REPROCESS_CASE", case.uuid, world.ours).uuid)
    case.refresh_from_db()
    assert "FILE_REJECTED" in case.wait_codes


def test_a_stated_patient_with_another_chart_number_is_not_believed(world: World, jane: Patient) -> None:
    hand_over(world.ours, itero_zip("5", "", "88"), user=world.owner, patient=str(jane.uuid))
    assert Case.objects.get().wait_codes == ["STATED_PATIENT_DIFFERS"]


def test_two_zips_in_one_upload_are_two_cases_and_refused(world: World) -> None:
    receipt = hand_over(
        world.ours, {"a.zip": zip_of({"upper.stl": upper_stl(1)}), "b.zip": zip_of({"upper.stl": upper_stl(2)})}
    )
    assert (receipt.delivery.state, receipt.delivery.code) == (Delivery.State.REJECTED, "several_cases")
    assert [line["path"] for line in receipt.delivery.report] == ["a/upper.stl", "b/upper.stl"]


def test_the_same_scans_under_another_name_are_news(world: World) -> None:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane"))
    second = hand_over(world.ours, itero_zip("5", "Boone, Richard"))
    assert second.delivery.state == Delivery.State.PROCESSED
    assert Case.objects.get(version=2).received_name == "Boone, Richard"


def test_a_waiting_case_that_is_sent_again_with_its_patient_is_filed(world: World, jane: Patient) -> None:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane"))
    assert Case.objects.get().state == Case.State.PENDING
    again = hand_over(world.ours, itero_zip("5", "Marsh, Jane"), user=world.owner, patient=str(jane.uuid))
    assert again.delivery.state == Delivery.State.DUPLICATE
    assert Case.objects.get().patient == jane


def test_the_same_mesh_is_never_filed_under_two_patients_by_itself(world: World, jane: Patient) -> None:
    _filed_order(world, jane)
    _patient(world, "Richard", "Boone", "88")
    hand_over(world.ours, itero_zip("6", "Boone, Richard", "88"))
    assert Case.objects.get(order_id="6").wait_codes == ["SCAN_OF_ANOTHER"]


def test_a_part_of_what_is_here_is_a_duplicate(world: World) -> None:
    hand_over(world.ours, {"x_upper.stl": upper_stl(), "x_lower.stl": lower_stl()})
    assert hand_over(world.ours, {"x_upper.stl": upper_stl()}).delivery.state == Delivery.State.DUPLICATE


def test_a_broken_format_gives_way_to_another_of_the_same_scan(world: World) -> None:
    ply = samples.ply_binary()
    receipt = hand_over(world.ours, {"x_upper.ply": ply[:-10], "x_upper.stl": upper_stl()})
    scan = Scan.objects.get()
    assert (scan.scan_format, scan.category) == ("STL", "SCAN_UPPER")
    assert [line["verdict"] for line in receipt.delivery.report] == ["reject", "accept"]


def test_a_scan_that_our_reader_failed_on_is_read_again_when_it_comes_again(world: World) -> None:
    hand_over(world.ours, itero_zip("5", "Marsh, Jane"))
    unlucky = Scan.objects.first()
    Scan.objects.filter(pk=unlucky.pk).update(state="REJECTED", code=filing.UNLUCKY_CODES[0], face_count=None)
    again = hand_over(world.ours, itero_zip("5", "Marsh, Jane"))
    unlucky.refresh_from_db()
    assert again.delivery.state == Delivery.State.DUPLICATE
    assert (unlucky.state, unlucky.face_count is None) == (Scan.State.READY, False)


def test_an_odd_value_in_a_file_does_not_stop_the_case(world: World) -> None:
    odd = samples.dicom(upper_stl(), PatientName="Marsh\0^Jane", PatientID="7\0", Manufacturer="M\0")
    receipt = hand_over(world.ours, {"upper.dcm": odd})
    assert receipt.delivery.state == Delivery.State.PROCESSED


def test_a_very_long_order_id_is_one_order(world: World) -> None:
    sidecar = f'<iTeroExport Version="2.4"><RxInfo><OrderID>{"9" * 300}</OrderID></RxInfo></iTeroExport>'
    files = {"itero_export_v24.xml": sidecar.encode(), "upper.stl": upper_stl()}
    states = [hand_over(world.ours, files).delivery.state for _ in range(2)]
    assert states == ["PROCESSED", "DUPLICATE"]
    assert len(Case.objects.get().order_id) == 200


def test_a_surface_without_area_is_no_scan(world: World) -> None:
    line = Mesh(np.array([[0, 0, 0], [1, 1, 1], [2, 2, 2]], np.float32), np.array([[0, 1, 2]], np.int32))
    flat = writers.stl(line)
    assert hand_over(world.ours, {"x_upper.stl": flat}).delivery.state == Delivery.State.REJECTED
