"""The secrets that people type in: kept encrypted, merged with what is there, never shown; and their re-encryption."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from integrations.fields import CannotDecrypt
from integrations.models import ConnectAttempt, ScannerIntegration
from integrations.services.linking import NO_ERROR, relink
from patients.audit import Actor, record
from patients.models import Clinic

THREESHAPE = ScannerIntegration.ScannerType.THREESHAPE


def hps_key_for(clinic_id: int) -> str:
    """The key of an active 3Shape connection, or "" when the clinic stored none."""
    connection = ScannerIntegration.objects.filter(clinic=clinic_id, scanner_type=THREESHAPE, is_active=True).first()
    return str((connection.credentials or {}).get("hps_key", "")) if connection else ""


def store_hps_key(clinic: Clinic, key: str, *, actor: Actor) -> None:
    connection, _ = ScannerIntegration.objects.get_or_create(clinic=clinic, scanner_type=THREESHAPE)
    store_secrets(connection, {"hps_key": key}, actor=actor)


def store_secrets(connection: ScannerIntegration, entered: dict[str, str], *, actor: Actor) -> None:
    """What was entered replaces its namesake, the rest stays.

    Raises CannotDecrypt when what is stored cannot be opened: it is not overwritten. `forget` deletes it on purpose.
    """
    with transaction.atomic():
        stored = ScannerIntegration.objects.select_for_update().get(pk=connection.pk).credentials or {}
        ScannerIntegration.objects.filter(pk=connection.pk).update(
            credentials={**stored, **entered}, updated_at=timezone.now()
        )
        _record("credentials.changed", connection, actor, names=sorted(entered))


def forget(connection: ScannerIntegration, *, actor: Actor) -> None:
    """Delete all secrets of a connection unread: the way out when their key is lost. Raises Conflict."""
    with transaction.atomic():
        nothing = {"credentials": None, "account": "", "account_name": ""}
        relink(connection, {"state": _state_without_secrets(connection), **nothing, **NO_ERROR})
        _record("credentials.deleted", connection, actor)


def _state_without_secrets(connection: ScannerIntegration) -> str:
    """A folder goes on being watched: only encrypted files need the key."""
    watched = not connection.is_cloud and connection.folder
    return ScannerIntegration.State.CONNECTED if watched else ScannerIntegration.State.NEW


@dataclass(frozen=True, slots=True)
class Rotation:
    connections: int
    attempts: int


def rotate(*, actor: Actor) -> Rotation:
    """Encrypt every stored secret anew with the newest key, all or none; people on a consent page start again.

    Raises CannotDecrypt when one cannot be opened.
    """
    with transaction.atomic():
        rows = ScannerIntegration.objects.select_for_update(no_key=True).filter(credentials__isnull=False)
        connections = list(rows.order_by("pk"))
        for connection in connections:
            ScannerIntegration.objects.filter(pk=connection.pk).update(credentials=dict(connection.credentials))
            _record("credentials.reencrypted", connection, actor)
        attempts, _ = ConnectAttempt.objects.all().delete()
    return Rotation(len(connections), attempts)


def forget_unreadable(*, actor: Actor) -> int:
    """The way out when a key is lost for good: what it closed is deleted, and has to be entered anew."""
    with transaction.atomic():
        closed = list(ScannerIntegration.objects.without_secrets().filter(pk__in=_closed()))
        for connection in closed:
            forget(connection, actor=actor)
    return len(closed)


def unreadable() -> int:
    """How many connections hold secrets that the configured keys do not open; 0 before the tables exist."""
    try:
        return len(_closed())
    except DatabaseError:
        return 0


def _closed() -> list[int]:
    stored = ScannerIntegration.objects.filter(credentials__isnull=False).order_by("pk")
    return [pk for pk in stored.values_list("pk", flat=True) if not _opens(pk)]


def _opens(pk: int) -> bool:
    try:
        stored_names(pk)
    except CannotDecrypt:
        return False
    return True


def stored_names(connection_pk: int) -> frozenset[str]:
    """Which secrets a connection holds, never what they are. Raises CannotDecrypt."""
    held = ScannerIntegration.objects.only("credentials").get(pk=connection_pk).credentials or {}
    return frozenset(name for name, value in held.items() if value)


def _record(verb: str, connection: ScannerIntegration, actor: Actor, **detail: Any) -> None:
    record(
        verb,
        "integration",
        connection.uuid,
        clinic=connection.clinic,
        actor=actor,
        scanner=str(connection.scanner_type),
        **detail,
    )
