"""A cloud calls: an order may be ready. A hint only, never data: the order is asked for again."""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from integrations.connectors.itero.connector import IteroConnector
from integrations.errors import ConnectorError
from integrations.models import CallbackEvent, ScannerIntegration, ScannerOrder
from integrations.services import runs
from integrations.services.connectors import connector_of
from integrations.services.keys import store_secrets
from patients.audit import Actor
from patients.errors import Conflict, Missing, Refused

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
KEPT = timedelta(days=2)
SECRET = "callback_secret"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Hint:
    """As it came. timestamp: Unix seconds as text; signature: hexadecimal."""

    body: bytes
    timestamp: str
    signature: str
    event_id: str
    order_id: str


def take(connection_uuid: object, hint: Hint) -> bool:
    """Believe a hint of the right signature once; False when it was here before.

    Raises Missing for a connection that expects none, Refused for a signature or a time that is not right.
    """
    connection = ScannerIntegration.objects.working().filter(uuid=connection_uuid).first()
    secret = (connection.credentials or {}).get(SECRET, "") if connection else ""
    if connection is None or not secret:
        raise Missing("no_such_connection", "There is no such connection.")
    _require_authentic(hint, secret)
    if not _is_new(connection, hint.event_id):
        return False
    now = timezone.now()
    ScannerIntegration.objects.filter(pk=connection.pk).update(hinted_at=now)
    # An order that failed before is worth another try now.
    ScannerOrder.objects.filter(connection=connection, order_id=hint.order_id).update(next_attempt_at=None)
    try:
        runs.ask_for(connection, reason=runs.Reason.CALLBACK, actor=Actor.system(f"{connection} callback"))
    except Conflict:  # a look is under way; `hinted_at` has the next minute look once more
        log.info("connection %s: called during a look", connection.uuid)
    return True


def _require_authentic(hint: Hint, secret: str) -> None:
    expected = hmac.new(secret.encode(), hint.timestamp.encode() + b"." + hint.body, hashlib.sha256).hexdigest()
    is_ours = hmac.compare_digest(expected.encode(), hint.signature.lower().encode())
    is_fresh = (
        hint.timestamp.isdecimal() and abs(timezone.now().timestamp() - int(hint.timestamp)) < FRESH.total_seconds()
    )
    if not (is_ours and is_fresh):
        raise Refused("not_authentic", "The signature or the time of this call is not right.")


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
