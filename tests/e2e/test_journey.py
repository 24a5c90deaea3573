"""A day at the front desk: a zip is sent, waits, is filed, taken back, filed under a new patient, looked at."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Patient
from scans.models import Case
from tests.integrations.clouds import read_all
from tests.made import World, itero_zip
from tests.services.deciding import someone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(live_server: LiveServer, world: World, page: Page) -> Page:
    """The front desk logs in and lands at home."""
    someone(world)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url)
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("owner-password")
    page.get_by_role("button", name="Log in").click()
    return page


def _send(desk: Page) -> None:
    desk.get_by_role("link", name="Send scans").first.click()
    [(name, content)] = itero_zip("4711", "Marsh, Jane").items()
    desk.get_by_label("Choose files").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    expect(desk.locator(".aw-parcel[data-state=QUEUED]")).to_be_visible()
    read_all()
    expect(desk.locator(".aw-parcel[data-state=PROCESSED]")).to_be_visible()


def test_from_a_zip_to_a_patient(desk: Page) -> None:
    _send(desk)
    desk.goto(re.sub("/admin/.*", "/admin/scans/pendingcase/", desk.url))
    expect(desk.locator(".aw-queue[data-state=ready]")).to_be_visible()

    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Filed under Marsh, Jane.")).to_be_visible()
    assert Case.objects.get().patient == Patient.objects.get()

    expect(desk.locator(".aw-queue[data-state=ready]")).to_be_visible()
    desk.keyboard.press("u")
    expect(desk.locator("[data-row]")).to_have_count(1)
    assert Case.objects.get().state == Case.State.PENDING

    desk.locator("[data-row] [data-open]").click()
    desk.get_by_label("Type").first.select_option("SCAN_OTHER")
    desk.get_by_role("button", name="Save types").click()
    expect(desk.get_by_text("other (chosen)")).to_be_visible()

    desk.keyboard.press("n")
    desk.get_by_label("First name").fill("Janet")
    desk.get_by_role("button", name="Create patient and file").click()
    expect(desk.get_by_text("Is it one of these?")).to_be_visible()
    desk.get_by_role("button", name="None of these: create the patient").click()
    expect(desk.get_by_text("Patient created, and the case filed under the new patient.")).to_be_visible()
    case = Case.objects.get()
    assert str(case.patient) == "Marsh, Janet"

    desk.goto(re.sub("/admin/.*", f"/admin/scans/pendingcase/{case.uuid}/viewer/", desk.url))
    expect(desk.locator("[data-scan-viewer][data-state=ready]")).to_be_visible()
