"""The clinic's own key for encrypted 3Shape files: kept encrypted, handed to the reader, never shown."""

from django.db import transaction

from integrations.models import ScannerIntegration
from patients.audit import Actor, record
from patients.models import Clinic

THREESHAPE = ScannerIntegration.ScannerType.THREESHAPE


def hps_key_for(clinic_id: int) -> str:
    """The key of an active 3Shape connection, or "" when the clinic stored none."""
    connection = ScannerIntegration.objects.filter(clinic=clinic_id, scanner_type=THREESHAPE, is_active=True).first()
    return str((connection.credentials or {}).get("hps_key", "")) if connection else ""


def store_hps_key(clinic: Clinic, key: str, *, actor: Actor) -> None:
    with transaction.atomic():
        connection, _ = ScannerIntegration.objects.get_or_create(clinic=clinic, scanner_type=THREESHAPE)
        connection.credentials = {**(connection.credentials or {}), "hps_key": key}
        connection.save()
        record("credentials.changed", "integration", None, clinic=clinic, actor=actor, scanner=str(THREESHAPE))
