"""Reading leaves a trace: who looked at which scan, case or delivery, who took an original away."""

from patients.audit import Actor, record
from scans.models import Case, Delivery, Scan

SUBJECTS = {Case: "case", Scan: "scan", Delivery: "delivery"}


def note_viewed(row: Case | Scan | Delivery, *, actor: Actor) -> None:
    _note("viewed", row, actor)


def note_downloaded(scan: Scan, *, actor: Actor) -> None:
    _note("downloaded", scan, actor)


def _note(verb: str, row: Case | Scan | Delivery, actor: Actor) -> None:
    subject = next(name for kind, name in SUBJECTS.items() if isinstance(row, kind))
    clinic = row.case.clinic if isinstance(row, Scan) else row.clinic
    record(f"{subject}.{verb}", subject, row.uuid, clinic=clinic, actor=actor)
