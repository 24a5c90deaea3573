"""The ledger of sync runs: ask for one, take it, end it, take over what a killed worker left."""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from integrations import planning
from integrations.errors import ConnectorError, Reconnect, TryLater
from integrations.fields import CannotDecrypt
from integrations.models import ScannerIntegration, ScannerOrder, SyncRun
from integrations.services import syncing
from integrations.services.linking import ENDED, NO_ERROR
from integrations.services.parts import sweep_parts
from patients.audit import Actor, record
from patients.errors import Conflict
from patients.models import Patient, Treatment
from scans.queue import wake
from scans.services.lease import Lease, LostLease

log = logging.getLogger(__name__)

State, Reason = SyncRun.State, SyncRun.Reason
TASK = "integrations.tasks.run_sync"
UNQUEUED_AFTER = timedelta(minutes=2)
RUNS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OneOrder:
    """The only order that is wanted, and where a person wants it filed."""

    order_id: str
    patient: Patient | None = None
    treatment: Treatment | None = None


def ask_for(
    connection: ScannerIntegration,
    *,
    reason: SyncRun.Reason,
    actor: Actor,
    only: OneOrder | None = None,
    wakes: bool = True,
) -> SyncRun:
    """A run that a worker takes up, or with `wakes` False the caller; for all that is new, or for one order.

    Raises Conflict while one is open, or when the scanner is not connected.
    """
    if not ScannerIntegration.objects.working().filter(pk=connection.pk).exists():
        raise Conflict("not_connected", "This scanner is not connected. An imaging admin can connect it.")
    wanted = only or OneOrder("")
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(
                connection=connection,
                reason=reason,
                requested_by=actor.user,
                order_id=wanted.order_id,
                patient=wanted.patient,
                treatment=wanted.treatment,
            )
            if actor.user:
                record("sync.asked_for", "sync", run.uuid, clinic=connection.clinic, actor=actor)
            if wakes:
                wake(TASK, run.uuid)
    except IntegrityError:
        raise Conflict("sync_runs", "A look for new scans is under way already.") from None
    return run


def run(run_uuid: uuid.UUID) -> str:
    """Do the work of a run if nobody else does; returns the state it is in afterwards."""
    taken = _take(run_uuid)
    if taken is None:
        return "not taken"
    lease = Lease(SyncRun.objects.filter(pk=taken.pk, worker=taken.worker, state=State.RUNNING))
    try:
        with lease.beating():
            error = _tried(taken, lease)
            _end(taken, lease, error)
    except LostLease:
        return "lost"
    return State.FAILED if error else State.DONE


def _tried(run: SyncRun, lease: Lease) -> ConnectorError | None:
    """What kept the look from being done; raises LostLease."""
    try:
        syncing.sync(run, lease)
    except LostLease:
        raise
    except ConnectorError as error:
        return error
    except CannotDecrypt as error:
        return ConnectorError("cannot_decrypt", str(error))
    except Exception as error:  # noqa: BLE001 - the process border: the row records it, the next look tries again
        log.error("sync run %s failed: %s", run.uuid, type(error).__name__)  # noqa: TRY400 - a traceback may hold names
        return TryLater("failed", "Archway failed on this look. The next one tries again.")
    return None


def _take(run_uuid: uuid.UUID) -> SyncRun | None:
    """One conditional UPDATE: who changes the row has the run. The attempt counts before the work starts."""
    now = timezone.now()
    taken = SyncRun.objects.filter(
        uuid=run_uuid, state=State.QUEUED, connection__in=ScannerIntegration.objects.working().values("pk")
    ).update(
        state=State.RUNNING,
        worker=uuid.uuid4(),
        attempts=F("attempts") + 1,
        started_at=now,
        lease_until=now + timedelta(seconds=settings.ARCHWAY_LEASE_SECONDS),
    )
    if not taken:
        return None
    found: SyncRun = SyncRun.objects.select_related("connection__clinic", "patient", "treatment").get(uuid=run_uuid)
    if not found.order_id:
        ScannerIntegration.objects.filter(pk=found.connection_id).update(last_attempt_at=now)
    return found


