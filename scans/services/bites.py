"""Bites linked to the arches they join, inside one case; and the work opened that checks them on the shapes."""

from dataclasses import dataclass

from scans.bites import BiteGroup, BiteScan, belongs_together, jaws_of
from scans.classification.verdict import Arch, Role, Side
from scans.models import BiteLink, Case, Job, Occlusion, Scan
from scans.queue import wake_worker
from scans.services.opening import open_job

CHECKED = (BiteLink.State.CONFIRMED, BiteLink.State.DOES_NOT_FIT, BiteLink.State.UNCERTAIN)
KEPT = (*CHECKED, BiteLink.State.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Working:
    """The scans of a case that count for how its jaws meet."""

    upper: Scan | None
    lower: Scan | None
    groups: tuple[BiteGroup, ...]


def working(case: Case) -> Working:
    scans = {str(scan.uuid): scan for scan in case.scans.usable()}
    values = [
        BiteScan(key, Arch(scan.arch), Role(scan.role), Side(scan.side), scan.position) for key, scan in scans.items()
    ]
    jaws = jaws_of(values)
    upper, lower = scans.get(jaws.upper.key or ""), scans.get(jaws.lower.key or "")
    return Working(upper, lower, tuple(belongs_together(values)))


def link(case: Case) -> None:
    """Link every bite of a case to its upper and lower, and see to it that they are laid on each other.

    What was found on the same scans before stays; what failed is tried once more. The caller holds the case's row.
    """
    now = working(case)
    _link_bites(case, now)
    _forget_other_jaws(case, now)
    if now.upper and now.lower and _is_open(case):
        wake_worker(open_job(Job.Kind.REGISTER_BITES, case.uuid, case.clinic).uuid)


def _link_bites(case: Case, now: Working) -> None:
    bites = {str(scan.uuid): scan for scan in case.scans.usable()}
    same = BiteLink.objects.filter(case=case, state__in=KEPT, upper=now.upper, lower=now.lower)
    kept = dict(same.filter(bite__uuid__in=[group.bite_key for group in now.groups]).values_list("bite_id", "pk"))
    BiteLink.objects.filter(case=case).exclude(pk__in=kept.values()).delete()
    for group in now.groups:
        bite = bites[group.bite_key]
        if bite.pk in kept:
            BiteLink.objects.filter(pk=kept[bite.pk]).update(evidence=group.evidence)
        else:
            BiteLink.objects.create(case=case, bite=bite, upper=now.upper, lower=now.lower, evidence=group.evidence)


def _forget_other_jaws(case: Case, now: Working) -> None:
    """The relation of jaws that count no more says nothing; one that came from a bite goes with its bite."""
    Occlusion.objects.filter(case=case).exclude(upper=now.upper, lower=now.lower).delete()
    if not BiteLink.objects.filter(case=case, state=BiteLink.State.CONFIRMED).exists():
        Occlusion.objects.filter(case=case, kind=Occlusion.Kind.BITE).delete()


def _is_open(case: Case) -> bool:
    known = Occlusion.objects.filter(case=case).exclude(kind=Occlusion.Kind.UNKNOWN).exists()
    return not known or BiteLink.objects.filter(case=case).exclude(state__in=CHECKED).exists()
