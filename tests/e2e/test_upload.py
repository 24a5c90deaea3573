"""A receptionist sends scans in a real browser, and sees what becomes of each."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from scans.models import Case, Delivery, Job
from scans.tasks import sweep_jobs
from tests.e2e.axe_modes import axe_in_every_mode
from tests.e2e.seeing import faults_in_every_mode
from tests.integrations.clouds import read_all
from tests.made import World, itero_zip, lower_stl, upper_stl

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UPLOAD = "/admin/scans/pendingcase/upload/"


@pytest.fixture
def desk(live_server: LiveServer, world: World, page: Page) -> Page:
    """The front desk, logged in, at the upload page."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}{UPLOAD}")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("owner-password")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".aw-upload[data-state=ready]")).to_be_attached()
    return page


@pytest.fixture
def export(tmp_path: Path) -> Path:
    ((name, content),) = itero_zip("4711", "Marsh, Jane").items()
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "Boone 2026"
    place.mkdir()
    (place / "upper.stl").write_bytes(upper_stl())
    (place / "lower.stl").write_bytes(lower_stl())
    (place / "notes.txt").write_bytes(b"for the lab")
    return place


def _parcel(page: Page, name: str, state: str) -> None:
    expect(page.locator(f".aw-parcel[data-state={state}] h3", has_text=name)).to_be_visible()


def _choose(page: Page, *files: Path) -> None:
    page.get_by_label("Choose files").set_input_files(list(files))


def test_a_zip_becomes_a_waiting_case(desk: Page, export: Path) -> None:
    _choose(desk, export)
    _parcel(desk, export.name, "QUEUED")
    read_all()
    _parcel(desk, export.name, "PROCESSED")
    expect(desk.get_by_text("Waits for a person:")).to_be_visible()
    expect(desk.get_by_text("accepted: upper")).to_be_visible()
    expect(desk.get_by_text("accepted: lower")).to_be_visible()
    desk.get_by_role("link", name=re.compile("Open the case")).click()
    expect(desk.get_by_role("heading", name="Marsh, Jane").first).to_be_visible()


def test_what_was_sent_twice_is_here_already(desk: Page, export: Path) -> None:
    for state in ("PROCESSED", "DUPLICATE"):
        _choose(desk, export)
        _parcel(desk, export.name, "QUEUED")
        read_all()
        _parcel(desk, export.name, state)
    expect(desk.get_by_text("Already here since")).to_be_visible()


def test_a_folder_is_one_case_with_a_line_for_each_file(desk: Page, folder: Path) -> None:
    desk.get_by_label("Choose a folder").set_input_files(folder)
    _parcel(desk, "Boone 2026", "QUEUED")
    read_all()
    _parcel(desk, "Boone 2026", "PROCESSED")
    expect(desk.locator(".aw-file-row[data-state=accept]")).to_have_count(2)
    expect(desk.locator(".aw-file-row[data-state=skip]", has_text="notes.txt")).to_be_attached()
    assert Case.objects.get().scans.count() == 2


