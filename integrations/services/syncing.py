"""One look at the other side: tell it what became of earlier orders, list, and hand over what is new, each once."""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from integrations import planning
from integrations.connectors.base import Connector, RemoteOrder
from integrations.errors import BadAnswer, ConnectorError, Skip, TryLater
from integrations.models import ScannerIntegration, ScannerOrder, SyncItem, SyncRun
from integrations.services import parts
from integrations.services.connectors import connector_of, looks_of
from integrations.services.orders import note_order
from integrations.services.settling import settle_all
from patients.audit import Actor
from scans.models import Delivery
from scans.services import intake
from scans.services.intake import Incoming, Wanted
from scans.services.lease import Lease
from scans.storage import CHUNK

log = logging.getLogger(__name__)

ITEM_ERRORS = (Skip, TryLater, BadAnswer)
"""What costs one order only; anything else ends the run."""
ALL_WAIT = {"too_many_calls", "refresh_busy"}
"""Where going on with the next order would only make it worse."""


def sync(run: SyncRun, lease: Lease) -> None:
    """Do what a run asks for. Raises ConnectorError when it could not be done as a whole; what came in stays in."""
    connection = run.connection
    connector = connector_of(connection)
    settle_all(connection, connector)
    failure = None
    if run.order_id:
        note_order(connection, connector.order(run.order_id))
    else:
        failure = _list(run, connector, lease)
    _take_all(run, connector, lease)
    settle_all(connection, connector)
    if failure:
        raise failure


def _list(run: SyncRun, connector: Connector, lease: Lease) -> ConnectorError | None:
    """Note every order of a listing. One that broke off is told at the end of the run: what it gave counts."""
    connection = run.connection
    moments: list[datetime] = []
    faults: list[ConnectorError] = []
    failure: ConnectorError | None = None
    try:
        for page in connector.pages(planning.since(connection.cursor)):
            for remote in page.orders:
                note_order(connection, remote)
            moments += [remote.changed_at for remote in page.orders]
            faults += page.faults
            lease.renew(listed=len(moments))
    except (TryLater, BadAnswer) as error:
        failure = error
    for fault in faults:
        _note_item(run, None, SyncItem.Outcome.FAILED, fault)
    # What could not be read may be fine tomorrow: then the mark stays, so that it is listed again.
    is_complete = not (failure or faults)
    mark = planning.advanced(connection.cursor, max(moments, default=None)) if is_complete else connection.cursor
    ScannerIntegration.objects.filter(pk=connection.pk).update(cursor={**mark, **looks_of(connector)})
    return failure


def _take_all(run: SyncRun, connector: Connector, lease: Lease) -> None:
    for order in _wanted_orders(run):
        lease.keep()
        try:
            if _take(run, order, connector, lease):
                _count(run, lease, taken=1)
        except ITEM_ERRORS as error:
            log.warning("sync run %s: order %s: %s", run.uuid, order.uuid, error.code)
            _note_failure(run, order, error)
            _count(run, lease, failed=1)
            if error.code in ALL_WAIT:
                raise


def _wanted_orders(run: SyncRun) -> Iterator[ScannerOrder]:
    orders = ScannerOrder.objects.filter(connection=run.connection, account=run.connection.account)
    if run.order_id:
        return iter(orders.filter(order_id=run.order_id))
    return iter(list(orders.to_fetch(timezone.now()).order_by("changed_at", "pk")))


def _take(run: SyncRun, order: ScannerOrder, connector: Connector, lease: Lease) -> bool:
    """Ask for an order once more, fetch it and hand it over; False when there is nothing new of it."""
    remote = connector.order(order.order_id)
    order = note_order(run.connection, remote)
    if not remote.is_ready:
        raise Skip("not_ready", "The scanner's cloud has not got all files of this order yet.")
    if remote.revision == order.taken_revision and not run.patient:
        return False
    files = _fetch(order, remote, connector, lease)
    kept = intake.keep(files)
    with transaction.atomic():
        lease.renew()
        receipt = intake.note(
            run.connection.clinic,
            kept,
            channel=Delivery.Channel.SCANNER,
            wanted=_wanted(run, order),
            actor=_actor(run),
        )
        ScannerOrder.objects.filter(pk=order.pk).update(
            taken_revision=remote.revision, delivery=receipt.delivery, failures=0,
            is_settled=run.connection.is_cloud,
            next_attempt_at=None, code="", message="",
        )  # fmt: skip
        SyncItem.objects.create(run=run, order=order, outcome=SyncItem.Outcome.TAKEN)
    parts.drop(order)
    return True


def _fetch(order: ScannerOrder, remote: RemoteOrder, connector: Connector, lease: Lease) -> list[Incoming]:
    folder = parts.folder_of(order, remote.revision)
    room = settings.ARCHWAY_UPLOAD_LIMIT_BYTES
    files = []
    for number, file in enumerate(remote.files):
        place = folder / f"{number}.part"
        connector.fetch(remote, file, place, cap=room, on_chunk=lease.keep)
        size = place.stat().st_size
        room -= size
        files.append(Incoming(file.name, _chunks(place), size))
    return files


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def _wanted(run: SyncRun, order: ScannerOrder) -> Wanted:
    return Wanted(
        patient=str(run.patient.uuid) if run.patient else "",
        treatment=str(run.treatment.uuid) if run.treatment else "",
        chart_number=order.chart_number,
    )


def _actor(run: SyncRun) -> Actor:
    return Actor.of(run.requested_by) if run.requested_by else Actor.system(f"{run.connection} connection")


def _note_failure(run: SyncRun, order: ScannerOrder, error: ConnectorError) -> None:
    failures = min(order.failures + 1, 1000)
    said = error.retry_at if isinstance(error, TryLater) else None
    again = planning.next_attempt(timezone.now(), failures, said)
    ScannerOrder.objects.filter(pk=order.pk).update(
        failures=failures, next_attempt_at=again, code=error.code, message=error.message
    )
    _note_item(run, order, SyncItem.Outcome.FAILED, error)


def _note_item(run: SyncRun, order: ScannerOrder | None, outcome: str, error: ConnectorError) -> None:
    SyncItem.objects.create(run=run, order=order, outcome=outcome, code=error.code, message=error.message)


def _count(run: SyncRun, lease: Lease, *, taken: int = 0, failed: int = 0) -> None:
    run.taken, run.failed = run.taken + taken, run.failed + failed
    lease.renew(taken=run.taken, failed=run.failed)
