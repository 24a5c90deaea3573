"""Bites linked to the arches they join, inside one case."""

from scans.bites import BiteScan, belongs_together
from scans.classification.verdict import Arch, Role, Side
from scans.models import BiteLink, Case


def link(case: Case) -> None:
    """Link every bite of a case to its upper and lower, replacing earlier links."""
    scans = {str(scan.uuid): scan for scan in case.scans.usable()}
    values = [
        BiteScan(key, Arch(scan.arch), Role(scan.role), Side(scan.side), scan.position) for key, scan in scans.items()
    ]
    BiteLink.objects.filter(case=case).delete()
    BiteLink.objects.bulk_create(
        BiteLink(
            case=case,
            bite=scans[group.bite_key],
            upper=scans.get(group.upper_key or ""),
            lower=scans.get(group.lower_key or ""),
            evidence=group.evidence,
        )
        for group in belongs_together(values)
    )
