"""Letting a person connect a cloud, choose its account, and disconnect again."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from integrations import oauth
from integrations.connectors.base import Account
from integrations.errors import ConnectorError, Reconnect
from integrations.models import ConnectAttempt, ScannerIntegration
from integrations.oauth import Tokens
from integrations.services.cloud import authorization_of, region_of
from integrations.services.hints import ask_for_calls
from integrations.services.linking import NO_ERROR, relink
from integrations.services.tokens import opened_tokens, stored_tokens
from patients.audit import Actor, record
from patients.errors import Conflict, Refused

GOOD_FOR = timedelta(minutes=10)
"""How long a person may take on the cloud's pages."""
State = ScannerIntegration.State
ScannerType = ScannerIntegration.ScannerType
CALLBACKS: dict[str, str] = {ScannerType.ITERO: "itero-callback", ScannerType.MEDIT: "medit-callback"}
"""The address, by its name, that each cloud sends a person back to."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brings back from the consent page."""

    state: str
    code: str
    error: str


def redirect_uri_of(connection: ScannerIntegration) -> str:
    """Exactly what is registered at the cloud: made of the installation's public address, never of a request."""
    path = reverse(f"scanners:{CALLBACKS[connection.scanner_type]}")
    return f"{settings.ARCHWAY_PUBLIC_URL}{path}"


def start(connection: ScannerIntegration, *, session_key: str, actor: Actor) -> str:
    """The consent page's address, for this person alone. session_key: "" for an API client with a token."""
    if actor.user is None:
        raise Refused("nobody", "Only a person can connect a scanner.")
    secret, verifier = oauth.new_state(), oauth.new_verifier()
    with transaction.atomic():
        ConnectAttempt.objects.filter(created_at__lt=timezone.now() - GOOD_FOR).delete()
        attempt = ConnectAttempt.objects.create(
            connection=connection,
            user=actor.user,
            state_hash=_hash(secret),
            session_hash=_hash(session_key) if session_key else "",
            verifier=verifier,
            redirect_uri=redirect_uri_of(connection),
        )
        _record("integration.connect_started", connection, actor)
    return authorization_of(connection).url(
        state=f"{attempt.uuid.hex}.{secret}", verifier=verifier, redirect_uri=attempt.redirect_uri
    )


def finish(returned: Returned, *, session_key: str, actor: Actor) -> ScannerIntegration:
    """The way back from the consent page. Raises Refused where it is not the way of this person in this session."""
    attempt = _used(returned.state, session_key, actor)
    connection: ScannerIntegration = attempt.connection
    if returned.error or not returned.code:
        raise Refused("consent_refused", "The cloud gave no access. Nothing was changed; connect again to retry.")
    authorization = authorization_of(connection)
    tokens = authorization.exchange(code=returned.code, verifier=attempt.verifier, redirect_uri=attempt.redirect_uri)
    region = authorization.region()
    linked = {"region": region.name, "base_url": region.base_url, "oauth_base": region.oauth_base}
    nobody = {"account": "", "account_name": ""}
    with transaction.atomic():
        new = {**linked, **nobody, **NO_ERROR, **_new_tokens(connection, tokens)}
        relink(connection, {"state": State.CHOOSING, **new})
        _record("integration.consented", connection, actor)
    connection.refresh_from_db()
    return connection


def _used(state: str, session_key: str, actor: Actor) -> ConnectAttempt:
    """The attempt of this state, which is void from now on, whatever comes of it."""
    refusal = Refused("bad_state", "This answer belongs to no connection that you started here. Please start again.")
    name, _, secret = state.partition(".")
    try:
        rows = ConnectAttempt.objects.filter(uuid=uuid.UUID(hex=name))
    except ValueError:
        raise refusal from None
    found: ConnectAttempt | None = rows.select_related("connection__clinic", "user").first()
    if found is None or not ConnectAttempt.objects.filter(pk=found.pk).delete()[0]:
        raise refusal
    is_ours = (
        secrets.compare_digest(found.state_hash, _hash(secret))
        & found.connection.clinic.memberships.filter(user=actor.user).exists()
        & (found.user == actor.user)
        & secrets.compare_digest(found.session_hash or _hash(session_key), _hash(session_key))
    )
    if not is_ours or found.created_at < timezone.now() - GOOD_FOR:
        raise refusal
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def accounts(connection: ScannerIntegration) -> list[Account]:
    """The accounts that the person who consented may choose from."""
    return authorization_of(connection).accounts(region_of(connection), opened_tokens(connection))


def choose(connection: ScannerIntegration, account: str, *, actor: Actor) -> None:
    """Pair with one of the accounts; from now on its scans come by themselves."""
    if connection.state != State.CHOOSING:
        raise Conflict("not_choosing", "There is no account to be chosen now. Connect again to choose another one.")
    chosen = next((known for known in accounts(connection) if known.account == account), None)
    if chosen is None:
        raise Refused("no_such_account", "The cloud does not offer this account.")
    tokens = authorization_of(connection).pair(region_of(connection), opened_tokens(connection), account)
    linked = {"account": chosen.account, "account_name": chosen.name, "is_active": True, "cursor": {}}
    with transaction.atomic():
        new = {**linked, **NO_ERROR, **_new_tokens(connection, tokens)}
        relink(connection, {"state": State.CONNECTED, **new})
        _record("integration.connected", connection, actor, account=chosen.account)
    connection.refresh_from_db()
    ask_for_calls(connection, actor=actor)


def disconnect(connection: ScannerIntegration, *, actor: Actor) -> str:
    """Forget the tokens here, and have the cloud forget them. Returns a sentence where the cloud could not be told.

    Client id and secret stay: they are the practice's and needed to connect again. A folder is watched no longer.
    """
    message = _left(connection)
    nobody = {"account": "", "account_name": "", "folder": "", "region": "", "base_url": "", "oauth_base": ""}
    with transaction.atomic():
        stored = ScannerIntegration.objects.select_for_update().get(pk=connection.pk).credentials or {}
        kept = {key: value for key, value in stored.items() if key in KEPT_SECRETS}
        relink(connection, {"state": State.NEW, "credentials": kept or None, **nobody, **NO_ERROR})
        _record("integration.disconnected", connection, actor, cloud_told=not message)
    connection.refresh_from_db()
    return message


KEPT_SECRETS = ("client_id", "client_secret", "hps_key")


def _left(connection: ScannerIntegration) -> str:
    old = (connection.credentials or {}).get("refresh_token")
    if not old:
        return ""
    try:
        authorization = authorization_of(connection)
        # The access token may have died long ago, and without a good one nothing can be given back.
        region, tokens = authorization.renew(old)
        authorization.leave(region, tokens)
    except Reconnect:  # the cloud has forgotten us already
        return ""
    except ConnectorError as error:
        return f"{error.message} The tokens are deleted here; withdraw our access at the cloud, too."
    return ""


def _new_tokens(connection: ScannerIntegration, tokens: Tokens) -> dict[str, Any]:
    """Beside the secrets as they are now: a person may have entered others while we asked the cloud."""
    return stored_tokens(ScannerIntegration.objects.select_for_update().get(pk=connection.pk), tokens)


def _record(verb: str, connection: ScannerIntegration, actor: Actor, **detail: Any) -> None:
    record(verb, "integration", connection.uuid, clinic=connection.clinic, actor=actor, **detail)
