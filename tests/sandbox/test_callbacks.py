"""Whoever asked is told of every complete scan, with a signature over time and body."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.sandbox.partner import Partner

SECRET = "made up for this test"


class Receiver(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def told(partner: Partner, receiver: Receiver) -> Partner:
    """A partner that asked to be told."""
    address = f"http://127.0.0.1:{receiver.server_port}/hook"
    assert partner.call("PUT", "/callbacks", body={"url": address, "secret": SECRET}).status == 204
    return partner


def _is_signed(headers: dict[str, str], body: bytes) -> bool:
    signed = headers["X-Callback-Timestamp"].encode() + b"." + body
    return headers["X-Callback-Signature"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


def test_a_complete_order_is_told_signed_and_with_the_time(told: Partner, receiver: Receiver) -> None:
    rx_id = told.sandbox.add_order(status="InProgress")
    assert told.sandbox.callbacks() == []
    told.sandbox.complete(rx_id)
    (sent,) = told.sandbox.callbacks()
    ((headers, body),) = receiver.got
    assert json.loads(body) == {"eventId": sent["eventId"], "rxId": rx_id, "event": "scan.ready"}
    assert sent["status"] == 202
    assert _is_signed(headers, body)
    assert abs(time.time() - int(headers["X-Callback-Timestamp"])) < 60


def test_new_orders_and_rescans_are_told_by_themselves(told: Partner, receiver: Receiver) -> None:
    rx_id = told.sandbox.add_order()
    told.sandbox.rescan(rx_id)
    told.sandbox.add_order(silent=True)
    assert [sent["rxId"] for sent in told.sandbox.callbacks()] == [rx_id, rx_id]
    assert len({json.loads(body)["eventId"] for _, body in receiver.got}) == 2


def test_one_event_can_come_five_times(told: Partner, receiver: Receiver) -> None:
    event_id = told.sandbox.notify("30190001", times=5)
    told.sandbox.callbacks()
    assert [json.loads(body)["eventId"] for _, body in receiver.got] == [event_id] * 5


def test_a_forged_and_an_old_notice_can_be_ordered(told: Partner, receiver: Receiver) -> None:
    told.sandbox.notify("30190001", forged=True)
    told.sandbox.notify("30190001", age_s=3600)
    told.sandbox.callbacks()
    (forged, old) = receiver.got
    assert not _is_signed(*forged)
    assert _is_signed(*old)
    assert time.time() - int(old[0]["X-Callback-Timestamp"]) >= 3600


def test_nobody_is_told_after_the_request_is_taken_back(told: Partner, receiver: Receiver) -> None:
    assert told.call("DELETE", "/callbacks").status == 204
    told.sandbox.add_order()
    assert told.sandbox.callbacks() == []
    assert receiver.got == []


@pytest.mark.parametrize("url", ["http://192.0.2.1/hook", "http://example.org/hook", "file:///etc/hosts", ""])
def test_the_sandbox_calls_this_machine_only(partner: Partner, url: str) -> None:
    assert partner.call("PUT", "/callbacks", body={"url": url, "secret": SECRET}).status == 400


def test_a_receiver_that_is_away_is_noted(told: Partner, receiver: Receiver) -> None:
    address = "http://127.0.0.1:9/hook"
    assert told.call("PUT", "/callbacks", body={"url": address, "secret": SECRET}).status == 204
    told.sandbox.notify("30190001")
    assert [sent["status"] for sent in told.sandbox.callbacks()] == [0]
