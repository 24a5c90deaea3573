"""Reading leaves a trace: who looked at which scan or case, who took an original away."""

from patients.audit import Actor, record
from scans.models import Case, Scan


def note_case_viewed(case: Case, *, actor: Actor) -> None:
    record("case.viewed", "case", case.uuid, clinic=case.clinic, actor=actor)


def note_scan_viewed(scan: Scan, *, actor: Actor) -> None:
    record("scan.viewed", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor)


def note_original_downloaded(scan: Scan, *, actor: Actor) -> None:
    record("scan.downloaded", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor)
