"""What is known of the orders on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from integrations import planning
from integrations.connectors.base import RemoteOrder
from integrations.models import ScannerIntegration, ScannerOrder
from integrations.services.connectors import connector_of
from patients.matching.score import Reason
from patients.models import Patient
from scans.models import Delivery
from scans.services.deciding import ranking


UNREADABLE = (Delivery.State.REJECTED, Delivery.State.FAILED)


def note_order(connection: ScannerIntegration, remote: RemoteOrder) -> ScannerOrder:
    """Keep what the other side says of an order now; a new revision is tried at once, whatever failed before."""
    identity = remote.identity
    said = {
        "revision": remote.revision,
        "is_ready": remote.is_ready,
        "changed_at": remote.changed_at,
        "first_name": identity.first_name[:200],
        "last_name": identity.last_name[:200],
        "full_name": identity.full_name[:300],
        "chart_number": identity.chart_number[:100],
    }
    with transaction.atomic():
        order, is_new = ScannerOrder.objects.get_or_create(
            connection=connection, account=connection.account, order_id=remote.order_id, defaults=said
        )
        if not is_new:
            ScannerOrder.objects.filter(pk=order.pk).update(**said, **_consequences(order, remote))
            order.refresh_from_db()
    return order


def _consequences(order: ScannerOrder, remote: RemoteOrder) -> dict[str, Any]:
    if order.revision != remote.revision:
        return {"next_attempt_at": None, "failures": 0}
    if order.connection.is_cloud or order.delivery is None or not order.is_settled:
        return {}
    # An export that lies in its folder again although it was taken. What could not be read before somebody wants tried
    # once more; of all else it is told again what became of it.
    return {"taken_revision": ""} if order.delivery.state in UNREADABLE else {"is_settled": False}


def refresh(connection: ScannerIntegration) -> None:
    """Look at the list on the other side now, without fetching anything. Raises ConnectorError."""
    for page in connector_of(connection).pages(planning.since(connection.cursor)):
        for remote in page.orders:
            note_order(connection, remote)


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
