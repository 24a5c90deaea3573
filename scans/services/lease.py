"""A worker's hold on a job: renewed while it works, checked when it files the result."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from scans.models import Job


class LostLease(Exception):
    """Another worker has taken the job: this one must not write anything."""


class Lease:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)
        self._renewed = time.monotonic()

    def keep(self) -> None:
        """Say that the worker lives; cheap to call often. Raises LostLease when the job went to another worker."""
        if time.monotonic() - self._renewed >= settings.ARCHWAY_LEASE_SECONDS / 4:
            self._renew()

    def step(self, done: int, total: int) -> None:
        self._renew(steps_done=done, steps_total=total)

    def _renew(self, **progress: int) -> None:
        until = timezone.now() + timedelta(seconds=settings.ARCHWAY_LEASE_SECONDS)
        if not self._mine.update(lease_until=until, **progress):
            raise LostLease
        self._renewed = time.monotonic()

    def finish(self, outcome: dict[str, Any]) -> None:
        """Inside the transaction that files the result: both happen, or neither."""
        finished = self._mine.update(
            state=Job.State.DONE, outcome=outcome, finished_at=timezone.now(), lease_until=None, last_error=""
        )
        if not finished:
            raise LostLease

    def release(self, error: str) -> bool:
        return bool(
            self._mine.update(
                state=Job.State.QUEUED, worker=None, lease_until=None, last_error=error, woken_at=timezone.now()
            )
        )
