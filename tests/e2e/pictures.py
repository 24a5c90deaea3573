"""Takes the README's pictures anew: `make pictures`. `test_pictures.py` holds what must be there."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page
from pytest_django.live_server_helper import LiveServer

from scans.models import Case
from tests.e2e.desk import open_demo
from tests.integrations.clouds import read_all
from tests.made import itero_zip, lower_stl

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parent / "pictures"
FACES = 24_000


def _take(page: Page, name: str) -> None:
    """The whole page, every picture loaded that it shows."""
    for picture in page.locator("img").locator("visible=true").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(one => one.complete || !one.checkVisibility())")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def _page_of(name: str) -> str:
    case = Case.objects.get(received_full_name=name)
    return f"/admin/scans/pendingcase/{case.uuid}/"


def test_pictures_of_every_page(live_server: LiveServer, page: Page, tmp_path: Path) -> None:
    address = open_demo(page, live_server.url, tmp_path, faces=FACES)
    _take(page, "home")
    page.goto(f"{address}/admin/scans/pendingcase/")
    _take(page, "queue")
    page.goto(address + _page_of("Anna Kowalska"))
    _take(page, "case")
    page.goto(address + _page_of("Anna Kowalska") + "viewer/")
    page.wait_for_selector("[data-state=ready]")
    _take(page, "viewer")
    page.goto(f"{address}/admin/scans/pendingcase/upload/")
    export = itero_zip("30184611", "Marsh, Elena")
    cut_off = {"lower_2.stl": lower_stl()[:90_000]}
    page.get_by_label("Choose files").set_input_files([_chosen(*file) for file in {**export, **cut_off}.items()])
    page.locator(".aw-parcel[data-state=QUEUED]").nth(1).wait_for()
    read_all()
    for state in ("PROCESSED", "REJECTED"):
        page.locator(f".aw-parcel[data-state={state}]").wait_for()
    _take(page, "upload")


def _chosen(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
