"""Every fault in the table does what it says, as often as ordered, to the operation it was ordered for."""

import io
import json
import random
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from integrations.sandbox.faults import FAULTS
from tests.made import zip_of
from tests.sandbox.partner import Answer, Partner

CONTENT = zip_of({"OrthoCAD_Export_1/1_shell_occlusion_u.stl": random.Random(7).randbytes(30_000)})
PATIENT = {"patient": {"lastName": "Quackenbush"}}

CALLS: dict[str, Callable[[Partner], Answer]] = {
    "list": lambda partner: partner.call("GET", "/orders"),
    "order": lambda partner: partner.call("GET", "/orders/1"),
    "download": lambda partner: partner.call("GET", "/orders/1/scan"),
    "refresh": lambda partner: partner.refresh(),
    "exchange": lambda partner: partner.exchange(partner.code()),
    "discovery": lambda partner: partner.call("GET", "/discovery"),
    "pairing": lambda partner: partner.call("GET", "/pairing/accounts"),
    "push": lambda partner: partner.call("POST", "/scan-requests", body=PATIENT),
}
"""One call of every operation."""

PAIRS = [(fault, operation) for fault in FAULTS for operation in sorted(FAULTS[fault].operations)]
ABOUT_TOKENS = ("expired_token", "revoked_grant")


@pytest.fixture
def ready(partner: Partner) -> Partner:
    partner.sandbox.add_order(rxId="1", content=CONTENT, silent=True)
    return partner


def _is_sound(operation: str, answer: Answer) -> bool:
    """What came is all that was promised."""
    if answer.status not in (200, 201) or answer.is_cut:
        return False
    if operation == "download":
        return answer.body == CONTENT
    try:
        found = answer.json
    except json.JSONDecodeError:
        return False
    if operation == "list":
        return [order["rxId"] for order in found["orders"]] == ["1"] and found["nextPageToken"] is None
    return "baseUrl" not in found or found["baseUrl"].startswith("http://127.0.0.1:")


def _is_whole_zip(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error):
        return False


@pytest.mark.parametrize("operation", CALLS)
def test_without_faults_every_operation_is_sound(ready: Partner, operation: str) -> None:
    assert _is_sound(operation, CALLS[operation](ready))


@pytest.mark.parametrize(("fault", "operation"), [pair for pair in PAIRS if pair[0] not in ABOUT_TOKENS])
def test_a_fault_strikes_as_often_as_ordered_and_then_is_over(ready: Partner, fault: str, operation: str) -> None:
    tokens = dict(ready.tokens)
    ready.sandbox.fault(fault, operation, times=2, pause_s=0.01)
    for _ in range(2):
        assert _is_sound(operation, CALLS[operation](ready)) is (fault == "slow_body")
        ready.tokens = dict(tokens)
    assert _is_sound(operation, CALLS[operation](ready))


@pytest.mark.parametrize("operation", sorted(FAULTS["expired_token"].operations))
def test_an_expired_token_is_refused_until_it_is_renewed(ready: Partner, operation: str) -> None:
    ready.sandbox.fault("expired_token", operation)
    answer = CALLS[operation](ready)
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert ready.refresh().status == 200
    assert _is_sound(operation, CALLS[operation](ready))


@pytest.mark.parametrize("operation", sorted(FAULTS["revoked_grant"].operations))
def test_a_revoked_grant_is_gone_for_good(ready: Partner, operation: str) -> None:
    ready.sandbox.fault("revoked_grant", operation)
    answer = CALLS[operation](ready)
    expected = (400, "invalid_grant") if operation == "refresh" else (401, "invalid_token")
    assert (answer.status, answer.json["error"]) == expected
    assert ready.refresh().json["error"] == "invalid_grant"
    assert ready.connect().call("GET", "/orders").status == 200


