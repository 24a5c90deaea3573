"""Looks at scanners: one at a time, on time, taken over when a worker dies, and a folder is told what became of it."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import Schedule

from integrations.models import ScannerIntegration, ScannerOrder, SyncRun
from integrations.services import runs, syncing
from integrations.services.health import Level, health_of
from integrations.tasks import run_sync, sync_due
from patients.audit import Actor
from patients.errors import Conflict
from scans.models import Case, Delivery, Job
from scans.services import jobs
from scans.services.lease import Lease, LostLease
from tests.made import World, lower_stl, upper_stl

SYSTEM = Actor.system("test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "exports"
    place.mkdir()
    return place


@pytest.fixture
def trios(world: World, folder: Path) -> ScannerIntegration:
    return ScannerIntegration.objects.create(
        clinic=world.ours, scanner_type="3SHAPE", state="CONNECTED", folder=str(folder)
    )


def _ask(connection: ScannerIntegration) -> SyncRun:
    return runs.ask_for(connection, reason=SyncRun.Reason.SCHEDULE, actor=SYSTEM)


def _put(folder: Path, name: str = "20260301 Marsh", seed: int = 1) -> Path:
    export = folder / name
    export.mkdir()
    (export / "UpperJawScan.stl").write_bytes(upper_stl(seed))
    (export / "LowerJawScan.stl").write_bytes(lower_stl(seed))
    return export


def _age(connection: ScannerIntegration, seconds: int) -> None:
    connection.refresh_from_db()
    for rest in connection.cursor.get("looks", {}).get("exports", {}).values():
        rest["since"] -= seconds
    connection.save(update_fields=["cursor"])


def _look(connection: ScannerIntegration, *, seconds_later: int = 0) -> SyncRun:
    """A look, as if what earlier looks saw had been seen so much earlier."""
    _age(connection, seconds_later)
    run = _ask(connection)
    runs.run(run.uuid)
    for job in Job.objects.filter(state="QUEUED"):
        jobs.run(job.uuid)
    run.refresh_from_db()
    return run


def test_an_export_is_taken_at_the_second_look_and_moved_when_it_was_read(trios, folder: Path) -> None:
    export = _put(folder)
    assert _look(trios).taken == 0, "it may still be copied"
    assert _look(trios, seconds_later=6).taken == 1
    assert Case.objects.get().scans.count() == 2
    assert export.exists(), "not moved before it is known what became of it"
    _look(trios)
    assert not export.exists()
    assert (folder / "done" / export.name / "UpperJawScan.stl").read_bytes() == upper_stl()
    [report] = list((folder / "done").rglob("*.txt"))
    assert "UpperJawScan.stl" in report.read_text(encoding="utf-8")


def test_the_same_export_again_is_a_duplicate_and_moved_too(trios, folder: Path) -> None:
    _put(folder)
    for _ in range(3):
        _look(trios, seconds_later=6)
    again = _put(folder)
    for _ in range(3):
        _look(trios, seconds_later=6)
    assert Case.objects.count() == 1
    assert not again.exists()
    assert len([path for path in (folder / "done").iterdir() if path.is_dir()]) == 2


def test_what_cannot_be_read_goes_to_failed(trios, folder: Path) -> None:
    export = folder / "20260301 Broken"
    export.mkdir()
    (export / "UpperJawScan.stl").write_bytes(b"solid nothing at all\n" * 10)
    for _ in range(3):
        _look(trios, seconds_later=60)
    assert not Case.objects.exists()
    assert (folder / "failed" / export.name / "UpperJawScan.stl").exists()


def test_an_export_that_cannot_be_moved_is_told(trios, folder: Path) -> None:
    _put(folder)
    (folder / "done").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        _look(trios, seconds_later=6)
    run = _look(trios)
    trios.refresh_from_db()
    assert (run.state, run.code, trios.error_code) == ("FAILED", "cannot_move", "cannot_move")
    assert Case.objects.count() == 1
    assert health_of(trios, timezone.now() + timedelta(hours=1)).words.startswith(trios.last_error)


def test_what_is_put_back_from_failed_is_tried_again(trios, folder: Path) -> None:
    export = folder / "20260301 Broken"
    export.mkdir()
    (export / "UpperJawScan.stl").write_bytes(b"solid nothing at all\n" * 10)
    for _ in range(3):
        _look(trios, seconds_later=60)
    (folder / "failed" / export.name).rename(export)
    for _ in range(3):
        _look(trios, seconds_later=60)
    assert Delivery.objects.filter(state="REJECTED").count() == 2


def test_a_folder_that_vanishes_is_waited_for(trios, folder: Path) -> None:
    _look(trios)
    folder.rename(folder.with_name("elsewhere"))
    run = _look(trios)
    assert (run.state, run.code) == ("FAILED", "folder_gone")
    folder.with_name("elsewhere").rename(folder)
    assert _look(trios).state == "DONE"
    trios.refresh_from_db()
    assert (trios.state, trios.last_error) == ("CONNECTED", "")


def test_one_look_at_a_time(trios: ScannerIntegration) -> None:
    first = _ask(trios)
    with pytest.raises(Conflict) as error:
        _ask(trios)
    assert error.value.code == "sync_runs"
    with pytest.raises(IntegrityError), transaction.atomic():
        SyncRun.objects.create(connection=trios, reason="SCHEDULE")
    runs.run(first.uuid)
    assert _ask(trios)


def test_a_run_is_taken_by_one_worker(trios: ScannerIntegration) -> None:
    run = _ask(trios)
    assert run_sync(str(run.uuid)) == {"state": "DONE"}
    assert run_sync(str(run.uuid)) == {"state": "not taken"}


def test_a_dead_workers_run_is_taken_over(trios: ScannerIntegration) -> None:
    run = _ask(trios)
    past = timezone.now() - timedelta(seconds=1)
    SyncRun.objects.update(state="RUNNING", worker=uuid.uuid4(), lease_until=past, attempts=1)
    assert runs.sweep()["woken"] == 1
    assert runs.run(run.uuid) == "DONE"


def test_a_run_that_kills_its_workers_is_given_up(trios: ScannerIntegration, settings) -> None:
    run = _ask(trios)
    past = timezone.now() - timedelta(seconds=1)
    dead = {"state": "RUNNING", "worker": uuid.uuid4(), "lease_until": past, "attempts": settings.ARCHWAY_JOB_ATTEMPTS}
    SyncRun.objects.update(**dead)
    assert runs.sweep() == {"woken": 0, "given_up": 1}
    run.refresh_from_db()
    trios.refresh_from_db()
    assert (run.state, run.code, trios.error_code) == ("FAILED", "gave_up", "gave_up")
    assert _ask(trios), "the next look is free to try"


def test_who_lost_the_run_writes_nothing(trios, folder: Path) -> None:
    _put(folder)
    _look(trios)
    _age(trios, 6)
    run = _ask(trios)
    worker = uuid.uuid4()
    SyncRun.objects.filter(pk=run.pk).update(state="RUNNING", worker=worker, lease_until=timezone.now())
    lease = Lease(SyncRun.objects.filter(pk=run.pk, worker=worker))
    SyncRun.objects.filter(pk=run.pk).update(worker=uuid.uuid4())
    with pytest.raises(LostLease):
        syncing.sync(run, lease)
    assert not Delivery.objects.exists()


def test_looks_are_asked_for_when_it_is_time(trios: ScannerIntegration) -> None:
    assert sync_due()["asked_for"] == 1
    runs.run(SyncRun.objects.get().uuid)
    assert sync_due()["asked_for"] == 0
    ScannerIntegration.objects.update(last_attempt_at=timezone.now() - timedelta(minutes=5))
    assert sync_due()["asked_for"] == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"state": "RECONNECT"}, {"state": "NEW"}])
def test_what_is_not_connected_is_left_alone(trios: ScannerIntegration, change) -> None:
    ScannerIntegration.objects.update(**change)
    assert sync_due()["asked_for"] == 0
    trios.refresh_from_db()
    with pytest.raises(Conflict):
        _ask(trios)


def test_patience_that_was_asked_for_is_kept(trios: ScannerIntegration) -> None:
    ScannerIntegration.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=3), hinted_at=timezone.now())
    assert sync_due()["asked_for"] == 0


def test_the_schedules_are_set_up_once(world: World) -> None:
    call_command("setup_archway")
    assert sorted(Schedule.objects.values_list("func", flat=True)) == [
        "integrations.tasks.sync_due",
        "scans.tasks.sweep_jobs",
    ]


def test_the_cron_command_looks_and_tells(trios, folder: Path, capsys) -> None:
    call_command("sync_scanners")
    assert "Ours 3Shape: done, 0 listed, 0 taken, 0 failed" in capsys.readouterr().out
    folder.rmdir()
    with pytest.raises(CommandError, match="1 look"):
        call_command("sync_scanners", "--all")


def test_the_cron_command_needs_no_worker(trios, folder: Path) -> None:
    export = _put(folder)
    for _ in range(3):
        _age(trios, 6)
        call_command("sync_scanners", "--all")
    assert Case.objects.get().scans.count() == 2
    assert not export.exists()


def test_health_says_what_to_do(trios: ScannerIntegration) -> None:
    now = timezone.now()
    assert health_of(trios, now).level == Level.ATTENTION
    trios.last_sync_at = now - timedelta(minutes=9)
    assert health_of(trios, now).level == Level.GOOD
    trios.last_sync_at = trios.last_attempt_at = now - timedelta(minutes=11)
    assert "worker running" in health_of(trios, now).words
    trios.interval_minutes = 60
    assert health_of(trios, now).level == Level.GOOD
    trios.state = "RECONNECT"
    assert "Press Reconnect" in health_of(trios, now).words
    trios.is_active = False
    assert health_of(trios, now).level == Level.STOPPED


def test_an_order_of_another_account_is_another_order(trios: ScannerIntegration) -> None:
    values = {"connection": trios, "order_id": "1", "revision": "r", "changed_at": timezone.now()}
    ScannerOrder.objects.create(account="a", **values)
    ScannerOrder.objects.create(account="b", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScannerOrder.objects.create(account="a", **values)
