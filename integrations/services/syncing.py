"""One look at the other side: tell it what became of earlier orders, list, and hand over what is new, each once."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from integrations.connectors.base import Connector, RemoteOrder
from integrations.errors import ConnectorError, Misconfigured, Reconnect, Skip, TryLater
from integrations.models import ScannerIntegration, ScannerOrder, SyncItem, SyncRun
from integrations.services import parts
from integrations.services.connectors import connector_of
from integrations.services.listing import count, list_orders
from integrations.services.orders import GONE, NO_FAILURE, NOT_READY, UNREADABLE, note_failure, note_order
from integrations.services.settling import settle_all
from patients.audit import Actor
from patients.errors import DomainError
from scans.models import Delivery
from scans.services import intake
from scans.services.intake import Incoming, Wanted
from scans.services.lease import Lease, LostLease
from scans.storage import CHUNK

log = logging.getLogger(__name__)

ALL_WAIT = {"too_many_calls", "refresh_busy", "connection_changed"}
"""Where going on with the next order would only make it worse."""
OURS = (LostLease, Reconnect, OperationalError, InterfaceError)
"""What is never one order's fault: the run, the grant or the database is lost."""
LONGEST = timedelta(minutes=10)
"""Then a run leaves the rest to the next one: years of orders must not keep a worker from everything else."""


def sync(run: SyncRun, lease: Lease) -> None:
    """Do what a run asks for. Raises ConnectorError when it could not be done as a whole; what came in stays in."""
    connection = run.connection
    connector = connector_of(connection)
    troubles = [
        settle_all(connection, connector),
        None if run.order_id else list_orders(run, connector, lease),
        _take_all(run, connector, lease),
    ]
    if trouble := next((one for one in troubles if one), None):
        raise trouble


def _take_all(run: SyncRun, connector: Connector, lease: Lease) -> ConnectorError | None:
    """Every order by itself: what goes wrong with one costs only that one.

    Returns what is wrong with all of them, where nothing came and all failed because of how we are set up.
    """
    deadline = timezone.now() + LONGEST
    errors: list[ConnectorError] = []
    for order_id in _wanted_orders(run):
        lease.keep()
        error = _tried(run, order_id, connector, lease)
        if error:
            errors.append(error)
        if timezone.now() > deadline:
            ScannerIntegration.objects.filter(pk=run.connection_id).update(hinted_at=timezone.now())
            break
    is_our_fault = errors and not run.taken and all(isinstance(error, Misconfigured) for error in errors)
    return errors[0] if is_our_fault or (errors and run.order_id) else None


def _tried(run: SyncRun, order_id: str, connector: Connector, lease: Lease) -> ConnectorError | None:
    try:
        if _take(run, order_id, connector, lease):
            count(run, lease, taken=1)
    except OURS:
        raise
    except ConnectorError as error:
        return _failed(run, order_id, error, lease)
    except DomainError as error:
        return _failed(run, order_id, Skip(error.code, error.message), lease)
    except Exception as error:  # noqa: BLE001 - one order's border: it is recorded, and the others have their turn
        log.error("sync run %s: an order failed: %s", run.uuid, type(error).__name__)  # noqa: TRY400
        return _failed(run, order_id, TryLater("failed", "Archway failed on this order. It is tried again."), lease)
    return None


def _failed(run: SyncRun, order_id: str, error: ConnectorError, lease: Lease) -> ConnectorError:
    order = ScannerOrder.objects.filter(
        connection=run.connection, account=run.connection.account, order_id=order_id
    ).first()
    log.warning("sync run %s: order %s: %s", run.uuid, order.uuid if order else "unknown", error.code)
    if order:
        note_failure(order, error)
    if order and error.code == GONE:
        # Asked for a while longer by its id, as one that is not ready; a listing that shows it again brings it back.
        ScannerOrder.objects.filter(pk=order.pk).update(is_ready=False)
    if error.code != NOT_READY:
        SyncItem.objects.create(
            run=run, order=order, outcome=SyncItem.Outcome.FAILED, code=error.code, message=error.message
        )
        count(run, lease, failed=1)
    if error.code in ALL_WAIT:
        raise error
    return error


def _wanted_orders(run: SyncRun) -> list[str]:
    if run.order_id:
        return [run.order_id]
    orders = ScannerOrder.objects.filter(connection=run.connection, account=run.connection.account)
    return list(orders.to_fetch(timezone.now()).order_by("changed_at", "pk").values_list("order_id", flat=True))


def _take(run: SyncRun, order_id: str, connector: Connector, lease: Lease) -> bool:
    """Ask for an order by its id, fetch it and hand it over; False when there is nothing new of it."""
    remote = connector.order(order_id)
    order = note_order(run.connection, remote)
    if not remote.is_ready:
        raise Skip(NOT_READY, "The scanner's cloud has not got all files of this order yet.")
    if remote.revision == order.taken_revision and not _is_wanted_again(run, order):
        return False
    kept = intake.keep(_fetch(order, remote, connector, lease))
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
            taken_revision=remote.revision,
            delivery=receipt.delivery,
            is_settled=run.connection.is_cloud,
            **NO_FAILURE,
        )
        SyncItem.objects.create(run=run, order=order, outcome=SyncItem.Outcome.TAKEN)
    parts.drop(order)
    return True


def _is_wanted_again(run: SyncRun, order: ScannerOrder) -> bool:
    """A person says whose it is, or asks once more for what could not be read."""
    was_unreadable = order.delivery is not None and order.delivery.state in UNREADABLE
    return bool(run.patient or (run.order_id and was_unreadable))


def _fetch(order: ScannerOrder, remote: RemoteOrder, connector: Connector, lease: Lease) -> list[Incoming]:
    folder = parts.folder_of(order, remote.revision)
    room = settings.ARCHWAY_UPLOAD_LIMIT_BYTES
    files = []
    for number, file in enumerate(remote.files):
        place = folder / f"{number}.part"
        connector.fetch(remote, file, place, cap=room, on_chunk=lease.keep)
        size = place.stat().st_size
        room -= size
        files.append(Incoming(file.name, _chunks(place, lease), size))
    return files


def _chunks(place: Path, lease: Lease) -> Iterator[bytes]:
    with place.open("rb") as source:
        while chunk := source.read(CHUNK):
            lease.keep()
            yield chunk


def _wanted(run: SyncRun, order: ScannerOrder) -> Wanted:
    """A cloud's order may know more of the patient than its export, or something else: then a person must look."""
    return Wanted(
        patient=str(run.patient.uuid) if run.patient else "",
        treatment=str(run.treatment.uuid) if run.treatment else "",
        ordered_for=order.identity() if run.connection.is_cloud else None,
        account=str(run.connection.uuid),
    )


def _actor(run: SyncRun) -> Actor:
    return Actor.of(run.requested_by) if run.requested_by else Actor.system(f"{run.connection} connection")
