"""How the jaws of a case meet, and whether its bites fit them: the originals are read again in child processes."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from patients.audit import Actor, record
from scans.classification.verdict import Arch
from scans.examination.asking import ChildLimits
from scans.examination.registrar import check_bites, relate
from scans.examination.relation import (
    CheckedBite,
    Failure,
    JawsRequest,
    Relation,
    RelationKind,
    ScanFile,
)
from scans.exports.placing import matrices_of
from scans.meshes.rigid import apart
from scans.models import BiteLink, Case, Job, Occlusion, Scan
from scans.services import processing
from scans.services.bites import working
from scans.services.lease import JobLease
from scans.storage import originals

BY_BITE = "A bite scan that fits both jaws places them."
DISAGREE = (
    "The bite scans and the files place the jaws differently, by {mm:.1f} mm and {degrees:.1f} degrees. "
    "Look at how they meet, or ask for a new bite scan."
)
DISAGREE_MM, DISAGREE_DEG = 0.5, 1.5
"""Several times what a confirmed bite is off in 95 of 100 tries."""
State = BiteLink.State


class CaseChanged(Exception):
    """The scans that count are no longer those that were laid on each other: the job looks again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which scans are laid on each other. Rows as they were when the work began."""

    upper: Scan
    lower: Scan
    bites: tuple[Scan, ...]

    @property
    def key(self) -> tuple[tuple[int, str], ...]:
        return tuple((scan.pk, scan.sha256) for scan in (self.upper, self.lower, *self.bites))


@dataclass(frozen=True, slots=True)
class Found:
    relation: Relation
    bites: dict[str, CheckedBite] = field(default_factory=dict)


def prepare(job: Job, lease: JobLease) -> Callable[[], dict[str, Any]]:
    """The long part of laying the scans of a case on each other; the returned function notes the result."""
    case = Case.objects.select_related("clinic").filter(uuid=job.subject_uuid).first()
    if case is None:  # it came of a split that was undone
        return lambda: {"case": str(job.subject_uuid), "relation": "no such case any more"}
    asked = _asked(case)
    if asked is None:
        return lambda: {"case": str(case.uuid), "relation": "no pair of jaws"}
    found = _find(case, asked, lease)
    return lambda: _note(case.pk, asked, found)


def _asked(case: Case) -> Asked | None:
    now = working(case)
    if now.upper is None or now.lower is None:
        return None
    keys = {group.bite_key for group in now.groups}
    return Asked(now.upper, now.lower, tuple(scan for scan in case.scans.usable() if str(scan.uuid) in keys))


def _find(case: Case, asked: Asked, lease: JobLease) -> Found:
    with ExitStack() as stack:

        def file_of(scan: Scan) -> ScanFile:
            place = stack.enter_context(originals.local_path(scan.sha256, on_chunk=lease.keep))
            # Only 3Shape's own files may need the key: without one of them it stays where it is.
            key = processing.hps_key_of(case.clinic_id) if scan.scan_format == Scan.Format.DCM else ""
            return ScanFile(str(place), key, matrices_of(scan.metadata))

        bites = {str(scan.uuid): file_of(scan) for scan in asked.bites}
        request = JawsRequest(file_of(asked.upper), file_of(asked.lower), bites)
        limits = processing.child_limits()
        relation = _relation(request, limits, lease)
        return Found(relation, _bites(request, limits, lease) if bites else {})


def _relation(request: JawsRequest, limits: ChildLimits, lease: JobLease) -> Relation:
    answer = relate(request, limits, on_wait=lease.keep)
    if isinstance(answer, Failure):
        return Relation(RelationKind.UNKNOWN, None, answer.message, {"failure": answer.code})
    return answer


def _bites(request: JawsRequest, limits: ChildLimits, lease: JobLease) -> dict[str, CheckedBite]:
    answer = check_bites(request, limits, on_wait=lease.keep)
    if isinstance(answer, Failure):
        finding = {"code": answer.code, "severity": "warning", "message": answer.message, "data": {}}
        return {key: CheckedBite(State.FAILED, findings=[finding]) for key in request.bites}
    return answer


def _note(case_pk: int, asked: Asked, found: Found) -> dict[str, Any]:
    """Raises CaseChanged when the scans that count are others by now: what was found then is dropped."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case_pk)
    now = _asked(case)
    if now is None or now.key != asked.key:
        raise CaseChanged
    for bite in asked.bites:
        BiteLink.objects.filter(case=case, bite=bite, upper=asked.upper, lower=asked.lower).update(
            **_columns(found.bites[str(bite.uuid)])
        )
    relation = _settled(found)
    Occlusion.objects.update_or_create(
        case=case,
        defaults={
            "kind": str(relation.kind),
            "upper": asked.upper,
            "lower": asked.lower,
            "lower_to_upper": relation.lower_to_upper,
            "evidence": relation.evidence,
            "numbers": relation.numbers,
        },
    )
    outcome = {"relation": str(relation.kind), "bites": sorted(bite.state for bite in found.bites.values())}
    record("case.jaws_related", "case", case.uuid, clinic=case.clinic, actor=Actor.system("registration"), **outcome)
    return {"case": str(case.uuid), **outcome}


def _columns(bite: CheckedBite) -> dict[str, Any]:
    names = ("state", "explained", "findings")
    of_jaws = (f"{arch}_{name}" for arch in (Arch.UPPER, Arch.LOWER) for name in ("fitness", "rms_mm", "transform"))
    return {name: getattr(bite, name) for name in (*names, *of_jaws)}


def _settled(found: Found) -> Relation:
    """A confirmed bite relates the jaws where neither the files nor the matrices do; the one least in doubt.

    Where two sources place the jaws differently none is believed: a person looks at it.
    """
    relation = found.relation
    placing = [bite for bite in found.bites.values() if bite.lower_to_upper]
    if not placing:
        return relation
    best = min(placing, key=lambda bite: bite.doubt["uncertainty_deg"])
    poses = [
        pose for pose in (best.lower_to_upper, relation.lower_to_upper, *(b.lower_to_upper for b in placing)) if pose
    ]
    off = max(apart(poses[0], pose, best.lower_middle) for pose in poses)
    numbers = {**relation.numbers, "bite": best.contact | best.doubt, "apart": off.as_dict()}
    if off.mm > DISAGREE_MM or off.degrees > DISAGREE_DEG:
        return Relation(RelationKind.UNKNOWN, None, DISAGREE.format(mm=off.mm, degrees=off.degrees), numbers)
    if relation.kind is not RelationKind.UNKNOWN:
        return Relation(relation.kind, relation.lower_to_upper, relation.evidence, numbers)
    return Relation(RelationKind.BITE, best.lower_to_upper, BY_BITE, numbers)
