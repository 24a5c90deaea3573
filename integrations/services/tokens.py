"""Access tokens, renewed by exactly one caller at a time, and the new set is stored before anyone uses it.

A caller takes the row's `refreshing` by one conditional UPDATE; the others wait for its result. Who dies on the way
loses the hold after a while, and the next one goes on with the refresh token that is stored.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from integrations.connectors.base import Region
from integrations.errors import ConnectorError, Reconnect, TryLater
from integrations.models import ScannerIntegration
from integrations.oauth import Tokens
from integrations.services.cloud import authorization_of
from integrations.services.linking import FREE

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=5)
"""Longer than a renewal can take: two exchanges with all their time limits."""
EARLY = timedelta(seconds=60)
"""A token that dies within a minute is as good as dead."""
PATIENCE_S = 100.0
PAUSE_S = 0.1

State = ScannerIntegration.State


def access_token(connection_pk: int, link: int, rejected: str = "") -> str:
    """A token that should be good; another one than `rejected`, which the cloud refused just now.

    link: the connection's, as the caller knows it. Raises Reconnect when a person must connect again, TryLater when
    the cloud cannot be asked now, or when a person has changed the connection since.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        connection = ScannerIntegration.objects.get(pk=connection_pk)
        _require_usable(connection, link)
        if _is_good(connection, rejected):
            return str(connection.credentials["access_token"])
        hold = _take(connection)
        if hold:
            return _renew(connection, hold)
        time.sleep(PAUSE_S)
    raise TryLater("refresh_busy", "Somebody else is renewing the connection and does not come to an end.")


def _require_usable(connection: ScannerIntegration, link: int) -> None:
    stored = connection.credentials or {}
    if connection.state == State.RECONNECT or (connection.state == State.CONNECTED and not stored.get("refresh_token")):
        raise Reconnect("grant_lost", "The cloud no longer accepts this connection. Please connect again.")
    if connection.link != link or connection.state != State.CONNECTED:
        raise TryLater("connection_changed", "The connection was changed by a person.")


def _is_good(connection: ScannerIntegration, rejected: str) -> bool:
    stored: dict[str, Any] = connection.credentials
    lives = datetime.fromisoformat(stored["expires_at"]) - timezone.now() > EARLY
    return lives and stored["access_token"] != rejected


def _take(connection: ScannerIntegration) -> uuid.UUID | None:
    """One conditional UPDATE: who changes the row renews the tokens it was seen with."""
    hold, now = uuid.uuid4(), timezone.now()
    free = Q(refreshing=None) | Q(refresh_until__lt=now)
    seen = ScannerIntegration.objects.filter(
        free, pk=connection.pk, link=connection.link, token_version=connection.token_version
    )
    return hold if seen.update(refreshing=hold, refresh_until=now + HOLD) else None


def _renew(connection: ScannerIntegration, hold: uuid.UUID) -> str:
    mine = ScannerIntegration.objects.filter(pk=connection.pk, link=connection.link, refreshing=hold)
    old = connection.credentials["refresh_token"]
    try:
        region, tokens = authorization_of(connection).renew(old)
    except Reconnect as error:
        log.warning("connection %s: %s", connection.uuid, error.code)
        mine.update(state=State.RECONNECT, error_code=error.code, last_error=error.message, **FREE)
        raise
    except ConnectorError:
        mine.update(**FREE)
        raise
    with transaction.atomic():
        now = ScannerIntegration.objects.select_for_update().filter(pk=connection.pk, link=connection.link).first()
        # Secrets that a person entered meanwhile stay; only a set that is still the one we renewed is replaced.
        if now is None or (now.credentials or {}).get("refresh_token") != old:
            raise TryLater("refresh_lost", "The connection was changed while it was renewed.")
        ScannerIntegration.objects.filter(pk=now.pk).update(**stored_tokens(now, tokens), **_region(region))
    return tokens.access


def stored_tokens(connection: ScannerIntegration, tokens: Tokens) -> dict[str, Any]:
    """The changes of a row that gets a new set, and frees it from whoever was renewing the old one."""
    credentials = {
        **(connection.credentials or {}),
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_at": tokens.expires_at.isoformat(),
    }
    return {"credentials": credentials, "token_version": F("token_version") + 1, **_scopes(tokens), **FREE}


def _scopes(tokens: Tokens) -> dict[str, str]:
    return {"scopes": tokens.scopes[:500]} if tokens.scopes else {}


def _region(region: Region) -> dict[str, str]:
    return {"region": region.name, "base_url": region.base_url, "oauth_base": region.oauth_base}


def opened_tokens(connection: ScannerIntegration) -> Tokens:
    """The set as stored. Raises Reconnect where there is none."""
    stored = connection.credentials or {}
    if not stored.get("access_token"):
        raise Reconnect("not_connected", "This scanner is not connected.")
    return Tokens(stored["access_token"], stored["refresh_token"], datetime.fromisoformat(stored["expires_at"]))