def _end(run: SyncRun, lease: Lease, error: ConnectorError | None) -> None:
    """The run's end and what it means for the connection: together or not at all."""
    with transaction.atomic():
        _lock_connection(run)
        lease.end(
            state=State.FAILED if error else State.DONE,
            finished_at=timezone.now(),
            code=error.code if error else "",
            message=error.message if error else "",
        )
        _tell(run, error)


def _tell(run: SyncRun, error: ConnectorError | None) -> None:
    """What the end of a run says of its connection, unless that has been changed since.

    A look for one order says nothing of all the others, and whether it is found nothing of the connection.
    """
    connection = ScannerIntegration.objects.filter(pk=run.connection_id, link=run.connection.link)
    if isinstance(error, Reconnect):
        connection.update(state=ScannerIntegration.State.RECONNECT, **_failure(run.connection, error))
    elif not run.order_id or (error and error.code == "too_many_calls"):
        connection.update(**(_failure(run.connection, error) if error else NO_ERROR | {"last_sync_at": timezone.now()}))


def _failure(connection: ScannerIntegration, error: ConnectorError) -> dict[str, Any]:
    again = planning.after_failure(connection.failures, timezone.now(), error.retry_at)
    return {"error_code": error.code, "last_error": error.message, **again}


def ask_for_due() -> int:
    """A run for every connection whose time has come; called every minute."""
    asked = 0
    for connection in _due(timezone.now()):
        try:
            reason = Reason.CALLBACK if connection.has_hint else Reason.SCHEDULE
            ask_for(connection, reason=reason, actor=Actor.system("schedule"))
            asked += 1
        except Conflict:  # somebody was first
            continue
    return asked


def _due(now: Any) -> list[Any]:
    rows = ScannerIntegration.objects.working().without_secrets().select_related("clinic")
    allowed = rows.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
    return [connection for connection in allowed if connection.is_due(now) or _has_news(connection)]


def _has_news(connection: ScannerIntegration) -> bool:
    """Whether the other side is still to hear what became of its orders."""
    return bool(ScannerOrder.objects.filter(connection=connection).to_settle().exists())


def sweep() -> dict[str, int]:
    """Take over runs whose worker died; end those that died too often."""
    now, woken, given_up = timezone.now(), 0, 0
    idle = SyncRun.objects.open().exclude(connection__in=ScannerIntegration.objects.working().values("pk"))
    idle.update(finished_at=now, **ENDED)
    for stale in SyncRun.objects.stale(now=now, queued_before=now - UNQUEUED_AFTER).select_related("connection"):
        as_seen = SyncRun.objects.filter(
            pk=stale.pk, state=stale.state, lease_until=stale.lease_until, woken_at=stale.woken_at
        )
        with transaction.atomic():
            if stale.attempts >= settings.ARCHWAY_JOB_ATTEMPTS:
                given_up += _give_up(stale, as_seen)
            elif as_seen.update(state=State.QUEUED, worker=None, lease_until=None, woken_at=now):
                wake(TASK, stale.uuid)
                woken += 1
    sweep_parts()
    SyncRun.objects.filter(finished_at__lt=now - RUNS_KEPT).delete()
    return {"woken": woken, "given_up": given_up}


def _lock_connection(run: SyncRun) -> None:
    """Connection first, then run: the order in which a person's change takes them, so that neither waits for ever."""
    ScannerIntegration.objects.select_for_update(no_key=True).values_list("pk").get(pk=run.connection_id)


def _give_up(run: SyncRun, as_seen: "QuerySet[SyncRun]") -> int:
    _lock_connection(run)
    error = TryLater("gave_up", f"The worker died {run.attempts} times during this look. The next one tries again.")
    ended = as_seen.update(
        state=State.FAILED, worker=None, lease_until=None, finished_at=timezone.now(), code=error.code,
        message=error.message,
    )  # fmt: skip
    if ended:
        _tell(run, error)
    return int(ended)