@pytest.mark.parametrize("when", ["7", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_too_many_requests_says_when_to_come_again(ready: Partner, when: str) -> None:
    ready.sandbox.fault("too_many_requests", "list", retry_after=when)
    answer = CALLS["list"](ready)
    assert (answer.status, answer.headers["Retry-After"]) == (429, when)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_has_the_status_that_was_ordered(ready: Partner, status: int) -> None:
    ready.sandbox.fault("server_error", "order", status=status)
    assert CALLS["order"](ready).status == status


def test_a_slow_body_takes_its_time_and_is_whole(ready: Partner) -> None:
    ready.sandbox.fault("slow_body", "download", pieces=4, pause_s=0.05)
    start = time.monotonic()
    answer = CALLS["download"](ready)
    assert time.monotonic() - start >= 0.2
    assert answer.body == CONTENT


def test_a_cut_body_ends_where_it_was_ordered_to_though_more_was_announced(ready: Partner) -> None:
    ready.sandbox.fault("cut_body", "download", share=0.25)
    answer = CALLS["download"](ready)
    assert answer.is_cut
    assert answer.body == CONTENT[: len(CONTENT) // 4]
    assert int(answer.headers["Content-Length"]) == len(CONTENT)


def test_a_cut_answer_to_a_refresh_does_not_lose_the_grant(ready: Partner) -> None:
    ready.sandbox.fault("cut_body", "refresh")
    assert ready.refresh().is_cut
    assert ready.refresh().status == 200
    assert ready.call("GET", "/orders").status == 200


def test_after_a_cut_the_rest_can_be_fetched(ready: Partner) -> None:
    ready.sandbox.fault("cut_body", "download", share=0.25)
    start = CALLS["download"](ready).body
    rest = ready.call("GET", "/orders/1/scan", headers={"Range": f"bytes={len(start)}-"})
    assert start + rest.body == CONTENT


@pytest.mark.parametrize(("by", "is_cut"), [(1000, True), (-1000, False)])
def test_a_wrong_length_is_off_by_what_was_ordered(ready: Partner, by: int, is_cut: bool) -> None:
    ready.sandbox.fault("wrong_length", "download", by=by)
    answer = CALLS["download"](ready)
    assert int(answer.headers["Content-Length"]) == len(CONTENT) + by
    assert answer.is_cut is is_cut


def test_a_truncated_zip_is_shorter_than_the_order_says_and_its_length_admits_it(ready: Partner) -> None:
    ready.sandbox.fault("truncated_zip", "download")
    answer = CALLS["download"](ready)
    assert answer.body == CONTENT[: len(CONTENT) // 2]
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert not _is_whole_zip(answer.body)


def test_a_broken_zip_has_the_right_length_and_the_wrong_content(ready: Partner) -> None:
    ready.sandbox.fault("broken_zip", "download")
    answer = CALLS["download"](ready)
    assert len(answer.body) == len(CONTENT)
    assert _is_whole_zip(CONTENT)
    assert not _is_whole_zip(answer.body)


def test_a_page_loop_leads_from_the_first_page_to_the_first_page(ready: Partner) -> None:
    ready.sandbox.fault("page_loop", "list", times=None)
    first = CALLS["list"](ready).json
    second = ready.call("GET", f"/orders?pageToken={first['nextPageToken']}").json
    assert second == first


def test_one_bad_item_stands_beside_the_good_ones(ready: Partner) -> None:
    ready.sandbox.fault("bad_item", "list")
    bad, good = CALLS["list"](ready).json["orders"]
    assert (bad["rxId"], bad["updatedAt"]) == (None, "yesterday")
    assert good["rxId"] == "1"


def test_bad_json_is_none(ready: Partner) -> None:
    ready.sandbox.fault("bad_json", "list")
    with pytest.raises(json.JSONDecodeError):
        _ = CALLS["list"](ready).json


def test_a_foreign_host_is_where_discovery_leads(ready: Partner) -> None:
    ready.sandbox.fault("foreign_host", "discovery", base_url="https://elsewhere.example/eu")
    assert CALLS["discovery"](ready).json["baseUrl"] == "https://elsewhere.example/eu"


def test_calls_that_are_to_pass_pass(ready: Partner) -> None:
    ready.sandbox.fault("server_error", "list", skip=2)
    assert [CALLS["list"](ready).status for _ in range(4)] == [200, 200, 500, 200]


def test_faults_strike_in_the_order_of_their_ordering_and_only_their_operation(ready: Partner) -> None:
    ready.sandbox.fault("server_error", "list")
    ready.sandbox.fault("too_many_requests", "list")
    assert CALLS["order"](ready).status == 200
    assert [CALLS["list"](ready).status for _ in range(3)] == [500, 429, 200]


def test_a_fault_without_end_lasts_until_it_is_cleared(ready: Partner) -> None:
    ready.sandbox.fault("server_error", "list", times=None)
    assert {CALLS["list"](ready).status for _ in range(3)} == {500}
    ready.sandbox.clear_faults()
    assert CALLS["list"](ready).status == 200


def test_calls_are_counted_by_operation(ready: Partner) -> None:
    ready.sandbox.forget_calls()
    for operation in ("refresh", "list", "list", "download"):
        CALLS[operation](ready)
    assert ready.sandbox.calls() == {"refresh": 1, "list": 2, "download": 1}


def test_every_fault_has_a_test_of_its_own() -> None:
    with open(__file__, encoding="utf-8") as source:  # noqa: PTH123 - this file
        text = source.read()
    assert [name for name in FAULTS if f'fault("{name}"' not in text] == []
