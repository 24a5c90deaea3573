"""What a case still lacks, from its rows: shown wherever a person looks at it, so that a rescan is asked for now."""

from scans.bites import BiteScan
from scans.classification.verdict import Arch, Role, Side
from scans.completeness import Lack, lacks, purpose_of
from scans.models import Case, Scan


def lacks_of(case: Case) -> tuple[Lack, ...]:
    """Uses `case.scans` and `case.occlusion` as fetched: no further query for a case of a list that fetched them."""
    usable = [scan for scan in case.scans.all() if scan.state != Scan.State.REJECTED]
    present = [BiteScan(str(scan.uuid), Arch(scan.arch), Role(scan.role), Side(scan.side)) for scan in usable]
    purpose = purpose_of(str(case.metadata.get("case_type", "")))
    occlusion = getattr(case, "occlusion", None)
    return lacks(present, purpose, relation_known=occlusion is not None and occlusion.is_known)
