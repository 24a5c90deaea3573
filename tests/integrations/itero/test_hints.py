"""The cloud calls: only with the right signature, once, and what it says is never taken for data."""

import hashlib
import hmac
import json
import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from integrations.models import CallbackEvent, ScannerIntegration, SyncRun
from integrations.sandbox.remote import Sandbox
from integrations.services import runs
from scans.models import Case
from tests.integrations.clouds import fresh, put_order, read_all

BODY: dict[str, object] = {"eventId": "e-1", "rxId": "701", "event": "scan.ready"}


def _call(connection: ScannerIntegration, body: dict[str, object] = BODY, *, age_s: int = 0, secret: str = ""):
    return _send(connection, json.dumps(body).encode(), age_s=age_s, secret=secret)


def _send(connection: ScannerIntegration, content: bytes, *, age_s: int = 0, secret: str = ""):
    moment = str(int(time.time()) - age_s)
    key = secret or fresh(connection).credentials["callback_secret"]
    signature = hmac.new(key.encode(), moment.encode() + b"." + content, hashlib.sha256).hexdigest()
    return APIClient().post(
        f"/api/imaging/3d/itero/hints/{connection.uuid}",
        content,
        content_type="application/json",
        headers={"X-Callback-Timestamp": moment, "X-Callback-Signature": signature},
    )


def _work() -> None:
    for run in SyncRun.objects.filter(state="QUEUED"):
        runs.run(run.uuid)
    read_all()


def test_a_call_brings_the_order_at_once(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    assert _call(connected).status_code == 204
    assert SyncRun.objects.get().reason == "CALLBACK"
    _work()
    assert Case.objects.get().order_id == "701"


def test_five_calls_about_one_order_are_one_case(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    for number in range(5):
        assert _call(connected, {**BODY, "eventId": f"e-{number}"}).status_code == 204
        _work()
    assert Case.objects.count() == 1
    assert sandbox.calls()["download"] == 1


def test_the_same_call_five_times_is_one_event(connected: ScannerIntegration) -> None:
    for _ in range(5):
        assert _call(connected).status_code == 204
    assert CallbackEvent.objects.count() == 1
    assert SyncRun.objects.count() == 1


@pytest.mark.parametrize(
    ("age_s", "secret"),
    [(0, "guessed"), (600, ""), (-600, ""), (-(10**4000), "")],
    ids=["forged", "replayed", "from the future", "from beyond numbers"],
)
def test_what_is_not_authentic_is_refused(connected: ScannerIntegration, age_s: int, secret: str) -> None:
    answer = _call(connected, age_s=age_s, secret=secret)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_connection")
    assert not SyncRun.objects.exists()
    assert not CallbackEvent.objects.exists()


@pytest.mark.parametrize("body", [b"{}", b"no json", b"[" * 60_000, b'{"eventId": "e-1", "rxId": "701"}'])
def test_without_a_signature_nothing_of_it_is_read(connected: ScannerIntegration, body: bytes) -> None:
    address = f"/api/imaging/3d/itero/hints/{connected.uuid}"
    answers = [APIClient().post(address, body, content_type=kind) for kind in ("application/json", "text/plain")]
    assert [answer.json()["code"] for answer in answers] == ["no_such_connection"] * 2


@pytest.mark.parametrize("body", [b"no json", b"[]", b"", b"[" * 60_000, b"\xff"])
def test_what_is_signed_and_no_json_is_refused(connected: ScannerIntegration, body: bytes) -> None:
    answer = _send(connected, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_json")
    assert not CallbackEvent.objects.exists()


@pytest.mark.parametrize("event", [{}, *({"eventId": value} for value in ("", None, [], "\0", "\ud800", "x" * 101))])
def test_a_call_that_names_no_event_is_refused(connected: ScannerIntegration, event: dict[str, object]) -> None:
    answer = _call(connected, {"rxId": "701", **event})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_event")
    assert not CallbackEvent.objects.exists()


@pytest.mark.parametrize("order", ["\ud800", "\0", 701, "x" * 5000])
def test_an_order_that_cannot_be_ours_is_a_hint_all_the_same(connected: ScannerIntegration, order: object) -> None:
    assert _call(connected, {**BODY, "rxId": order}).status_code == 204
    assert SyncRun.objects.get().reason == "CALLBACK"


def test_a_stranger_learns_nothing(connected: ScannerIntegration) -> None:
    unknown = APIClient().post(f"/api/imaging/3d/itero/hints/{uuid.uuid4()}", b"{}", content_type="application/json")
    forged = _call(connected, secret="guessed")
    ScannerIntegration.objects.update(is_active=False)
    switched_off = _call(connected)
    assert unknown.status_code == forged.status_code == switched_off.status_code == 404
    assert unknown.json() == forged.json() == switched_off.json()


def test_what_the_call_says_of_a_patient_is_not_believed(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    _call(connected, {**BODY, "patient": "Somebody Else"})
    _work()
    assert Case.objects.get().received_name == "Marsh, Jane"


def test_a_call_during_a_look_has_the_next_one_come_soon(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    runs.ask_for_due()
    looking = SyncRun.objects.get()
    runs.run(looking.uuid)
    SyncRun.objects.filter(pk=looking.pk).update(state="RUNNING", lease_until=timezone.now() + timedelta(minutes=1))
    put_order(sandbox, "701", "Marsh")
    assert _call(connected).status_code == 204
    SyncRun.objects.filter(pk=looking.pk).update(state="DONE", lease_until=None)
    assert runs.ask_for_due() == 1, "although it is not time yet"
    _work()
    assert Case.objects.get().order_id == "701"


def test_a_call_does_not_break_the_patience_that_the_cloud_asked_for(connected: ScannerIntegration) -> None:
    ScannerIntegration.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=5))
    assert _call(connected).status_code == 204
    assert not SyncRun.objects.exists()
    ScannerIntegration.objects.update(next_attempt_at=timezone.now())
    assert runs.ask_for_due() == 1


def test_the_order_of_a_call_is_asked_for_by_its_id(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    later = (timezone.now() + timedelta(days=1)).isoformat()
    ScannerIntegration.objects.update(cursor={"changed_at": later})
    _call(connected)
    _work()
    assert Case.objects.get().order_id == "701"