DROP = """async ([name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.getElementById("drop").dispatchEvent(
      new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def test_a_dropped_file_that_is_no_scan_is_refused_with_its_reason(desk: Page) -> None:
    desk.evaluate(DROP, ["report.stl", "this is no mesh"])
    _parcel(desk, "report.stl", "QUEUED")
    read_all()
    _parcel(desk, "report.stl", "REJECTED")
    expect(desk.locator(".aw-file-row[data-state=reject]")).to_be_visible()


def test_loose_files_are_one_case_unless_each_is_its_own(desk: Page, folder: Path) -> None:
    loose = [folder / "upper.stl", folder / "lower.stl"]
    _choose(desk, *loose)
    _parcel(desk, "upper.stl and 1 more", "QUEUED")
    desk.get_by_label("Each loose file is a case of its own").check()
    _choose(desk, *loose)
    expect(desk.locator(".aw-parcel[data-state=QUEUED]")).to_have_count(3)
    assert sorted(one.files.count() for one in Delivery.objects.all()) == [1, 1, 2]


@pytest.fixture
def refusing(desk: Page) -> Iterator[list[str]]:
    """The server refuses the second file of a delivery until the list is emptied."""
    refused = ["/1"]

    def answer(route: Route) -> None:
        if any(route.request.url.endswith(one) for one in refused):
            route.fulfill(status=422, json={"code": "cut_short", "detail": "The file did not arrive whole."})
        else:
            route.continue_()

    desk.route(re.compile(r"/upload/[0-9a-f-]{36}/\d+$"), answer)
    yield refused
    desk.unroute_all(behavior="wait")


@pytest.fixture
def refusals_may_be_said(quiet_page: list[str]) -> Iterator[None]:
    """A browser writes every refusal on its console; ours are meant here."""
    yield
    quiet_page[:] = [line for line in quiet_page if "422 (Unprocessable" not in line]


def test_a_refused_file_is_tried_again(
    refusals_may_be_said: None, desk: Page, folder: Path, refusing: list[str]
) -> None:
    _choose(desk, folder / "upper.stl", folder / "lower.stl")
    _parcel(desk, "upper.stl", "problem")
    expect(desk.get_by_text("The file did not arrive whole.")).to_be_visible()
    refusing.clear()
    desk.get_by_role("button", name="Try again lower.stl").click()
    _parcel(desk, "upper.stl", "QUEUED")
    assert Delivery.objects.get().files.count() == 2


def test_a_case_goes_on_without_a_file_that_cannot_be_sent(
    refusals_may_be_said: None, desk: Page, folder: Path, refusing: list[str]
) -> None:
    _choose(desk, folder / "upper.stl", folder / "lower.stl")
    desk.get_by_role("button", name="Go on without the rest").click()
    _parcel(desk, "upper.stl", "QUEUED")
    read_all()
    _parcel(desk, "upper.stl", "PROCESSED")
    expect(desk.locator(".aw-file-row[data-state=reject]", has_text="never arrived")).to_be_visible()


def test_an_upload_is_stopped(refusals_may_be_said: None, desk: Page, folder: Path, refusing: list[str]) -> None:
    _choose(desk, folder / "upper.stl", folder / "lower.stl")
    desk.get_by_role("button", name=re.compile("^Stop")).click()
    _parcel(desk, "upper.stl", "REJECTED")
    expect(desk.get_by_text("Stopped by the person who sent it.")).to_be_visible()


def test_a_closed_tab_loses_nothing_that_arrived(
    refusals_may_be_said: None, desk: Page, folder: Path, refusing: list[str]
) -> None:
    _choose(desk, folder / "upper.stl", folder / "lower.stl")
    _parcel(desk, "upper.stl", "problem")
    desk.goto("about:blank")
    Delivery.objects.update(heard_at=timezone.now() - timedelta(minutes=3))
    sweep_jobs()
    read_all()
    desk.go_back()
    _parcel(desk, "upper.stl", "PROCESSED")
    assert Case.objects.get().scans.count() == 1


def test_a_reload_shows_what_was_sent_before(desk: Page, export: Path) -> None:
    _choose(desk, export)
    _parcel(desk, export.name, "QUEUED")
    desk.reload()
    _parcel(desk, export.name, "QUEUED")
    read_all()
    _parcel(desk, export.name, "PROCESSED")


def test_steps_of_the_background_job_are_shown(desk: Page, export: Path) -> None:
    _choose(desk, export)
    _parcel(desk, export.name, "QUEUED")
    Job.objects.update(state=Job.State.RUNNING, attempts=2, steps_done=1, steps_total=2)
    expect(desk.get_by_text("Step 1 of 2 · attempt 2")).to_be_visible()
    assert desk.locator(".aw-bar progress").evaluate("bar => bar.value / bar.max") == 0.5


def test_the_page_is_for_everybody(desk: Page, export: Path, folder: Path, tmp_path: Path) -> None:
    """Light, dark and on a phone: nothing cut off, nothing that axe finds; and it works without a mouse."""
    _choose(desk, export)
    _parcel(desk, export.name, "QUEUED")
    read_all()
    _parcel(desk, export.name, "PROCESSED")
    desk.evaluate(DROP, ["a-very-long-name-of-a-file-as-scanners-like-to-give-them-2026-11-24-0815.stl", "no mesh"])
    expect(desk.locator(".aw-parcel[data-state=QUEUED]")).to_have_count(1)
    assert faults_in_every_mode(desk, tmp_path) == []
    assert axe_in_every_mode(desk) == []


def test_what_is_all_here_is_finished_although_the_answer_was_lost(
    quiet_page: list[str], desk: Page, export: Path
) -> None:
    lost = [True]

    def answer(route: Route) -> None:
        if lost:
            lost.pop()
            route.abort()
        else:
            route.continue_()

    desk.route("**/finish", answer)
    _choose(desk, export)
    _parcel(desk, export.name, "QUEUED")
    expect(desk.locator("#error")).to_be_hidden()
    assert lost == []
    quiet_page[:] = [line for line in quiet_page if "ERR_FAILED" not in line]


def test_a_file_is_chosen_by_keyboard(desk: Page, export: Path) -> None:
    desk.get_by_label("Choose files").focus()
    with desk.expect_file_chooser() as chooser:
        desk.keyboard.press("Enter")
    chooser.value.set_files(export)
    _parcel(desk, export.name, "QUEUED")
