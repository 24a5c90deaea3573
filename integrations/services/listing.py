"""Reading the list of the other side: every order noted, what cannot be read told, and how far it came remembered."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from integrations import planning
from integrations.connectors.base import Connector, RemoteOrder
from integrations.errors import BadAnswer, ConnectorError, TryLater
from integrations.models import ScannerIntegration, SyncItem, SyncRun
from integrations.services.connectors import looks_of
from integrations.services.orders import note_order
from scans.services.lease import Lease

log = logging.getLogger(__name__)


def list_orders(run: SyncRun, connector: Connector, lease: Lease) -> ConnectorError | None:
    """Note every order of a listing. One that broke off is returned, to be told at the end: what it gave counts."""
    connection, began = run.connection, timezone.now()
    moments: list[datetime] = []
    faults: list[ConnectorError] = []
    failure: ConnectorError | None = None
    try:
        for page in connector.pages(planning.since(connection.cursor)):
            faults += [*page.faults, *_noted(connection, page.orders)]
            moments += [remote.changed_at for remote in page.orders]
            lease.renew(listed=len(moments))
    except (TryLater, BadAnswer) as error:
        failure = error
    _tell(run, faults, lease)
    cursor = connection.cursor
    if failure is None:
        cursor = planning.advanced(cursor, max(moments, default=None), began=began, has_faults=bool(faults))
    same = ScannerIntegration.objects.filter(pk=connection.pk, link=connection.link)
    same.update(cursor={**cursor, **looks_of(connector)})
    return failure


def _noted(connection: ScannerIntegration, orders: Iterable[RemoteOrder]) -> list[ConnectorError]:
    """One fault for each order that cannot be stored: it must not keep the others from coming."""
    faults: list[ConnectorError] = []
    for remote in orders:
        try:
            note_order(connection, remote)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one entry's border
            log.error("connection %s: an entry cannot be stored: %s", connection.uuid, type(error).__name__)  # noqa: TRY400
            faults.append(BadAnswer("cannot_be_noted", "An entry of the list holds something that cannot be stored."))
    return faults


def _tell(run: SyncRun, faults: list[ConnectorError], lease: Lease) -> None:
    rows: list[Any] = [
        SyncItem(run=run, outcome=SyncItem.Outcome.FAILED, code=fault.code, message=fault.message) for fault in faults
    ]
    SyncItem.objects.bulk_create(rows)
    if rows:
        count(run, lease, failed=len(rows))


def count(run: SyncRun, lease: Lease, *, taken: int = 0, failed: int = 0) -> None:
    run.taken, run.failed = run.taken + taken, run.failed + failed
    lease.renew(taken=run.taken, failed=run.failed)
