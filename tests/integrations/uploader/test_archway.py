"""From a folder on another PC into the real Archway, through its API."""

import pytest
from django.core.management import call_command
from knox.models import AuthToken

from scans.models import Case, Delivery, Job
from scans.services import jobs
from tests.integrations.threeshape.watched import SURNAME, loose_files, order_folder, write
from tests.integrations.uploader.conftest import ScannerPC
from tests.made import World


@pytest.fixture
def pc(pc: ScannerPC, transactional_db, world: World) -> ScannerPC:
    """The token is the front desk's."""
    _, token = AuthToken.objects.create(world.owner)
    pc.token_file.write_text(f"{token}\n", encoding="ascii")
    return pc


def test_an_order_folder_arrives_with_its_paths_and_is_moved_to_done(pc, live_server) -> None:
    write(pc.folder, order_folder())
    assert pc.upload(live_server.url) == 0
    case = Case.objects.get()
    assert (case.order_id, case.received_last_name) == ("4711", f"Jane {SURNAME}")
    assert sorted(case.scans.values_list("category", flat=True)) == ["SCAN_LOWER", "SCAN_UPPER"]
    assert pc.names("done") == sorted([*order_folder(), "4711.report.txt"])
    report = (pc.folder / "done/4711.report.txt").read_text(encoding="utf-8")
    assert "waits" in report
    assert "4711/Scans/Upper/PreparationScan.stl: accept." in report


def test_watch_exports_sends_them_from_another_pc_too(pc, live_server) -> None:
    write(pc.folder, order_folder())
    arguments = ["--remote", live_server.url, "--folder", str(pc.folder), "--token-file", str(pc.token_file), "--once"]
    call_command("watch_exports", *arguments)
    assert Case.objects.get().order_id == "4711"
    assert "4711.report.txt" in pc.names("done")


def test_loose_files_arrive_as_one_case(pc, live_server) -> None:
    write(pc.folder, loose_files("JaneMarsh"))
    assert pc.upload(live_server.url) == 0
    assert (Case.objects.get().scans.count(), Case.objects.get().received_full_name) == (2, "JaneMarsh")


def test_the_same_export_again_is_moved_as_here_already(pc, live_server) -> None:
    for folder in ("", "again/"):
        write(pc.folder, {f"{folder}{name}" if folder else name: content for name, content in order_folder().items()})
        assert pc.upload(live_server.url) == 0
    assert Case.objects.count() == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["DUPLICATE", "PROCESSED"]
    assert "duplicate" in (pc.folder / "done/again.report.txt").read_text(encoding="utf-8")


def test_a_large_export_is_followed_until_it_was_read(pc, live_server, settings) -> None:
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 1_000
    write(pc.folder, order_folder())
    pc.stop.meanwhile = lambda: [jobs.run(job.uuid) for job in Job.objects.filter(state="QUEUED")]
    assert pc.upload(live_server.url) == 0
    assert Case.objects.get().order_id == "4711"
    assert "PreparationScan.stl: accept." in (pc.folder / "done/4711.report.txt").read_text(encoding="utf-8")


def test_what_archway_refuses_is_moved_to_failed_with_the_reason_and_the_rest_goes_on(pc, live_server) -> None:
    write(pc.folder, order_folder() | {"broken_upper.stl": b"solid no mesh at all"})
    assert pc.upload(live_server.url) == 1
    assert pc.names("failed") == ["broken.report.txt", "broken/broken_upper.stl"]
    assert "rejected" in (pc.folder / "failed/broken.report.txt").read_text(encoding="utf-8")
    assert Case.objects.get().order_id == "4711"


def test_a_token_that_expired_says_what_to_do_and_loses_nothing(pc, live_server, caplog) -> None:
    AuthToken.objects.all().delete()
    write(pc.folder, order_folder())
    assert pc.upload(live_server.url) == 3
    assert "issue_token" in caplog.text
    assert pc.names() == sorted(order_folder())


def test_another_clinic_is_refused_and_nothing_moves(pc, live_server, world: World, caplog) -> None:
    write(pc.folder, order_folder())
    assert pc.upload(live_server.url, "--clinic", str(world.theirs.uuid)) == 2
    assert "no such clinic" in caplog.text
    assert pc.names() == sorted(order_folder())
    assert pc.upload(live_server.url, "--clinic", str(world.ours.uuid)) == 0


def test_no_log_line_holds_a_name(pc, live_server, caplog) -> None:
    caplog.set_level("DEBUG", logger="integrations")
    write(pc.folder, loose_files() | {f"{SURNAME}_upper.stl": b"no mesh"})
    pc.upload(live_server.url)
    assert "sent" in caplog.text
    assert SURNAME not in caplog.text
