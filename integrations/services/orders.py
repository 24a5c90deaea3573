"""What is known of the orders on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations import planning
from integrations.connectors.base import RemoteOrder
from integrations.errors import ConnectorError, TryLater
from integrations.models import ScannerIntegration, ScannerOrder
from integrations.services.connectors import connector_of
from patients.errors import Conflict
from patients.matching.score import Reason
from patients.models import Patient
from scans.models import Delivery
from scans.services.deciding import ranking

UNREADABLE = (Delivery.State.REJECTED, Delivery.State.FAILED)
NOT_READY, GONE = "not_ready", "not_there"
"""Codes of failures that are nobody's fault."""
NO_FAILURE: dict[str, Any] = {"failures": 0, "next_attempt_at": None, "code": "", "message": ""}
FIRST_ASKED_AFTER = timedelta(minutes=10)
"""An order that was listed as not ready is asked for by its id, too: not every cloud lists it again once it is."""


def note_order(connection: ScannerIntegration, remote: RemoteOrder) -> ScannerOrder:
    """Keep what the other side says of an order now; a new revision is tried at once, whatever failed before."""
    identity = remote.identity
    said = {
        "revision": remote.revision,
        "is_ready": remote.is_ready,
        "changed_at": remote.changed_at,
        "seen_at": timezone.now(),
        "first_name": identity.first_name[:200],
        "last_name": identity.last_name[:200],
        "full_name": identity.full_name[:300],
        "chart_number": identity.chart_number[:100],
    }
    patience = {} if remote.is_ready else {"next_attempt_at": timezone.now() + FIRST_ASKED_AFTER}
    order: ScannerOrder
    with transaction.atomic():
        order, is_new = ScannerOrder.objects.select_related("delivery").get_or_create(
            connection=connection, account=connection.account, order_id=remote.order_id, defaults={**said, **patience}
        )
        if not is_new:
            changes = {**said, **_consequences(order, remote, is_cloud=connection.is_cloud)}
            ScannerOrder.objects.filter(pk=order.pk).update(**changes)
            for name, value in changes.items():
                setattr(order, name, value)
    return order


def _consequences(order: ScannerOrder, remote: RemoteOrder, *, is_cloud: bool) -> dict[str, Any]:
    if order.revision != remote.revision:
        return NO_FAILURE
    if is_cloud or order.delivery is None or not order.is_settled:
        return {}
    # An export that lies in its folder again although it was taken. What could not be read before somebody wants tried
    # once more; of all else it is told again what became of it.
    return {"taken_revision": ""} if order.delivery.state in UNREADABLE else {"is_settled": False}


def note_failure(order: ScannerOrder, error: ConnectorError) -> None:
    """Why an order did not come, and when it is tried again."""
    again = planning.after_failure(order.failures, timezone.now(), error.retry_at)
    ScannerOrder.objects.filter(pk=order.pk).update(code=error.code, message=error.message, **again)


def expect(connection: ScannerIntegration, order_id: str) -> None:
    """Have an order asked for by its id in the next run, known or not."""
    order, is_new = ScannerOrder.objects.get_or_create(
        connection=connection,
        account=connection.account,
        order_id=order_id,
        defaults={"revision": "", "changed_at": timezone.now()},
    )
    if not is_new:
        # As one that is not ready: whatever is known of it is put right by the answer.
        ScannerOrder.objects.filter(pk=order.pk).update(next_attempt_at=None, is_ready=False, changed_at=timezone.now())


def refresh(connection: ScannerIntegration) -> None:
    """Look at the list on the other side now, without fetching anything.

    Raises Conflict when it is not connected, TryLater while the cloud asks for patience, ConnectorError.
    """
    if not ScannerIntegration.objects.working().filter(pk=connection.pk).exists():
        raise Conflict("not_connected", "This scanner is not connected. An imaging admin can connect it.")
    patience = connection.next_attempt_at
    if patience and patience > timezone.now():
        raise TryLater("patience", connection.last_error or "The cloud asked us to wait.", retry_at=patience)
    try:
        for page in connector_of(connection).pages(planning.since(connection.cursor)):
            for remote in page.orders:
                note_order(connection, remote)
    except TryLater as error:
        ScannerIntegration.objects.filter(pk=connection.pk).update(next_attempt_at=error.retry_at)
        raise


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The likest patient. is_certain: whether a case of this identity would be filed there by itself."""

    patient: Patient
    score: float
    is_certain: bool
    reasons: Sequence[Reason]


def suggestion_for(order: ScannerOrder) -> Suggestion | None:
    ranked = ranking(order.connection.clinic, order.identity())
    if ranked.best is None:
        return None
    patient, score = ranked.best
    return Suggestion(patient, score.value, ranked.decision.patient_key == patient.pk, score.reasons)
