"""What a case still lacks, from its rows: shown wherever a person looks at it, so that a rescan is asked for now."""

from dataclasses import replace

from scans.bites import BiteScan
from scans.classification.verdict import Arch, Role, Side
from scans.completeness import Lack, lacks, purpose_of
from scans.models import Case, Occlusion, Scan
from scans.said import said


def lacks_of(case: Case) -> tuple[Lack, ...]:
    """In the reader's language.

    Uses `case.scans` and `case.occlusion` as fetched: no further query for a case of a list that fetched them.
    """
    usable = [scan for scan in case.scans.all() if scan.state != Scan.State.REJECTED]
    present = [BiteScan(str(scan.uuid), Arch(scan.arch), Role(scan.role), Side(scan.side)) for scan in usable]
    purpose = purpose_of(str(case.metadata.get("case_type", "")))
    found = lacks(present, purpose, relation_known=_relation_known(getattr(case, "occlusion", None)))
    return tuple(replace(lack, message=said(lack.message)) for lack in found)


def _relation_known(occlusion: Occlusion | None) -> bool | None:
    """None where nothing was found out because our own check failed or has not come yet."""
    if occlusion is None or "failure" in occlusion.numbers:
        return None
    return occlusion.is_known
