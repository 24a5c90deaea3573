"""Waking a worker. The only module that knows django-q2, and it hands over ids, nothing else."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django_q.models import Schedule
from django_q.tasks import async_task  # noqa: TID251 - this is the one place


def wake(task: str, subject: uuid.UUID) -> None:
    """Tell a worker about a row once the transaction is through; losing the message only costs time.

    task: the dotted name of a function that takes the row's uuid as text.
    """
    transaction.on_commit(lambda: async_task(task, str(subject)))


def wake_worker(job_uuid: uuid.UUID) -> None:
    wake("scans.tasks.run_job", job_uuid)


def ensure_schedules(tasks: Mapping[str, str]) -> None:
    """Have each task called every minute; idempotent. tasks: a schedule's name -> dotted name of a function."""
    for name, function in tasks.items():
        Schedule.objects.update_or_create(
            name=name,
            defaults={"func": function, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
        )
