"""A cloud calls: an order may be ready. A hint only, never data: the order is asked for again."""

import hashlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from integrations.connectors.itero.connector import IteroConnector
from integrations.connectors.itero.profile import DEFAULT as PROFILE
from integrations.connectors.texts import LONGEST_ORDER_ID, is_identifier
from integrations.errors import ConnectorError
from integrations.models import CallbackEvent, ScannerIntegration
from integrations.services import runs
from integrations.services.connectors import connector_of
from integrations.services.keys import store_secrets
from integrations.services.orders import expect
from patients.audit import Actor
from patients.errors import Conflict, Missing, Refused

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
KEPT = timedelta(days=2)
SECRET = "callback_secret"  # noqa: S105 - a name
LONGEST_EVENT_ID = 100
MOST_DIGITS = 20
"""Of a timestamp; Python refuses to read one of thousands."""


@dataclass(frozen=True, slots=True)
class Hint:
    """As it came. timestamp: Unix seconds as text; signature: hexadecimal."""

    body: bytes
    timestamp: str
    signature: str


def take(connection_uuid: object, hint: Hint) -> bool:
    """Believe a hint of the right signature once; False when it was here before. Nothing else of it is read before.

    Raises Missing alike for a connection that expects none and for a signature or a time that is not right: a stranger
    learns nothing of which connections there are. Raises Refused for what is signed and makes no sense.
    """
    connection = ScannerIntegration.objects.working().filter(uuid=connection_uuid).first()
    secret = (connection.credentials or {}).get(SECRET, "") if connection else ""
    if connection is None or not secret or not _is_authentic(hint, secret):
        raise Missing("no_such_connection", "There is no such connection.")
    said = _said(hint.body)
    event_id, order_id = _event_of(said), _order_of(said)
    with transaction.atomic():
        if not _is_new(connection, event_id):
            return False
        ScannerIntegration.objects.filter(pk=connection.pk).update(hinted_at=timezone.now())
        if order_id:
            expect(connection, order_id)
        _look_soon(connection)
    return True


def _look_soon(connection: ScannerIntegration) -> None:
    """At once, unless the cloud has asked for patience; `hinted_at` has every later minute think of it."""
    if connection.next_attempt_at and connection.next_attempt_at > timezone.now():
        return
    try:
        runs.ask_for(connection, reason=runs.Reason.CALLBACK, actor=Actor.system(f"{connection} callback"))
    except Conflict:
        log.info("connection %s: called during a look", connection.uuid)


def _is_authentic(hint: Hint, secret: str) -> bool:
    expected = hmac.new(secret.encode(), hint.timestamp.encode() + b"." + hint.body, hashlib.sha256).hexdigest()
    is_ours = hmac.compare_digest(expected.encode(), hint.signature.lower().encode())
    return is_ours and _is_fresh(hint.timestamp)


def _is_fresh(timestamp: str) -> bool:
    if not timestamp.isdecimal() or len(timestamp) > MOST_DIGITS:
        return False
    return abs(timezone.now().timestamp() - int(timestamp)) < FRESH.total_seconds()


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused("no_json", "This call is no JSON object.")
    return said


def _event_of(said: dict[str, Any]) -> str:
    event = said.get(PROFILE.event_id_field)
    event_id = str(event) if isinstance(event, str | int) else ""
    if not is_identifier(event_id, LONGEST_EVENT_ID):
        raise Refused("no_event", "This call names no event by which a repeated one could be known.")
    return event_id


def _order_of(said: dict[str, Any]) -> str:
    """ "" where none is named that can be ours: the call is a hint all the same."""
    order = said.get(PROFILE.order_id_field)
    return order if isinstance(order, str) and is_identifier(order, LONGEST_ORDER_ID) else ""


def _is_new(connection: ScannerIntegration, event_id: str) -> bool:
    CallbackEvent.objects.filter(received_at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            CallbackEvent.objects.create(connection=connection, event_id=event_id)
    except IntegrityError:
        return False
    return True


def ask_for_calls(connection: ScannerIntegration, *, actor: Actor) -> None:
    """Have the cloud call us; without it new scans are found by looking, only later."""
    connector = connector_of(connection)
    if not isinstance(connector, IteroConnector):
        return
    secret = secrets.token_urlsafe(32)
    store_secrets(connection, {SECRET: secret}, actor=actor)
    try:
        connector.ask_for_callbacks(_address(connection), secret)
    except ConnectorError as error:
        log.warning("connection %s: the cloud will not call: %s", connection.uuid, error.code)


def _address(connection: ScannerIntegration) -> str:
    return f"{settings.ARCHWAY_PUBLIC_URL}{reverse('scanners:itero-hint', args=[connection.uuid])}"
