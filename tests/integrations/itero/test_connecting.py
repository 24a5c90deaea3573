"""A person connects the cloud: their own browser, one use, one time, the exact address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.errors import ConnectorError, Misconfigured, Reconnect
from integrations.models import ConnectAttempt, ScannerIntegration
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting
from integrations.services.keys import store_secrets
from patients.audit import Actor
from patients.errors import Conflict, Refused
from patients.models import AuditEvent
from tests.integrations.clouds import SESSION, connect, consent, fresh, returned
from tests.made import World


def _start(connection: ScannerIntegration, world: World, session: str = SESSION) -> str:
    return connecting.start(connection, session_key=session, actor=Actor.of(world.imaging))


def _finish(answer, world: World, session: str = SESSION) -> ScannerIntegration:
    return connecting.finish(answer, session_key=session, actor=Actor.of(world.imaging))


def test_the_whole_way(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> None:
    waiting = consent(connection, sandbox, world.imaging)
    assert waiting.state == "CHOOSING"
    names = [account.name for account in connecting.accounts(waiting)]
    assert len(names) == 2
    connecting.choose(waiting, "1001", actor=Actor.of(world.imaging))
    done = fresh(connection)
    assert (done.state, done.account, done.account_name) == ("CONNECTED", "1001", names[0])
    assert done.base_url.startswith(sandbox.address)
    assert done.base_url != sandbox.address, "calls go to the region that discovery named"
    verbs = set(AuditEvent.objects.filter(subject_uuid=connection.uuid).values_list("verb", flat=True))
    assert {"integration.connect_started", "integration.consented", "integration.connected"} <= verbs


def test_tokens_from_before_the_pairing_are_void(
    world: World, sandbox: Sandbox, connection: ScannerIntegration
) -> None:
    before = dict(consent(connection, sandbox, world.imaging).credentials)
    connecting.choose(fresh(connection), "1001", actor=Actor.of(world.imaging))
    after = fresh(connection).credentials
    assert before["access_token"] != after["access_token"]
    assert before["refresh_token"] != after["refresh_token"]


def test_a_state_is_good_once(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> None:
    answer = returned(sandbox.approve(_start(connection, world)))
    _finish(answer, world)
    with pytest.raises(Refused, match="belongs to no connection"):
        _finish(answer, world)


def test_a_failed_try_uses_the_state_up(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> None:
    answer = returned(sandbox.approve(_start(connection, world)))
    with pytest.raises(Refused):
        _finish(answer, world, session="another-session")
    with pytest.raises(Refused):
        _finish(answer, world)
    assert fresh(connection).state == "NEW"


@pytest.mark.parametrize("state", ["", "x", "0" * 32, f"{'0' * 32}.secret", "{uuid}.wrong"])
def test_a_forged_state_is_refused(world: World, sandbox: Sandbox, connection: ScannerIntegration, state: str) -> None:
    _start(connection, world)
    attempt = ConnectAttempt.objects.get()
    forged = connecting.Returned(state.replace("{uuid}", attempt.uuid.hex), "code", "")
    with pytest.raises(Refused) as refusal:
        _finish(forged, world)
    assert refusal.value.code == "bad_state"


def test_another_person_cannot_bring_the_answer(world: World, sandbox: Sandbox, connection) -> None:
    answer = returned(sandbox.approve(_start(connection, world)))
    with pytest.raises(Refused):
        connecting.finish(answer, session_key=SESSION, actor=Actor.of(world.stranger))


def test_an_answer_that_took_too_long_is_refused(
    world: World, sandbox: Sandbox, connection: ScannerIntegration
) -> None:
    answer = returned(sandbox.approve(_start(connection, world)))
    ConnectAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(Refused):
        _finish(answer, world)


def test_no_is_an_answer(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> None:
    answer = returned(sandbox.approve(_start(connection, world), answer="no"))
    assert answer.error == "access_denied"
    with pytest.raises(Refused, match="gave no access"):
        _finish(answer, world)
    assert fresh(connection).state == "NEW"


def test_the_redirect_address_is_ours_and_exact(connection: ScannerIntegration, world: World, settings) -> None:
    settings.ARCHWAY_PUBLIC_URL = "https://elsewhere.example"
    address = connecting.redirect_uri_of(connection)
    assert address == "https://elsewhere.example/api/imaging/3d/itero/auth/callback"


def test_a_region_on_a_host_off_the_list_is_refused(world: World, sandbox: Sandbox, connection) -> None:
    answer = returned(sandbox.approve(_start(connection, world)))
    sandbox.fault("foreign_host", "discovery")
    with pytest.raises(Misconfigured) as error:
        _finish(answer, world)
    assert error.value.code == "host_not_allowed"
    assert fresh(connection).state == "NEW"


def test_an_account_the_cloud_does_not_offer_is_refused(world: World, sandbox: Sandbox, connection) -> None:
    consent(connection, sandbox, world.imaging)
    with pytest.raises(Refused):
        connecting.choose(fresh(connection), "9999", actor=Actor.of(world.imaging))


def test_an_account_is_chosen_once(world: World, connected: ScannerIntegration) -> None:
    with pytest.raises(Conflict):
        connecting.choose(connected, "1001", actor=Actor.of(world.imaging))


def test_without_client_id_nothing_starts(world: World, sandbox: Sandbox) -> None:
    bare = ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    with pytest.raises(Misconfigured, match="Client id"):
        _start(bare, world)


def test_a_wrong_client_secret_says_so(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> None:
    store_secrets(connection, {"client_secret": "wrong"}, actor=Actor.of(world.imaging))
    answer = returned(sandbox.approve(_start(fresh(connection), world)))
    with pytest.raises(ConnectorError) as error:
        _finish(answer, world)
    assert error.value.code == "client_refused"


def test_disconnecting_makes_the_tokens_worthless(
    world: World, sandbox: Sandbox, connected: ScannerIntegration
) -> None:
    old = dict(connected.credentials)
    assert connecting.disconnect(connected, actor=Actor.of(world.imaging)) == ""
    after = fresh(connected)
    assert after.state == "NEW"
    assert set(after.credentials) == {"client_id", "client_secret"}
    with pytest.raises(Reconnect):
        connecting.authorization_of(after).renew(old["refresh_token"])


def test_a_cloud_that_is_away_does_not_keep_us_connected(
    world: World, sandbox: Sandbox, connected: ScannerIntegration, settings
) -> None:
    connected.base_url = "http://127.0.0.1:1"
    settings.ARCHWAY_CLOUDS["ITERO"]["hosts"] = ["127.0.0.1:1"]
    words = connecting.disconnect(connected, actor=Actor.of(world.imaging))
    assert "withdraw our access" in words
    assert "refresh_token" not in fresh(connected).credentials


def test_connecting_again_chooses_again(world: World, sandbox: Sandbox, connected: ScannerIntegration) -> None:
    assert connect(connected, sandbox, world.imaging).state == "CONNECTED"
