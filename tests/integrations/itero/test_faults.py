"""The fault matrix: whatever goes wrong where, every scan ends up here exactly once, or the state says what to do."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from integrations.models import ScannerIntegration, ScannerOrder
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting
from patients.audit import Actor
from scans.models import Case, Delivery
from tests.integrations.clouds import SESSION, fresh, look, put_order, returned
from tests.made import World

ORDERS = {"701": 1, "702": 2}
UNTIL_CLEARED = None


@dataclass(frozen=True)
class Row:
    """What a fault at an operation leads to. code: of the run, or of the order; "" where it is healed on the spot."""

    fault: str
    operation: str
    code: str
    needs_person: bool = False


# A zip is broken in a download only, a list alone turns in a circle or holds a bad entry; orders that change are in
# test_syncing, notices that come five times in test_hints, killed workers in tests/process/test_sync_kill.
MATRIX = [
    Row("expired_token", "list", ""),
    Row("expired_token", "download", ""),
    Row("revoked_grant", "list", "grant_lost", needs_person=True),
    Row("revoked_grant", "download", "grant_lost", needs_person=True),
    Row("revoked_grant", "refresh", "grant_lost", needs_person=True),
    Row("too_many_requests", "list", "too_many_calls"),
    Row("too_many_requests", "download", "too_many_calls"),
    Row("too_many_requests", "refresh", "too_many_calls"),
    Row("server_error", "list", "cloud_fault"),
    Row("server_error", "download", "cloud_fault"),
    Row("server_error", "refresh", "cloud_fault"),
    Row("slow_body", "list", ""),
    Row("slow_body", "download", ""),
    Row("slow_body", "refresh", ""),
    Row("cut_body", "list", "no_connection"),
    Row("cut_body", "download", "no_connection"),
    Row("cut_body", "refresh", "no_connection"),
    Row("truncated_zip", "download", "cut_off"),
    Row("broken_zip", "download", "broken_transfer"),
    Row("wrong_length", "list", "no_connection"),
    Row("wrong_length", "download", "no_connection"),
    Row("wrong_length", "refresh", "no_connection"),
    Row("page_loop", "list", "page_loop"),
    Row("bad_json", "list", "no_json"),
    Row("bad_json", "refresh", "no_tokens"),
    Row("bad_item", "list", "unexpected_answer"),
]


@pytest.fixture
def with_orders(connected: ScannerIntegration, sandbox: Sandbox) -> ScannerIntegration:
    for order, seed in ORDERS.items():
        put_order(sandbox, order, "Marsh", seed=seed)
    return connected


def _end_patience(connection: ScannerIntegration) -> None:
    """As if the time for the next attempt had come."""
    ScannerIntegration.objects.filter(pk=connection.pk).update(next_attempt_at=timezone.now())
    ScannerOrder.objects.update(next_attempt_at=None)


def _reconnect(connection: ScannerIntegration, sandbox: Sandbox, world: World) -> None:
    actor = Actor.of(world.imaging)
    address = connecting.start(fresh(connection), session_key=SESSION, actor=actor)
    waiting = connecting.finish(returned(sandbox.approve(address)), session_key=SESSION, actor=actor)
    connecting.choose(waiting, "1001", actor=actor)


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.fault}-{row.operation}")
def test_every_scan_exactly_once(world: World, with_orders: ScannerIntegration, sandbox: Sandbox, row: Row) -> None:
    if row.operation == "refresh":
        sandbox.expire_tokens()
    sandbox.fault(row.fault, row.operation, times=UNTIL_CLEARED if row.fault == "page_loop" else 1)
    run = look(with_orders)
    codes = {run.code, *run.items.values_list("code", flat=True)} - {""}
    assert codes == ({row.code} if row.code else set())
    assert (fresh(with_orders).state == "RECONNECT") is row.needs_person
    sandbox.clear_faults()
    if row.needs_person:
        _reconnect(with_orders, sandbox, world)
    for _ in range(3):
        _end_patience(with_orders)
        look(with_orders)
    assert sorted(Case.objects.values_list("order_id", "version")) == [("701", 1), ("702", 1)]
    assert Delivery.objects.count() == len(ORDERS)
    after = fresh(with_orders)
    assert (after.state, after.error_code) == ("CONNECTED", "")


def test_the_cloud_says_when_to_come_back(with_orders: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.fault("too_many_requests", "list", retry_after=600)
    look(with_orders)
    wait = (fresh(with_orders).next_attempt_at - timezone.now()).total_seconds()
    assert 500 < wait <= 600


def test_without_a_word_of_the_cloud_the_wait_doubles(with_orders: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.fault("server_error", "list", times=4)
    waits = []
    for _ in range(4):
        look(with_orders)
        waits.append(round((fresh(with_orders).next_attempt_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4, 8]


def test_a_cut_download_goes_on_where_it_ended(with_orders: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.fault("cut_body", "download")
    look(with_orders)
    sandbox.forget_calls()
    _end_patience(with_orders)
    look(with_orders)
    assert sandbox.calls()["download"] == 1
    assert Case.objects.count() == len(ORDERS)


def test_what_cannot_be_fetched_waits_and_keeps_its_reason(with_orders: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.fault("server_error", "download", times=1)
    look(with_orders)
    failed = ScannerOrder.objects.get(code="cloud_fault")
    assert failed.next_attempt_at > timezone.now()
    assert "fault of its own" in failed.message
    assert Case.objects.count() == 1
