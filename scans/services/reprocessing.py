"""Reading a case again from its originals, after a reader or a check was improved or a key was stored."""

from collections.abc import Callable
from typing import Any

from patients.audit import Actor
from scans.models import Case, Job
from scans.services import filing, processing
from scans.services.lease import JobLease


def prepare(job: Job, lease: JobLease) -> Callable[[], dict[str, Any]]:
    case = Case.objects.select_related("delivery__clinic").filter(uuid=job.subject_uuid).first()
    if case is None:  # it came of a split that was undone
        return lambda: {"case": str(job.subject_uuid), "scans": 0}
    reading = processing.read(case.delivery, lease)
    return lambda: filing.refresh_case(case.pk, reading, actor=Actor.system("reprocess"))
