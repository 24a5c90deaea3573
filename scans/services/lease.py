"""A worker's hold on a piece of work: renewed while it works, checked when it files the result."""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from scans.models import Job

LONGEST_TASK_S: float = settings.Q_CLUSTER["timeout"]  # type: ignore[assignment]


class LostLease(Exception):
    """Another worker has taken the work: this one must not write anything."""


class Lease:
    """A hold on a row with `lease_until`. mine: that row, for as long as it is this worker's."""

    def __init__(self, mine: "QuerySet[Any]") -> None:
        self._mine = mine
        self._renewed = time.monotonic()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Kept by a thread of its own for as long as the block runs, through waits that cannot call `keep`."""
        stop = threading.Event()
        thread = threading.Thread(target=self._beat, args=(stop,), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _beat(self, stop: threading.Event) -> None:
        """As long as any task may take, not longer. Whether the lease is lost, the worker's own `renew` finds out."""
        last = time.monotonic() + LONGEST_TASK_S
        try:
            while not stop.wait(settings.ARCHWAY_LEASE_SECONDS / 4) and time.monotonic() < last:
                with contextlib.suppress(DatabaseError):  # the next beat may get through
                    self._mine.update(lease_until=_end_of_lease())
        finally:
            connection.close()

    def keep(self) -> None:
        """Say that the worker lives; cheap to call often. Raises LostLease when the work went to another worker."""
        if time.monotonic() - self._renewed >= settings.ARCHWAY_LEASE_SECONDS / 4:
            self.renew()

    def renew(self, **changes: Any) -> None:
        if not self._mine.update(lease_until=_end_of_lease(), **changes):
            raise LostLease
        self._renewed = time.monotonic()

    def end(self, **changes: Any) -> None:
        """Inside the transaction that files the result: both happen, or neither."""
        if not self._mine.update(lease_until=None, **changes):
            raise LostLease


def _end_of_lease() -> datetime:
    return timezone.now() + timedelta(seconds=settings.ARCHWAY_LEASE_SECONDS)


class JobLease(Lease):
    def __init__(self, job: Job) -> None:
        super().__init__(Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING))

    def step(self, done: int, total: int) -> None:
        self.renew(steps_done=done, steps_total=total)

    def finish(self, outcome: dict[str, Any]) -> None:
        self.end(state=Job.State.DONE, outcome=outcome, finished_at=timezone.now(), last_error="")

    def release(self, error: str) -> bool:
        return bool(
            self._mine.update(
                state=Job.State.QUEUED, worker=None, lease_until=None, last_error=error, woken_at=timezone.now()
            )
        )
