"""A 7z is taken wherever a zip is; only the limited process looks into it, so the queue always takes it."""

import pytest

from scans.models import Case, Delivery, Job
from scans.services import jobs
from tests.made import World, hand_over, lower_stl, upper_stl, zip_of
from tests.meshes.seven_zips import relisted, sevenzipped


def case_7z(seed: int = 1) -> bytes:
    return sevenzipped(("x_upper.stl", upper_stl(seed)), ("x_lower.stl", lower_stl(seed)))


@pytest.mark.parametrize("name", ["x.7z", "x.zip"])
def test_a_7z_waits_for_the_queue_and_becomes_one_case(world: World, name: str) -> None:
    receipt = hand_over(world.ours, {name: case_7z()})
    assert (receipt.is_queued, receipt.delivery.state) == (True, Delivery.State.RECEIVED)
    jobs.run(Job.objects.get().uuid)
    case = Case.objects.get()
    assert sorted(case.scans.values_list("category", flat=True)) == ["SCAN_LOWER", "SCAN_UPPER"]


def test_the_same_scans_as_zip_and_as_7z_are_one_case(world: World) -> None:
    hand_over(world.ours, {"x.zip": zip_of({"x_upper.stl": upper_stl(), "x_lower.stl": lower_stl()})})
    hand_over(world.ours, {"x.7z": case_7z()})
    jobs.run(Job.objects.get(state=Job.State.QUEUED, kind=Job.Kind.PROCESS_DELIVERY).uuid)
    assert Case.objects.count() == 1


def test_a_broken_7z_is_kept_and_its_sender_told_why(world: World) -> None:
    receipt = hand_over(world.ours, {"x.7z": case_7z()[:-9]})
    jobs.run(Job.objects.get().uuid)
    receipt.delivery.refresh_from_db()
    assert (receipt.delivery.state, receipt.delivery.code) == (Delivery.State.REJECTED, "broken_archive")
    assert receipt.delivery.message == "This archive is damaged or cut off. Please create the archive again."


def test_a_list_that_lies_costs_no_more_than_its_delivery(world: World) -> None:
    receipt = hand_over(world.ours, {"x.7z": relisted(case_7z(), lambda listed: listed[:20] + b"\xff" * 40)})
    jobs.run(Job.objects.get().uuid)
    receipt.delivery.refresh_from_db()
    assert receipt.delivery.state == Delivery.State.REJECTED
    assert not Case.objects.exists()
