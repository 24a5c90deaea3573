"""The upload page's protocol: nothing half, nothing twice, nothing lost when the page is closed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from patients.audit import Actor
from patients.errors import Conflict, Missing, Refused, TooMuch
from patients.models import AuditEvent
from scans.models import Case, DeliveredFile, Delivery, Job
from scans.services import uploading
from scans.storage import originals
from scans.tasks import sweep_jobs
from scans.wait_reasons import MISSING_FILE
from tests.integrations.clouds import read_all
from tests.made import World, itero_zip, lower_stl, upper_stl

State = Delivery.State


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor.of(world.owner)


@pytest.fixture
def two(world: World, actor: Actor) -> Delivery:
    """An upper and a lower, announced."""
    files = [("marsh/upper.stl", len(upper_stl())), ("marsh/lower.stl", len(lower_stl()))]
    return uploading.begin(world.ours, [files], actor=actor)[0]


def _put(delivery: Delivery, index: int, content: bytes, actor: Actor) -> DeliveredFile:
    return uploading.take(delivery, index, [content[:1000], content[1000:]], actor=actor)


def _silent_for(delivery: Delivery, time: timedelta) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(heard_at=timezone.now() - time)


def test_what_was_put_is_read_as_one_case(two: Delivery, actor: Actor) -> None:
    _put(two, 0, upper_stl(), actor)
    _put(two, 1, lower_stl(), actor)
    uploading.finish(two, actor=actor)
    assert (two.state, two.total_size) == (State.RECEIVED, len(upper_stl()) + len(lower_stl()))
    read_all()
    assert Case.objects.get().scans.count() == 2
    assert {line["verdict"] for line in Delivery.objects.get().report} == {"accept"}


def test_everything_that_happens_is_in_the_trail(two: Delivery, actor: Actor) -> None:
    _put(two, 0, upper_stl(), actor)
    uploading.finish(two, actor=actor)
    verbs = AuditEvent.objects.filter(subject_uuid=two.uuid).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["delivery.announced", "delivery.file_arrived", "delivery.received"]


def test_putting_a_file_again_changes_nothing(two: Delivery, actor: Actor) -> None:
    first = _put(two, 0, upper_stl(), actor)
    assert _put(two, 0, upper_stl(), actor).pk == first.pk
    assert DeliveredFile.objects.count() == 1


def test_a_file_that_is_cut_short_leaves_nothing(two: Delivery, actor: Actor) -> None:
    with pytest.raises(Refused, match="did not arrive whole"):
        _put(two, 0, upper_stl()[:-1], actor)
    assert not DeliveredFile.objects.exists()


def test_a_connection_that_breaks_leaves_nothing(two: Delivery, actor: Actor, settings, tmp_path) -> None:
    def breaking() -> Iterator[bytes]:
        yield upper_stl()[:1000]
        raise ConnectionResetError

    settings.STORAGES = {
        **settings.STORAGES,
        "originals": {"BACKEND": "scans.storage.DurableFileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    with pytest.raises(ConnectionResetError):
        uploading.take(two, 0, breaking(), actor=actor)
    assert list(tmp_path.rglob("*")) == []
    assert not DeliveredFile.objects.exists()


def test_only_announced_files_are_taken(two: Delivery, actor: Actor) -> None:
    for index in (2, -1):
        with pytest.raises(Missing):
            _put(two, index, b"", actor)


def test_a_finished_upload_takes_nothing_more(two: Delivery, actor: Actor) -> None:
    _put(two, 0, upper_stl(), actor)
    uploading.finish(two, actor=actor)
    with pytest.raises(Conflict):
        _put(two, 1, lower_stl(), actor)


def test_an_upload_that_is_closed_while_a_file_comes_does_not_get_it(two: Delivery, actor: Actor) -> None:
    def slow() -> Iterator[bytes]:
        uploading.stop(Delivery.objects.get(pk=two.pk), actor=actor)
        yield upper_stl()

    with pytest.raises(Conflict):
        uploading.take(two, 0, slow(), actor=actor)
    assert not DeliveredFile.objects.exists()


def test_finishing_twice_opens_one_job(two: Delivery, actor: Actor) -> None:
    _put(two, 0, upper_stl(), actor)
    uploading.finish(two, actor=actor)
    uploading.finish(Delivery.objects.get(pk=two.pk), actor=actor)
    assert Job.objects.count() == 1


def test_the_same_name_twice_is_two_files(world: World, actor: Actor) -> None:
    (delivery,) = uploading.begin(world.ours, [[("a.stl", 1), ("a.stl", 2), ("../../a.stl", 3)]], actor=actor)
    assert [one["name"] for one in delivery.announced] == ["a.stl", "a (2).stl", "a (3).stl"]


def test_too_much_is_refused_before_anything_is_announced(world: World, actor: Actor, settings) -> None:
    settings.ARCHWAY_UPLOAD_LIMIT_BYTES = 10
    for parcels in ([[("a.stl", 3)], [("b.stl", 11)]], [[("a.stl", 1)] * 2001], [[("a.stl", 1)]] * 201):
        with pytest.raises(TooMuch):
            uploading.begin(world.ours, parcels, actor=actor)
    for nothing in ([], [[]]):
        with pytest.raises(Refused):
            uploading.begin(world.ours, nothing, actor=actor)
    assert not Delivery.objects.exists()


def test_what_arrived_before_the_page_was_closed_is_read(world: World, two: Delivery, actor: Actor) -> None:
    _put(two, 0, upper_stl(), actor)
    _silent_for(two, timedelta(minutes=3))
    assert sweep_jobs()["finished_uploads"] == 1
    read_all()
    case = Case.objects.get()
    assert case.scans.count() == 1
    assert MISSING_FILE in case.wait_codes
    lines = {line["path"]: (line["verdict"], line["code"]) for line in Delivery.objects.get().report}
    assert lines["marsh/lower.stl"] == ("reject", "never_arrived")
    received = AuditEvent.objects.get(verb="delivery.received")
    assert received.actor == world.owner


def test_a_page_that_is_heard_of_keeps_its_uploads(two: Delivery, actor: Actor) -> None:
    _silent_for(two, timedelta(minutes=3))
    uploading.hear_all([two])
    assert sweep_jobs()["finished_uploads"] == 0
    two.refresh_from_db()
    assert two.state == State.RECEIVING


def test_an_upload_of_which_nothing_arrived_is_closed(two: Delivery) -> None:
    _silent_for(two, timedelta(minutes=3))
    sweep_jobs()
    two.refresh_from_db()
    assert (two.state, two.code) == (State.REJECTED, "nothing_arrived")
    assert {line["path"] for line in two.report} == {"marsh/upper.stl", "marsh/lower.stl"}
    assert not Job.objects.exists()


def test_a_stopped_upload_is_not_read(two: Delivery, actor: Actor) -> None:
    stored = _put(two, 0, upper_stl(), actor)
    uploading.stop(two, actor=actor)
    _silent_for(two, timedelta(minutes=3))
    sweep_jobs()
    two.refresh_from_db()
    assert (two.state, two.code) == (State.REJECTED, "stopped")
    assert not Job.objects.exists()
    assert originals.exists(stored.sha256)
    with pytest.raises(Conflict):
        uploading.stop(two, actor=actor)


def test_a_zip_becomes_a_case(world: World, actor: Actor) -> None:
    ((name, content),) = itero_zip("4711", "Marsh, Jane").items()
    (delivery,) = uploading.begin(world.ours, [[(name, len(content))]], actor=actor)
    _put(delivery, 0, content, actor)
    uploading.finish(delivery, actor=actor)
    read_all()
    assert Case.objects.get().order_id == "4711"
