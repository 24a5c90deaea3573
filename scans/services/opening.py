"""Opening a piece of background work: the row that is the truth of it."""

import uuid

from patients.models import Clinic
from scans.models import Job


def open_job(kind: Job.Kind, subject_uuid: uuid.UUID, clinic: Clinic) -> Job:
    """The open job for this work; a second request finds the first."""
    job, _ = Job.objects.get_or_create(
        kind=kind,
        subject_uuid=subject_uuid,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
        defaults={"clinic": clinic},
    )
    return job
