"""The clinic's own key for encrypted 3Shape files: kept encrypted, handed to the reader, never shown."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.models import ScannerIntegration
from patients.audit import Actor, record
from patients.models import Clinic

THREESHAPE = ScannerIntegration.ScannerType.THREESHAPE


def hps_key_for(clinic_id: int) -> str:
    """The key of an active 3Shape connection, or "" when the clinic stored none."""
    connection = ScannerIntegration.objects.filter(clinic=clinic_id, scanner_type=THREESHAPE, is_active=True).first()
    return str((connection.credentials or {}).get("hps_key", "")) if connection else ""


def store_hps_key(clinic: Clinic, key: str, *, actor: Actor) -> None:
    """What was stored before is replaced unread, so that a key lost with its encryption key can be entered anew."""
    secret: Any = {"hps_key": key}
    with transaction.atomic():
        rows = ScannerIntegration.objects.filter(clinic=clinic, scanner_type=THREESHAPE)
        if not rows.update(credentials=secret, updated_at=timezone.now()):
            ScannerIntegration.objects.create(clinic=clinic, scanner_type=THREESHAPE, credentials=secret)
        record("credentials.changed", "integration", None, clinic=clinic, actor=actor, scanner=str(THREESHAPE))
