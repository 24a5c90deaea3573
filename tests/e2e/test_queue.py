"""A receptionist clears the demo clinic's queue with the mouse, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Patient
from scans.models import Case
from tests.e2e.desk import open_demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(live_server: LiveServer, page: Page, tmp_path: Path) -> Page:
    """The demo clinic, with the front desk logged in at the queue."""
    open_demo(page, live_server.url, tmp_path)
    page.get_by_role("link", name="Open the queue").click()
    expect(page.locator(".aw-queue[data-state=ready]")).to_be_visible()
    return page


def _waiting(page: Page) -> int:
    return int(page.locator(".aw-tabs [aria-current] .aw-count").inner_text())


def _open(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def _to_the_queue(page: Page) -> None:
    page.get_by_role("link", name="Waiting cases", exact=True).click()


def test_the_queue_is_cleared_by_hand(desk: Page) -> None:
    assert _waiting(desk) == 5

    # The namesake whose birth date the receptionist knows.
    _open(desk, "Anna Kowalska")
    desk.get_by_text("A-1005").first.click()
    desk.get_by_role("button", name="File under Kowalska, Anna").locator("visible=true").click()
    expect(desk.get_by_text("Filed under Kowalska, Anna.")).to_be_visible()
    assert Case.objects.get(patient__chart_number="A-1005").decided_by.username == "frontdesk"

    # A stranger becomes a patient, with what the scanner sent filled in.
    _to_the_queue(desk)
    _open(desk, "Bartholomew Quennell")
    desk.locator("summary", has_text="New patient").click()
    expect(desk.get_by_label("Last name")).to_have_value("Quennell")
    desk.get_by_role("button", name="Create patient and file").click()
    expect(desk.get_by_text("Patient created")).to_be_visible()
    assert Patient.objects.get(last_name="Quennell").cases.count() == 1

    # A test scan is rejected with a reason, and put back again.
    _to_the_queue(desk)
    _open(desk, "Test, Patient")
    desk.locator("summary", has_text="Reject").click()
    desk.locator("#reject").get_by_label("Reason").select_option("TEST_SCAN")
    desk.get_by_role("button", name="Reject this case").click()
    _to_the_queue(desk)
    assert _waiting(desk) == 2
    desk.get_by_role("link", name="Rejected").click()
    _open(desk, "Test, Patient")
    desk.get_by_role("button", name="Put back into the queue").click()
    expect(desk.get_by_text("Back in the queue.")).to_be_visible()


def test_every_picture_is_shown_and_nothing_is_cut_off_on_a_phone(desk: Page) -> None:
    pictures = desk.locator("[data-row] img")
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
    desk.wait_for_function("[...document.querySelectorAll('[data-row] img')].every(one => one.naturalWidth > 0)")
    assert pictures.count() == 11
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
