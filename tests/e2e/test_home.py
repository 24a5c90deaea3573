"""The home page in a real browser: what a receptionist sees in the morning, for everybody and on every screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from integrations.models import ScannerIntegration
from tests.e2e.axe_modes import axe_in_every_mode
from tests.e2e.seeing import faults_in_every_mode
from tests.made import World, hand_over, itero_zip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _come_in(page: Page, live_server: LiveServer, who: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(f"{who}-password")
    page.get_by_role("button", name="Log in").click()


@pytest.fixture
def busy(world: World) -> None:
    """A morning: two cases wait, one file was refused, a scanner is not connected yet."""
    for number, name in enumerate(("Marsh, Jane", "Kowalska, Anna"), start=1):
        hand_over(world.ours, itero_zip(str(number), name, seed=number), user=world.owner)
    hand_over(world.ours, {"report.stl": b"this is no mesh"}, user=world.owner)
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")


def test_what_needs_a_person_first_is_one_click_away(
    live_server: LiveServer, world: World, busy: None, page: Page
) -> None:
    _come_in(page, live_server, "owner")
    expect(page.get_by_role("link", name="2 waiting")).to_be_visible()
    page.get_by_role("link", name="Marsh, Jane").click()
    expect(page.get_by_role("heading", name="Marsh, Jane").first).to_be_visible()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Send scans").click()
    expect(page.get_by_role("heading", name="Send scans")).to_be_visible()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_text("All lists").click()
    expect(page.get_by_role("link", name="Deliveries", exact=True)).to_be_visible()


def test_the_page_is_for_everybody(
    live_server: LiveServer, world: World, busy: None, page: Page, tmp_path: Path
) -> None:
    _come_in(page, live_server, "imaging")
    expect(page.get_by_role("heading", name="Scanners")).to_be_visible()
    for picture in page.locator(".aw-first img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 320)
    assert faults_in_every_mode(page, tmp_path) == []
    assert axe_in_every_mode(page) == []


def test_an_empty_clinic_is_for_everybody_too(
    live_server: LiveServer, world: World, page: Page, tmp_path: Path
) -> None:
    _come_in(page, live_server, "imaging")
    expect(page.get_by_role("heading", name="No scans yet")).to_be_visible()
    assert faults_in_every_mode(page, tmp_path) == []
    assert axe_in_every_mode(page) == []
