"""A receptionist clears the queue in a real browser."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Patient
from scans.models import Case
from scans.services.demo import ensure_clinic, import_exports

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = Path(__file__).parent / "pictures"


@pytest.fixture
def desk(live_server: LiveServer, page: Page, tmp_path: Path) -> Page:
    """The demo clinic, with the front desk logged in at the queue."""
    call_command("setup_archway", verbosity=0)
    clinic, passwords = ensure_clinic(tmp_path / "passwords.json")
    outcomes = import_exports(clinic, lambda done, total: None, faces=6_000)
    assert [
        (outcome.label, outcome.delivery.state) for outcome in outcomes if outcome.delivery.cases.count() != 1
    ] == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/admin/scans/pendingcase/")
    page.get_by_label("Username").fill("frontdesk")
    page.get_by_label("Password").fill(passwords["frontdesk"])
    page.get_by_role("button", name="Log in").click()
    return page


def _waiting(page: Page) -> int:
    return int(page.locator(".aw-tabs [aria-current] .aw-count").inner_text())


def _show_all_pictures(page: Page) -> int:
    pictures = page.locator(".aw-row img")
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('.aw-row img')].every(one => one.naturalWidth > 0)")
    return pictures.count()


def test_the_queue_is_cleared_by_hand(desk: Page) -> None:
    expect(desk.get_by_role("heading", name="Waiting cases")).to_be_visible()
    assert _waiting(desk) == 5

    # The namesake whose birth date the receptionist knows.
    desk.get_by_role("link", name="Anna Kowalska", exact=True).click()
    second = desk.locator("article", has_text="A-1005")
    second.get_by_role("button", name="File under this patient").click()
    expect(desk.get_by_text("Filed under Kowalska, Anna.")).to_be_visible()
    assert Case.objects.get(patient__chart_number="A-1005").decided_by.username == "frontdesk"

    # A stranger becomes a patient, with what the scanner sent filled in.
    desk.get_by_role("link", name="Waiting cases").click()
    desk.get_by_role("link", name="Bartholomew Quennell", exact=True).click()
    desk.get_by_text("New patient", exact=True).click()
    expect(desk.get_by_label("Last name")).to_have_value("Quennell")
    desk.get_by_role("button", name="Create patient and file").click()
    assert Patient.objects.get(last_name="Quennell").cases.count() == 1

    # A test scan is rejected with a reason, and put back again.
    desk.get_by_role("link", name="Waiting cases").click()
    desk.get_by_role("link", name="Test, Patient", exact=True).click()
    desk.locator("summary", has_text="Reject").click()
    desk.locator("details", has_text="Reject this case").get_by_label("Reason").select_option("Test scan")
    desk.get_by_role("button", name="Reject this case").click()
    desk.get_by_role("link", name="Waiting cases").click()
    assert _waiting(desk) == 2
    desk.get_by_role("link", name="Rejected").click()
    desk.get_by_role("link", name="Test, Patient", exact=True).click()
    desk.get_by_role("button", name="Put back into the queue").click()
    expect(desk.get_by_text("Back in the queue.")).to_be_visible()


def test_search_types_and_other_patients(desk: Page) -> None:
    desk.get_by_label("Name, chart number or order").fill("feldb")
    desk.get_by_role("button", name="Search").click()
    assert desk.locator(".aw-row").count() == 1
    assert "feldb" not in desk.url

    desk.get_by_role("link", name="Feldbacher, Jonas", exact=True).click()
    desk.get_by_label("Type").first.select_option("SCAN_OTHER")
    desk.get_by_role("button", name="Save types").click()
    expect(desk.get_by_text("other (chosen)")).to_be_visible()

    desk.get_by_text("Another patient", exact=True).click()
    desk.get_by_label("Name in any order, or chart number").fill("elena march")
    desk.get_by_role("button", name="Search").click()
    desk.locator("article", has_text="A-1001").get_by_role("button", name="File under this patient").click()
    assert Case.objects.get(received_last_name="Feldbacher").patient.chart_number == "A-1001"


def test_every_picture_is_shown_and_nothing_is_cut_off_on_a_phone(desk: Page) -> None:
    assert _show_all_pictures(desk) == 11
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_readme_shows_the_queue_as_it_is(desk: Page) -> None:
    """Takes the README's picture when it is missing: delete it to renew it."""
    picture = PICTURES / "queue.png"
    if not picture.exists():
        PICTURES.mkdir(exist_ok=True)
        _show_all_pictures(desk)
        desk.evaluate("scrollTo(0, 0)")
        desk.screenshot(path=picture, full_page=True)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "tests/e2e/pictures/queue.png" in Path("README.md").read_text(encoding="utf-8")
