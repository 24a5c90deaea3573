"""The ledger of background work: take, keep, finish, give back, give up. Running twice is harmless."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from patients.audit import Actor, record
from scans.models import Delivery, Job
from scans.queue import wake_worker
from scans.services import processing, registration, reprocessing
from scans.services.lease import JobLease, LostLease
from scans.services.workspace import sweep_workspaces

log = logging.getLogger(__name__)

State = Job.State
Commit = Callable[[], dict[str, Any]]
WORK: dict[str, Callable[[Job, JobLease], Commit]] = {
    Job.Kind.PROCESS_DELIVERY: processing.prepare,
    Job.Kind.REPROCESS_CASE: reprocessing.prepare,
    Job.Kind.REGISTER_BITES: registration.prepare,
}
"""Kind -> the long part, which touches no row and returns the short part: one transaction that files the result."""

UNQUEUED_AFTER = timedelta(minutes=2)


def run(job_uuid: uuid.UUID) -> str:
    """Do the work of a job if nobody else does; returns the state it is in afterwards."""
    job = _take(job_uuid)
    if job is None:
        return "not taken"
    lease = JobLease(job)
    try:
        commit = WORK[job.kind](job, lease)
        with transaction.atomic():
            lease.finish(commit())
    except LostLease:
        log.warning("job %s: another worker has it", job.uuid)
        return "lost"
    except Exception as error:  # noqa: BLE001 - the process border: the row records it, the sweeper decides
        log.error("job %s failed: %s", job.uuid, type(error).__name__)  # noqa: TRY400 - a traceback may hold names
        return _give_back(job, lease, type(error).__name__)
    return State.DONE


def _take(job_uuid: uuid.UUID) -> Job | None:
    """One conditional UPDATE: who changes the row has the job. The attempt counts before the work starts."""
    worker = uuid.uuid4()
    taken = Job.objects.filter(uuid=job_uuid, state=State.QUEUED, attempts__lt=settings.ARCHWAY_JOB_ATTEMPTS).update(
        state=State.RUNNING, worker=worker, attempts=F("attempts") + 1, lease_until=_lease_end()
    )
    return Job.objects.select_related("clinic").get(uuid=job_uuid) if taken else None


def _lease_end() -> Any:
    return timezone.now() + timedelta(seconds=settings.ARCHWAY_LEASE_SECONDS)


def _give_back(job: Job, lease: JobLease, error: str) -> str:
    """After a failure: once more, or no more when the attempts are used up."""
    if job.attempts >= settings.ARCHWAY_JOB_ATTEMPTS:
        with transaction.atomic():
            mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=State.RUNNING)
            return State.QUARANTINED if _quarantine(job, mine, error) else "lost"
    # No worker is woken: the sweeper comes back in a while, when a full disk or a lost database may be over.
    return State.QUEUED if lease.release(error) else "lost"


def _quarantine(job: Job, as_seen: QuerySet[Job], error: str) -> bool:
    """Give up on a job if it still is as it was seen: one that another worker has taken stays that worker's."""
    changed = as_seen.update(
        state=State.QUARANTINED, last_error=error, worker=None, lease_until=None, finished_at=timezone.now()
    )
    if changed and job.kind == Job.Kind.PROCESS_DELIVERY:
        Delivery.objects.filter(uuid=job.subject_uuid, state=Delivery.State.RECEIVED).update(
            state=Delivery.State.FAILED,
            code="gave_up",
            message=(
                f"Reading this delivery failed {job.attempts} times and was stopped. The originals are kept: "
                "an imaging admin can start it again in the list of background jobs."
            ),
        )
    return bool(changed)


def sweep() -> dict[str, int]:
    """Find jobs nobody works on and wake a worker for them; give up on those that used up their attempts."""
    sweep_workspaces()
    now = timezone.now()
    woken = given_up = 0
    for job in Job.objects.stale(now=now, queued_before=now - UNQUEUED_AFTER):
        with transaction.atomic():
            if job.attempts >= settings.ARCHWAY_JOB_ATTEMPTS:
                given_up += _quarantine(job, _as_seen(job), job.last_error or "the worker died while it worked on this")
            elif _requeue(job):
                wake_worker(job.uuid)
                woken += 1
    return {"woken": woken, "given_up": given_up}


def _requeue(job: Job) -> bool:
    """Conditional on what was seen: a worker that came back in between keeps its job."""
    return bool(_as_seen(job).update(state=State.QUEUED, worker=None, lease_until=None, woken_at=timezone.now()))


def _as_seen(job: Job) -> QuerySet[Job]:
    rows: QuerySet[Job] = Job.objects.filter(
        pk=job.pk, state=job.state, lease_until=job.lease_until, woken_at=job.woken_at
    )
    return rows


def retry(job: Job, *, actor: Actor) -> bool:
    """A person starts a given-up job again, with fresh attempts; False when the same work is under way already."""
    try:
        with transaction.atomic():
            return _retry(job, actor)
    except IntegrityError:  # one open job per piece of work
        return False


def _retry(job: Job, actor: Actor) -> bool:
    changed = Job.objects.filter(pk=job.pk, state=State.QUARANTINED).update(
        state=State.QUEUED, attempts=0, last_error="", finished_at=None, woken_at=timezone.now()
    )
    if changed:
        Delivery.objects.filter(uuid=job.subject_uuid, state=Delivery.State.FAILED).update(
            state=Delivery.State.RECEIVED, code="", message=""
        )
        record("job.started_again", "job", job.uuid, clinic=job.clinic, actor=actor)
        wake_worker(job.uuid)
    return bool(changed)
