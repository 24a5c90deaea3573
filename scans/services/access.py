"""Reading leaves a trace: who looked at which scan or case, who took an original away."""

from patients.audit import Actor, record
from scans.models import Case, Scan


def note_viewed(row: Case | Scan, *, actor: Actor) -> None:
    _note("viewed", row, actor)


def note_downloaded(scan: Scan, *, actor: Actor) -> None:
    _note("downloaded", scan, actor)


def _note(verb: str, row: Case | Scan, actor: Actor) -> None:
    subject, case = ("scan", row.case) if isinstance(row, Scan) else ("case", row)
    record(f"{subject}.{verb}", subject, row.uuid, clinic=case.clinic, actor=actor)
