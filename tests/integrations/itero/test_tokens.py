"""Tokens: renewed by one caller however many ask, stored before they are used, and lost only with clear words."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from integrations.errors import ConnectorError, Reconnect, TryLater
from integrations.http import ANSWER_LIMIT_S, TIMEOUT_S
from integrations.models import ScannerIntegration
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting
from integrations.services.keys import forget, store_secrets
from integrations.services.tokens import HOLD, access_token
from patients.audit import Actor
from tests.integrations.clouds import fresh, look, put_order
from tests.made import World

CALLERS = 20


def _expire_here(connected: ScannerIntegration) -> None:
    stored = fresh(connected).credentials
    old = {**stored, "expires_at": (timezone.now() - timedelta(minutes=1)).isoformat()}
    ScannerIntegration.objects.filter(pk=connected.pk).update(credentials=old)


def test_a_good_token_costs_no_call(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.forget_calls()
    assert access_token(connected.pk, connected.link) == connected.credentials["access_token"]
    assert sandbox.calls() == {}


def test_an_expired_token_is_renewed_after_discovery(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    _expire_here(connected)
    sandbox.forget_calls()
    new = access_token(connected.pk, connected.link)
    assert sandbox.calls() == {"discovery": 1, "refresh": 1}
    after = fresh(connected)
    assert after.credentials["access_token"] == new != connected.credentials["access_token"]
    assert after.credentials["refresh_token"] != connected.credentials["refresh_token"]
    assert after.token_version == connected.token_version + 1


@pytest.mark.django_db(transaction=True)
def test_twenty_callers_renew_once(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    _expire_here(connected)
    sandbox.forget_calls()
    with ThreadPoolExecutor(CALLERS) as pool:
        tokens = set(pool.map(_ask, [connected] * CALLERS))
    assert sandbox.calls()["refresh"] == 1
    assert tokens == {fresh(connected).credentials["access_token"]}


@pytest.mark.django_db(transaction=True)
def test_twenty_callers_who_were_refused_renew_once(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    refused = connected.credentials["access_token"]
    sandbox.forget_calls()
    with ThreadPoolExecutor(CALLERS) as pool:
        tokens = set(pool.map(_ask, [connected] * CALLERS, [refused] * CALLERS))
    assert sandbox.calls()["refresh"] == 1
    assert refused not in tokens
    assert len(tokens) == 1


def _ask(connected: ScannerIntegration, rejected: str = "") -> str:
    try:
        return access_token(connected.pk, connected.link, rejected)
    finally:
        database.close()


def test_a_401_in_the_middle_renews_and_goes_on(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    sandbox.expire_tokens()
    sandbox.forget_calls()
    assert look(connected).taken == 1
    assert sandbox.calls()["refresh"] == 1


def test_a_lost_grant_asks_for_a_person(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.revoke_grants()
    run = look(connected)
    assert (run.state, run.code) == ("FAILED", "grant_lost")
    after = fresh(connected)
    assert after.state == "RECONNECT"
    assert "connect again" in after.last_error


def test_a_connection_that_is_lost_is_not_tried_for_ever(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.revoke_grants()
    look(connected)
    sandbox.forget_calls()
    with pytest.raises(Reconnect):
        access_token(connected.pk, connected.link)
    assert sandbox.calls() == {}


def test_a_fault_of_the_cloud_loses_nothing(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    _expire_here(connected)
    sandbox.fault("server_error", "refresh")
    with pytest.raises(TryLater):
        access_token(connected.pk, connected.link)
    after = fresh(connected)
    assert (after.state, after.refreshing) == ("CONNECTED", None)
    assert access_token(connected.pk, connected.link)


def test_an_answer_that_never_arrived_does_not_lose_the_grant(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    """The cloud has made new tokens, and the line breaks before they are here."""
    _expire_here(connected)
    sandbox.fault("cut_body", "refresh")
    with pytest.raises(TryLater):
        access_token(connected.pk, connected.link)
    assert access_token(connected.pk, connected.link)


def test_who_died_while_renewing_is_succeeded(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    _expire_here(connected)
    long_ago = timezone.now() - timedelta(seconds=1)
    ScannerIntegration.objects.filter(pk=connected.pk).update(refreshing=connected.uuid, refresh_until=long_ago)
    assert access_token(connected.pk, connected.link)


def test_a_hold_outlasts_what_a_renewal_may_take() -> None:
    longest_exchange_s = sum(TIMEOUT_S) + ANSWER_LIMIT_S + TIMEOUT_S[1]
    assert timedelta(seconds=2 * longest_exchange_s) < HOLD


@pytest.fixture
def renewing(connected: ScannerIntegration, sandbox: Sandbox) -> Iterator["Future[str]"]:
    """A renewal whose answer takes its time; it is under way when the test begins."""
    _expire_here(connected)
    sandbox.forget_calls()
    sandbox.fault("slow_body", "refresh", pieces=2, pause_s=1.0)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_ask, connected)
        while not sandbox.calls().get("refresh"):
            assert not asked.done()
        yield asked


@pytest.mark.django_db(transaction=True)
def test_secrets_entered_during_a_renewal_stay_and_so_do_the_new_tokens(world: World, connected, renewing) -> None:
    store_secrets(connected, {"client_secret": "entered just now"}, actor=Actor.of(world.imaging))
    token = renewing.result()
    stored = fresh(connected).credentials
    assert (stored["client_secret"], stored["access_token"]) == ("entered just now", token)
    assert stored["refresh_token"] != connected.credentials["refresh_token"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["disconnect", "forget"])
def test_a_renewal_does_not_bring_back_what_a_person_ended(world: World, connected, renewing, deed: str) -> None:
    end = connecting.disconnect if deed == "disconnect" else forget
    end(connected, actor=Actor.of(world.imaging))
    with pytest.raises(ConnectorError):
        renewing.result()
    after = fresh(connected)
    assert after.state == "NEW"
    assert "refresh_token" not in (after.credentials or {})


def test_who_has_seen_the_connection_before_it_was_changed_gets_no_token(world: World, connected) -> None:
    seen = fresh(connected)
    forget(connected, actor=Actor.of(world.imaging))
    with pytest.raises(TryLater):
        access_token(seen.pk, seen.link)
