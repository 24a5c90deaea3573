"""Originals are safe before anyone looks; what happens to a delivery is always said."""

import hashlib

import pytest

from patients.errors import Refused, TooMuch
from patients.services import create_patient
from scans.models import Case, Delivery, Job, Scan
from scans.services.intake import Incoming, Wanted, receive
from scans.storage import originals
from tests.made import Actor, World, hand_over, itero_zip, lower_stl, upper_stl, zip_of


def test_every_original_is_stored_byte_for_byte(world: World) -> None:
    content = upper_stl()
    hand_over(world.ours, {"some_upper.stl": content})
    with originals.open(hashlib.sha256(content).hexdigest()) as stored:
        assert stored.read() == content


def test_what_cannot_be_read_is_kept_too(world: World) -> None:
    content = upper_stl()[:-1000]
    receipt = hand_over(world.ours, {"cut_upper.stl": content})
    assert receipt.delivery.state == Delivery.State.REJECTED
    assert receipt.delivery.code == "truncated"
    assert str((len(content) - 84) // 50) in receipt.delivery.message
    assert originals.exists(hashlib.sha256(content).hexdigest())


def test_a_zip_becomes_one_case_with_both_arches(world: World) -> None:
    receipt = hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    case = Case.objects.get(delivery=receipt.delivery)
    assert (case.source, case.order_id, case.received_name) == ("ITERO", "1234", "Marsh, Jane")
    assert sorted(case.scans.values_list("category", flat=True)) == ["SCAN_LOWER", "SCAN_UPPER"]
    assert all(scan.confidence >= 0.8 for scan in case.scans.all())
    assert [line["verdict"] for line in receipt.delivery.report] == ["accept", "accept", "skip"]


def test_the_same_delivery_twice_is_one_case(world: World) -> None:
    first = hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    second = hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    assert second.delivery.state == Delivery.State.DUPLICATE
    assert second.job.outcome["case"] == str(first.delivery.cases.get().uuid)
    assert Case.objects.count() == 1
    assert Scan.objects.count() == 2


def test_the_same_order_with_other_meshes_is_a_new_version(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane", seed=1))
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane", seed=2))
    assert list(Case.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_the_same_order_in_another_clinic_is_another_case(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    other = hand_over(world.theirs, itero_zip("1234", "Marsh, Jane"))
    assert other.delivery.state == Delivery.State.PROCESSED
    assert Case.objects.of_clinic(world.theirs).count() == 1


def test_the_same_mesh_under_two_names_is_one_scan(world: World) -> None:
    hand_over(world.ours, {"x_upper.stl": upper_stl(), "x_upper_1.stl": upper_stl(), "x_lower.stl": lower_stl()})
    assert Scan.objects.count() == 2


def test_a_broken_file_does_not_block_the_rest_but_a_person_is_told(world: World) -> None:
    create_patient(
        world.ours, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="77", actor=Actor.system("test")
    )
    folder = "OrthoCAD_Export_1"
    hand_over(
        world.ours,
        {
            f"{folder}/1_shell_occlusion_u.stl": upper_stl(),
            f"{folder}/1_shell_occlusion_l.stl": lower_stl()[:-777],
            f"{folder}/itero_export_#1_v24.xml": (
                b'<iTeroExport Version="2.4"><RxInfo><OrderID>1</OrderID><Patient>Marsh, Jane</Patient>'
                b"<ChartNumber>77</ChartNumber></RxInfo></iTeroExport>"
            ),
        },
    )
    case = Case.objects.get()
    assert case.state == Case.State.PENDING
    assert case.wait_codes == ["FILE_REJECTED"]
    assert sorted(case.scans.values_list("state", flat=True)) == ["READY", "REJECTED"]


def test_several_cases_in_one_zip_are_named_and_none_is_taken(world: World) -> None:
    both = zip_of(
        {
            "OrthoCAD_Export_1/1_shell_occlusion_u.stl": upper_stl(1),
            "OrthoCAD_Export_2/2_shell_occlusion_u.stl": upper_stl(2),
        }
    )
    receipt = hand_over(world.ours, {"both.zip": both})
    assert receipt.delivery.code == "several_cases"
    assert not Case.objects.exists()


def test_an_empty_upload_is_refused_with_a_sentence(world: World) -> None:
    with pytest.raises(Refused, match="no file"):
        hand_over(world.ours, {})


def test_an_upload_over_the_limit_is_refused(world: World, settings) -> None:
    settings.ARCHWAY_UPLOAD_LIMIT_BYTES = 1000
    with pytest.raises(TooMuch):
        hand_over(world.ours, {"upper.stl": upper_stl()})


def test_above_the_inline_limit_the_queue_takes_it(world: World, settings) -> None:
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 1000
    receipt = hand_over(world.ours, {"upper.stl": upper_stl()})
    assert receipt.is_queued
    assert receipt.job.state == Job.State.QUEUED
    assert receipt.delivery.state == Delivery.State.RECEIVED


def test_two_different_files_under_one_name_are_both_kept(world: World) -> None:
    receipt = receive(
        world.ours,
        [Incoming("upper.stl", [upper_stl(seed)], len(upper_stl(seed))) for seed in (1, 2)],
        channel=Delivery.Channel.API,
        wanted=Wanted(),
        actor=Actor.system("test"),
    )
    assert [file.name for file in receipt.files] == ["upper.stl", "upper (2).stl"]
