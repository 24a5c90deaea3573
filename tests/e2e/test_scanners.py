"""An imaging admin connects a scanner in a real browser, through the pages of a cloud that asks for consent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from integrations.models import ScannerIntegration, SyncRun
from integrations.sandbox.options import PASSWORD, Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import process
from integrations.services import runs
from tests.e2e.seeing import faults_in_every_mode
from tests.integrations.clouds import put_order, read_all
from tests.made import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox(live_server: LiveServer, settings) -> Iterator[Sandbox]:
    redirect = f"{live_server.url}/api/imaging/3d/itero/auth/callback"
    with process(Options(redirect_uris=(redirect,))) as sandbox:
        host = sandbox.address.removeprefix("http://")
        address = {"base_url": sandbox.address, "oauth_base": sandbox.address, "hosts": [host]}
        settings.ARCHWAY_CLOUDS = {"ITERO": address}
        settings.ARCHWAY_PUBLIC_URL = live_server.url
        yield sandbox


@pytest.fixture
def office(live_server: LiveServer, world: World, page: Page) -> Page:
    """The imaging admin, logged in, at the list of connections."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/admin/integrations/scannerintegration/")
    page.get_by_label("Username").fill("imaging")
    page.get_by_label("Password").fill("imaging-password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="No scanner is connected yet")).to_be_visible()
    return page


def _add(office: Page, scanner: str) -> None:
    office.get_by_role("link", name="Add a scanner").click()
    office.get_by_label("Scanner:", exact=True).select_option(scanner)
    office.get_by_role("button", name="Add this scanner").click()
    expect(office.get_by_text("Added. Now enter what this scanner needs.")).to_be_visible()


def _set_up(office: Page, sandbox: Sandbox) -> None:
    _add(office, "iTero")
    office.get_by_label("Client id").fill(sandbox.options.client_id)
    office.get_by_label("Client secret").fill(sandbox.options.client_secret)
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("Saved.")).to_be_visible()
    expect(office.get_by_label("Client secret")).to_have_value("")


def _consent(office: Page, sandbox: Sandbox) -> None:
    office.get_by_role("link", name=re.compile(r"^Connect")).click()
    expect(office).to_have_url(re.compile(f"^{sandbox.address}/oauth/login"))
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Log in").click()
    office.get_by_role("button", name="Allow", exact=True).click()
    expect(office.get_by_role("heading", name="Choose the account")).to_be_visible()


def _choose(office: Page) -> None:
    office.get_by_label("Sandbox Dental, Main Street").check()
    office.get_by_role("button", name="Use this account").click()
    expect(office.get_by_text("Connected. From now on scans come by themselves.")).to_be_visible()


def _sync(office: Page) -> None:
    """The worker's part is done here, as a worker does it."""
    office.get_by_role("button", name="Sync now").click()
    expect(office.get_by_text("under way")).to_be_visible()
    runs.run(SyncRun.objects.get().uuid)
    read_all()
    office.get_by_role("link", name="Load again").click()


def test_from_nothing_to_scans_that_come_by_themselves(office: Page, sandbox: Sandbox) -> None:
    put_order(sandbox, "5001", "Marsh")
    put_order(sandbox, "5002", "Boone", seed=2)
    _set_up(office, sandbox)
    _consent(office, sandbox)
    _choose(office)
    _sync(office)
    expect(office.get_by_text("Works")).to_be_visible()
    office.get_by_text("2 listed, 2 new").click()
    office.get_by_role("link", name="Open the case of order 5001").click()
    expect(office.get_by_role("heading", name="Which patient?")).to_be_visible()

    office.goto(office.url.split("/admin/")[0] + "/admin/integrations/scannerintegration/")
    office.get_by_role("link", name="Disconnect").click()
    expect(office.get_by_role("heading", name="Disconnect iTero?")).to_be_visible()
    office.get_by_role("button", name="Disconnect").click()
    expect(office.get_by_text("Disconnected. No scans come from here now.")).to_be_visible()
    assert ScannerIntegration.objects.get().state == "NEW"


def test_who_says_no_in_the_cloud_is_back_and_reads_so(office: Page, sandbox: Sandbox) -> None:
    _set_up(office, sandbox)
    office.get_by_role("link", name=re.compile(r"^Connect")).click()
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Log in").click()
    office.get_by_role("button", name="Do not allow").click()
    expect(office.get_by_text("The cloud gave no access.")).to_be_visible()


def test_every_page_can_be_read_by_everybody(office: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    faults = _seen(office, tmp_path, "empty list")
    _add(office, "3Shape")
    office.get_by_label("Folder of the exports").fill("/exports/of/the/front/desk")
    office.get_by_role("button", name="Save").click()
    faults += _seen(office, tmp_path, "folder away")
    office.get_by_role("link", name="Scanner connections").click()
    faults += _seen(office, tmp_path, "add", office.get_by_role("link", name="Add a scanner").get_attribute("href"))
    office.go_back()
    put_order(sandbox, "5001", "Marsh")
    _set_up(office, sandbox)
    _consent(office, sandbox)
    faults += _seen(office, tmp_path, "choosing")
    _choose(office)
    sandbox.fault("broken_zip", "download")
    _sync(office)
    office.locator("summary").first.click()
    faults += _seen(office, tmp_path, "connected")
    office.get_by_role("link", name="Scanner connections").click()
    faults += _seen(office, tmp_path, "list")
    office.get_by_role("link", name="Disconnect iTero").click()
    faults += _seen(office, tmp_path, "confirm")
    assert faults == []


def _seen(office: Page, folder: Path, name: str, address: str | None = None) -> list[str]:
    if address:
        office.goto(office.url.split("/admin/")[0] + address)
    pictures = folder / name
    pictures.mkdir()
    return [f"{name}, {fault}" for fault in faults_in_every_mode(office, pictures)]
