"""What a person sets up at a connection: that it is there, how often it looks, its folder, its secrets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.models import ScannerIntegration
from integrations.services.keys import store_secrets
from integrations.services.linking import NO_ERROR, relink
from patients.audit import Actor, record
from patients.errors import Conflict, Refused
from patients.models import Clinic

State = ScannerIntegration.State


@dataclass(frozen=True, slots=True)
class Settings:
    """folder: "" for none; only a 3Shape connection has one. secrets: what was entered, by name; the rest stays."""

    is_active: bool
    interval_minutes: int
    folder: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def add_connection(clinic: Clinic, scanner_type: str, *, actor: Actor) -> ScannerIntegration:
    """A clinic has each scanner system once. Raises Conflict."""
    try:
        with transaction.atomic():
            connection: ScannerIntegration = ScannerIntegration.objects.create(clinic=clinic, scanner_type=scanner_type)
            record(
                "integration.added", "integration", connection.uuid, clinic=clinic, actor=actor, scanner=scanner_type
            )
    except IntegrityError:
        raise Conflict("connection_exists", "This clinic has a connection to this scanner already.") from None
    return connection


def change_settings(connection: ScannerIntegration, wanted: Settings, *, actor: Actor) -> None:
    """All of it or nothing. Raises Refused for a folder that cannot be one, CannotDecrypt as `store_secrets` does.

    Switching off or another folder ends a look that is under way; Conflict where somebody else changed it just now.
    """
    changes: dict[str, Any] = {"is_active": wanted.is_active, "interval_minutes": wanted.interval_minutes}
    if not connection.is_cloud:
        changes |= _folder_changes(connection, wanted.folder)
    changed = sorted(name for name, value in changes.items() if getattr(connection, name) != value)
    with transaction.atomic():
        if {"is_active", "folder"} & set(changed):
            relink(connection, changes)
        else:
            ScannerIntegration.objects.filter(pk=connection.pk).update(updated_at=timezone.now(), **changes)
        if wanted.secrets:
            store_secrets(connection, dict(wanted.secrets), actor=actor)
        record(
            "integration.changed",
            "integration",
            connection.uuid,
            clinic=connection.clinic,
            actor=actor,
            scanner=str(connection.scanner_type),
            fields=changed,
            is_active=wanted.is_active,
        )


def _folder_changes(connection: ScannerIntegration, folder: str) -> dict[str, Any]:
    """A folder is all the connecting that a 3Shape scanner needs."""
    if folder:
        _require_own_folder(connection, Path(folder))
    state = State.CONNECTED if folder else State.NEW
    if folder == connection.folder and state == connection.state:
        return {}
    # What was seen in the old folder says nothing about the new one.
    return {"folder": folder, "state": state, "cursor": {}, **NO_ERROR}


def _require_own_folder(connection: ScannerIntegration, folder: Path) -> None:
    """Exports are moved inside a watched folder and filed in its clinic: it must be nobody else's, nor ours."""
    if not folder.is_absolute() or folder == Path(folder.anchor):
        raise Refused("not_absolute", "Please enter the whole path of the folder, beginning at the drive or at /.")
    others = ScannerIntegration.objects.exclude(pk=connection.pk).exclude(folder="").values_list("folder", flat=True)
    taken = [str(settings.DATA_DIR), str(settings.BASE_DIR), *others]
    if any(_overlap(_real(folder), _real(other)) for other in taken):
        raise Refused("folder_taken", "This folder is in use already: each connection needs a folder of its own.")


def _real(folder: Path | str) -> Path:
    """As `Path.resolve`, which raises where links turn in a circle."""
    return Path(os.path.realpath(folder))


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def folder_warning(connection: ScannerIntegration) -> str:
    """A sentence where the folder cannot be found now: a network drive may come back."""
    if connection.is_cloud or not connection.folder or _is_there(Path(connection.folder)):
        return ""
    return "This folder cannot be found from here now. Is its drive connected, and may Archway read it?"


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False
