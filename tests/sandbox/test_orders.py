"""Orders come in pages, oldest change first, each with what is needed to fetch its scans."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.sandbox.partner import Partner

FIVE = 5


@pytest.fixture
def orders(partner: Partner) -> list[str]:
    return [partner.sandbox.add_order(silent=True) for _ in range(FIVE)]


def _pages(partner: Partner, query: str = "pageSize=2") -> list[list[dict[str, Any]]]:
    pages, token = [], ""
    while token is not None:
        answer = partner.call("GET", f"/orders?{query}&pageToken={token}").json
        pages.append(answer["orders"])
        token = answer["nextPageToken"]
    return pages


def _ids(pages: list[list[dict[str, Any]]]) -> list[str]:
    return [order["rxId"] for page in pages for order in page]


def test_pages_hold_every_order_once_oldest_change_first(partner: Partner, orders: list[str]) -> None:
    pages = _pages(partner)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert _ids(pages) == orders
    moments = [datetime.fromisoformat(order["updatedAt"]) for page in pages for order in page]
    assert moments == sorted(moments)
    assert all(moment.tzinfo for moment in moments)


def test_a_full_last_page_is_the_last(partner: Partner, orders: list[str]) -> None:
    assert [len(page) for page in _pages(partner, f"pageSize={FIVE}")] == [FIVE]


def test_since_is_inclusive(partner: Partner, orders: list[str]) -> None:
    third = _pages(partner)[1][0]
    assert _ids(_pages(partner, f"updatedSince={quote(third['updatedAt'])}")) == orders[2:]


def test_an_order_looks_as_agreed_upon_in_a_list_and_alone(partner: Partner) -> None:
    person = {"firstName": "Zoë", "lastName": "Quackenbush", "chartNumber": "B-7"}
    rx_id = partner.sandbox.add_order(person)
    order = partner.call("GET", f"/orders/{rx_id}").json
    assert order == partner.call("GET", "/orders").json["orders"][0]
    assert order["patient"] == person
    assert (order["status"], order["caseType"], order["orderCode"]) == ("Ready", "Study Model", f"{rx_id}-A")
    assert order["artefacts"]["fileName"] == f"OrthoCAD_Export_{rx_id}.zip"
    assert len(order["artefacts"]["sha256"]) == 64


def test_an_order_in_progress_has_no_scans_until_it_is_complete(partner: Partner) -> None:
    rx_id = partner.sandbox.add_order(status="InProgress")
    before = partner.call("GET", f"/orders/{rx_id}").json
    assert (before["status"], before["artefacts"]) == ("InProgress", None)
    assert partner.call("GET", f"/orders/{rx_id}/scan").status == 404
    assert _ids(_pages(partner, "status=Ready")) == []
    partner.sandbox.complete(rx_id)
    after = partner.call("GET", f"/orders/{rx_id}").json
    assert after["updatedAt"] > before["updatedAt"]
    assert partner.call("GET", f"/orders/{rx_id}/scan").status == 200


def test_a_rescan_is_the_same_order_with_other_content_at_the_end_of_the_list(
    partner: Partner, orders: list[str]
) -> None:
    before = partner.call("GET", f"/orders/{orders[0]}").json
    partner.sandbox.rescan(orders[0])
    after = partner.call("GET", f"/orders/{orders[0]}").json
    assert after["artefacts"]["sha256"] != before["artefacts"]["sha256"]
    assert after["updatedAt"] > before["updatedAt"]
    assert after["patient"] == before["patient"]
    assert _ids(_pages(partner)) == [*orders[1:], orders[0]]


def test_another_practice_s_order_is_unknown(partner: Partner) -> None:
    rx_id = partner.sandbox.add_order(accountId="1002")
    assert partner.call("GET", "/orders").json["orders"] == []
    for path in ("", "/scan"):
        assert partner.call("GET", f"/orders/{rx_id}{path}").json == {"error": "not_found"}
    assert partner.call("GET", "/orders/4711").json == {"error": "not_found"}


@pytest.mark.parametrize(
    "query", ["updatedSince=yesterday", "updatedSince=2026-01-01T00:00:00", "pageToken=!", "pageSize=0", "pageSize=101"]
)
def test_a_query_that_makes_no_sense_is_refused(partner: Partner, query: str) -> None:
    assert partner.call("GET", f"/orders?{query}").status == 400
