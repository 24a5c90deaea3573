"""Telling the other side what became of its orders, once they were read here."""

import logging

from integrations.connectors.base import Connector, Outcome, RemoteOrder, Settlement
from integrations.errors import ConnectorError, TryLater
from integrations.models import ScannerIntegration, ScannerOrder
from scans.models import Case, Delivery

log = logging.getLogger(__name__)

OUTCOMES: dict[str, Outcome] = {
    Delivery.State.DUPLICATE: Outcome.DUPLICATE,
    Delivery.State.REJECTED: Outcome.REJECTED,
    Delivery.State.FAILED: Outcome.FAILED,
}


def settle_all(connection: ScannerIntegration, connector: Connector) -> ConnectorError | None:
    """Every order that was read since and not told of yet. Returns what kept one from being told: it is told later."""
    waiting = ScannerOrder.objects.filter(connection=connection).to_settle().select_related("delivery")
    troubles = [_settle(order, order.delivery, connector) for order in waiting if order.delivery]
    return next((trouble for trouble in troubles if trouble), None)


def _settle(order: ScannerOrder, delivery: Delivery, connector: Connector) -> ConnectorError | None:
    remote = RemoteOrder(order.order_id, order.taken_revision, order.changed_at)
    try:
        connector.settle(remote, settlement_of(delivery))
    except ConnectorError as error:
        log.warning("order %s cannot be settled: %s", order.uuid, error.code)
        return error
    except OSError as error:
        log.error("order %s cannot be settled: %s", order.uuid, type(error).__name__)  # noqa: TRY400 - may hold names
        return TryLater("cannot_settle", "What became of an export could not be written down beside it.")
    ScannerOrder.objects.filter(pk=order.pk, taken_revision=order.taken_revision).update(is_settled=True)
    return None


def settlement_of(delivery: Delivery) -> Settlement:
    """In words for the person who looks into the folder."""
    case = Case.objects.filter(delivery=delivery).first()
    lines = tuple(f"{line['path']}: {line['verdict']} {line['message'] or ''}".rstrip() for line in delivery.report)
    if delivery.state in OUTCOMES:
        return Settlement(OUTCOMES[delivery.state], delivery.message, lines)
    is_filed = case is not None and case.state == Case.State.FILED
    if is_filed:
        return Settlement(Outcome.FILED, "Filed under its patient.", lines)
    return Settlement(Outcome.WAITS, "Waits in Archway's queue for a person to decide.", lines)
