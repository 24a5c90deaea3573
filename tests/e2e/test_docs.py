"""The page that shows the API to developers: as strict as every other, and nothing of it comes from elsewhere."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.made import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_schema_can_be_browsed(live_server: LiveServer, world: World, page: Page) -> None:
    asked = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.goto(f"{live_server.url}/admin/login/?next=/api/docs")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("owner-password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("/api/imaging/3d/import", exact=True)).to_be_visible()
    page.get_by_role("button", name="POST /api/imaging/3d/import", exact=False).first.click()
    expect(page.get_by_text("Take a scan, several files of one case").first).to_be_visible()
    assert asked == {live_server.url.removeprefix("http://")}
