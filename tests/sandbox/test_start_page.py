"""Whoever looks at a demonstration can make something happen on the start page."""

import http.cookiejar
import re
import urllib.request
from urllib.parse import urlencode

import pytest

from integrations.sandbox.remote import Sandbox
from tests.sandbox.partner import Partner


class Person:
    def __init__(self, sandbox: Sandbox) -> None:
        self._address = sandbox.address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._form = re.search(r'name="form" value="([^"]+)"', self._open(None))[1]

    def press(self, **fields: str) -> str:
        return self._open(urlencode({"form": self._form, **fields}).encode())

    def _open(self, data: bytes | None) -> str:
        with self._opener.open(self._address, data, timeout=60) as answer:
            return answer.read().decode()


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    return Person(sandbox)


def test_a_button_scans_somebody_new(sandbox: Sandbox, person: Person) -> None:
    page = person.press(do="new")
    (order,) = sandbox.orders()
    assert f"<td>{order['rxId']}</td>" in page
    assert order["patient"]["lastName"] in page


def test_a_button_scans_somebody_again(sandbox: Sandbox, person: Person) -> None:
    rx_id = sandbox.add_order()
    before = sandbox.orders()[0]["artefacts"]["sha256"]
    person.press(do="rescan", rx_id=rx_id)
    assert sandbox.orders()[0]["artefacts"]["sha256"] != before


def test_a_button_completes_what_is_in_progress(sandbox: Sandbox, person: Person) -> None:
    rx_id = sandbox.add_order(status="InProgress")
    person.press(do="complete", rx_id=rx_id)
    assert sandbox.orders()[0]["status"] == "Ready"


def test_another_site_presses_no_button(sandbox: Sandbox, person: Person) -> None:
    assert Partner.ask("POST", sandbox.address, form={"do": "new", "form": "guessed"}).status == 302
    person.press(do="new", form="guessed")
    person.press(do="rescan", rx_id="4711")
    assert sandbox.orders() == []
