"""Waking a worker. The only module that knows django-q2, and it hands over ids, nothing else."""

import uuid

from django.db import transaction
from django_q.models import Schedule
from django_q.tasks import async_task  # noqa: TID251 - this is the one place


def wake_worker(job_uuid: uuid.UUID) -> None:
    """Tell a worker about a job once the transaction is through; losing the message only costs time."""
    transaction.on_commit(lambda: async_task("scans.tasks.run_job", str(job_uuid)))


def ensure_schedules() -> None:
    """The sweeper that finds jobs whose worker died; idempotent."""
    Schedule.objects.update_or_create(
        name="sweep stale jobs",
        defaults={"func": "scans.tasks.sweep_jobs", "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
    )
