"""Reading a case again from its originals, after a reader or a check was improved or a key was stored."""

from collections.abc import Callable
from typing import Any

from patients.audit import Actor, record
from scans.models import Case, Job
from scans.services import bites, deciding, filing, processing
from scans.services.lease import Lease


def prepare(job: Job, lease: Lease) -> Callable[[], dict[str, Any]]:
    case = Case.objects.select_related("clinic", "delivery__clinic").get(uuid=job.subject_uuid)
    reading = processing.read(case.delivery, lease)
    return lambda: _refresh(case, reading)


def _refresh(case: Case, reading: filing.Reading) -> dict[str, Any]:
    """Renew what was measured. Types that a person chose and the link to a patient stay as they are."""
    found = {reading.kept[mesh.entry.path].sha256: mesh for mesh in reading.case.meshes}
    refreshed = 0
    for scan in case.scans.all():
        mesh = found.get(scan.sha256)
        if mesh:
            filing.fill_scan(scan, mesh, reading.kept[mesh.entry.path], case)
            scan.save()
            refreshed += 1
    bites.link(case)
    if case.state == Case.State.PENDING:
        deciding.decide(case, earlier=[], wanted=case.delivery.wanted, actor=Actor.system("reprocess"))
    record("case.reprocessed", "case", case.uuid, clinic=case.clinic, actor=Actor.system("reprocess"), scans=refreshed)
    return {"case": str(case.uuid), "scans": refreshed}
