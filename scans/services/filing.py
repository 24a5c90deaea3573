"""Writing down what a delivery came to: one case with its scans, a duplicate, or a refusal. One transaction, all of it.

`jobs.run` opens the transaction and ends the job in it, so a case and the end of its job exist together or not at all.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from patients.audit import Actor, record
from patients.matching.identity import Identity, is_same_identity
from patients.models import Clinic
from scans.examination.case import ExaminedCase, ExaminedFile
from scans.examination.report import refusal_lines, report_lines
from scans.examination.storable import storable, storable_text
from scans.exports.manifest import Source
from scans.models import Case, Delivery, Scan
from scans.services import bites, deciding, remembering
from scans.wait_reasons import BY_PERSON, FILE_REJECTED, IDENTITY_CONFLICT, MISSING_FILE

ORDER_KEY_LENGTH = 200
UNLUCKY_CODES = ("reader_crashed", "reader_failed", "too_slow", "out_of_memory")
"""Refusals that may have been ours and not the file's: when it comes again it is looked at again."""
SENDERS_WISHES = {"patient", "treatment", "category"}
SCANNER_TYPES = {Source.ITERO: "ITERO", Source.THREESHAPE: "3SHAPE", Source.MEDIT: "MEDIT"}


class ScansMoved(Exception):
    """A person moved a scan to another case while its file was read again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file of a case lies now."""

    sha256: str
    size: int
    companions: dict[str, str] = field(default_factory=dict)
    thumbnail: str = ""
    preview: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An understood case and where its files lie, by path in the export."""

    case: ExaminedCase
    kept: Mapping[str, Kept]


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    message: str
    data: dict[str, Any] = field(default_factory=dict)


def actor_of(delivery: Delivery) -> Actor:
    return Actor.of(delivery.received_by) if delivery.received_by else Actor.system(delivery.sender or "import")


def outcome_of(delivery: Delivery) -> dict[str, Any]:
    """What a job keeps of it: ids and states, nothing of a person."""
    case = delivery.cases.order_by("pk").first()
    return {
        "delivery": str(delivery.uuid),
        "state": delivery.state,
        "code": delivery.code,
        "case": str(case.uuid) if case else None,
    }


def refuse(delivery: Delivery, refusal: Refusal, report: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    _close(delivery, Delivery.State.REJECTED, refusal, report)
    record(
        "delivery.rejected",
        "delivery",
        delivery.uuid,
        clinic=delivery.clinic,
        actor=actor_of(delivery),
        code=refusal.code,
    )
    return outcome_of(delivery)


def _close(delivery: Delivery, state: str, why: Refusal, report: Iterable[dict[str, Any]]) -> None:
    delivery.state, delivery.code, delivery.message = state, why.code, why.message
    never = refusal_lines(delivery.never_arrived, "never_arrived", "Announced, but it never arrived. Send it again.")
    delivery.report = [*report, *never]
    delivery.save(update_fields=["state", "code", "message", "report"])


def file_case(delivery: Delivery, reading: Reading) -> dict[str, Any]:
    """Make the case of a delivery, or say that it is here already, or that nothing in it can be read."""
    report = report_lines(reading.case)
    if not reading.case.is_usable:
        return refuse(delivery, _nothing_readable(reading), report)
    # Versions are numbered one after the other: the clinic's row is the lock.
    Clinic.objects.select_for_update(no_key=True).get(pk=delivery.clinic_id)
    earlier = _earlier_versions(delivery, reading)
    known = next((case for case in earlier if _holds_all(case, reading)), None)
    if known:
        if SENDERS_WISHES & delivery.wanted.keys() or known.arrived_scans.filter(code__in=UNLUCKY_CODES).exists():
            refresh_case(known.pk, reading, wanted=delivery.wanted, actor=actor_of(delivery))
        return _say_duplicate(delivery, known, report)
    case = _create_case(delivery, reading, version=_next_version(earlier, reading))
    _create_scans(case, reading)
    bites.link(case)
    versions = [old for old in earlier if old.order_key == case.order_key]
    remembering.carry_over(versions, case)
    deciding.decide(
        case,
        earlier=versions,
        wanted=delivery.wanted,
        doubts=_doubts(delivery, reading),
        actor=actor_of(delivery),
    )
    _close(delivery, Delivery.State.PROCESSED, Refusal("", ""), report)
    return outcome_of(delivery)


def _doubts(delivery: Delivery, reading: Reading) -> list[str]:
    """What about the delivery as a whole keeps its case from being filed by itself."""
    found = {
        FILE_REJECTED: bool(reading.case.refused),
        MISSING_FILE: bool(reading.case.manifest.metadata.get("missing_files")) or bool(delivery.never_arrived),
        IDENTITY_CONFLICT: reading.case.has_identity_conflict,
    }
    return [code for code, applies in found.items() if applies]


def _nothing_readable(reading: Reading) -> Refusal:
    meshes = reading.case.meshes
    if len(meshes) == 1:
        answer = meshes[0].examination
        return Refusal(answer.code, answer.message, answer.metadata)
    return Refusal("nothing_readable", "No scan in this delivery could be read. The report says why for each file.")


def _order_key(reading: Reading) -> str:
    """What makes two deliveries the same order; an id too long for the column stands there as its hash."""
    order_id = reading.case.manifest.order_id
    if len(order_id) > ORDER_KEY_LENGTH:
        return f"sha256:{hashlib.sha256(order_id.encode()).hexdigest()}"
    return order_id or f"content:{hashlib.sha256(''.join(sorted(_hashes(reading))).encode()).hexdigest()}"


def _hashes(reading: Reading) -> set[str]:
    return {reading.kept[mesh.entry.path].sha256 for mesh in reading.case.meshes}


def _fingerprint(reading: Reading) -> str:
    identity = [str(value) for value in _received(reading.case.identity).values()]
    return hashlib.sha256("\n".join([*sorted(_hashes(reading)), *identity]).encode()).hexdigest()


def _earlier_versions(delivery: Delivery, reading: Reading) -> list[Case]:
    """The versions of this order that are here, newest first; without an order id, the cases with the same meshes."""
    source = str(reading.case.manifest.source)
    in_clinic = Case.objects.of_clinic(delivery.clinic).filter(source=source)
    same = in_clinic.filter(order_key=_order_key(reading))
    if not reading.case.manifest.order_id:
        # Without an order id a part of what is here already is found by its content.
        same |= in_clinic.filter(order_id="", arrived_scans__sha256__in=_hashes(reading))
        same = same.distinct()
    return list(same.order_by("-version").prefetch_related("arrived_scans"))


def _next_version(earlier: list[Case], reading: Reading) -> int:
    key = _order_key(reading)
    return max((case.version for case in earlier if case.order_key == key), default=0) + 1


def _holds_all(case: Case, reading: Reading) -> bool:
    """The same meshes under the same identity: another name on the same scans is news, never a duplicate."""
    same_meshes = _hashes(reading) <= {scan.sha256 for scan in case.arrived_scans.all()}
    return same_meshes and is_same_identity(case.identity(), _as_stored(reading.case.identity))


def _as_stored(identity: Identity) -> Identity:
    """As a case keeps it: cut and cleaned."""
    kept = {name.removeprefix("received_"): value for name, value in _received(identity).items()}
    return Identity(**kept)


def _say_duplicate(delivery: Delivery, known: Case, report: list[dict[str, Any]]) -> dict[str, Any]:
    known.refresh_from_db()
    state, day = known.get_state_display(), f"{known.received_at:%Y-%m-%d}"
    message = f"All of this is here already, received on {day}; the case is {state}."
    _close(delivery, Delivery.State.DUPLICATE, Refusal("duplicate", message), report)
    record(
        "delivery.duplicate",
        "delivery",
        delivery.uuid,
        clinic=delivery.clinic,
        actor=actor_of(delivery),
        case=str(known.uuid),
    )
    return {**outcome_of(delivery), "case": str(known.uuid)}


def _create_case(delivery: Delivery, reading: Reading, *, version: int) -> Case:
    manifest = reading.case.manifest
    case = Case.objects.create(
        clinic=delivery.clinic,
        delivery=delivery,
        source=str(manifest.source),
        vendor=manifest.vendor[:100],
        order_id=manifest.order_id[:200],
        order_key=_order_key(reading),
        version=version,
        fingerprint=_fingerprint(reading),
        captured_at=_aware(manifest.captured_at),
        metadata=storable(manifest.metadata),
        **_received(reading.case.identity),
    )
    record(
        "case.received",
        "case",
        case.uuid,
        clinic=case.clinic,
        actor=actor_of(delivery),
        version=version,
        scans=len(reading.case.meshes),
    )
    return case


def _received(identity: Identity) -> dict[str, Any]:
    return {
        "received_full_name": storable_text(identity.full_name)[:300],
        "received_first_name": storable_text(identity.first_name)[:200],
        "received_last_name": storable_text(identity.last_name)[:200],
        "received_birth_date": identity.birth_date,
        "received_birth_date_text": storable_text(identity.birth_date_text)[:60],
        "received_chart_number": storable_text(identity.chart_number)[:100],
    }


def _aware(moment: datetime | None) -> datetime | None:
    """A scanner's local time without a zone is taken to be in the installation's zone."""
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)


def _create_scans(case: Case, reading: Reading) -> None:
    seen: set[str] = set()
    for mesh in reading.case.meshes:
        kept = reading.kept[mesh.entry.path]
        if kept.sha256 not in seen:
            seen.add(kept.sha256)
            scan = Scan(case=case, arrived_in=case)
            fill_scan(scan, mesh, kept, case)
            scan.save()


def refresh_case(
    case_pk: int, reading: Reading, *, wanted: Mapping[str, str] | None = None, actor: Actor
) -> dict[str, Any]:
    """Renew what was measured on a case that is here. Types that a person chose stay, and so does every decision:
    only a case that still waits, and that nobody put back, may file itself now. wanted: what a sender says who hands
    the same files over again; naming the patient is a person's word and files a case that was put back, too.
    """
    found = {reading.kept[mesh.entry.path].sha256: mesh for mesh in reading.case.meshes if reading.kept}
    case, scans = _held_with_its_scans(case_pk, found)
    for scan in scans:
        mesh = found[scan.sha256]
        fill_scan(scan, mesh, reading.kept[mesh.entry.path], case)
        scan.save()
    for holder in {case, *(scan.case for scan in scans)}:
        bites.link(holder)
    if case.state == Case.State.PENDING:
        deciding.decide(
            case,
            earlier=[],
            wanted=wanted or case.delivery.wanted,
            doubts=_doubts(case.delivery, reading),
            may_file="patient" in (wanted or {}) or not BY_PERSON & set(case.wait_codes),
            actor=actor,
        )
    record("case.reprocessed", "case", case.uuid, clinic=case.clinic, actor=actor, scans=len(scans))
    return {"case": str(case.uuid), "scans": len(scans)}


def _held_with_its_scans(case_pk: int, hashes: Collection[str]) -> tuple[Case, list[Scan]]:
    """The case and its scans, also those that a person moved to another case, with every case that holds one held.

    Raises ScansMoved when one was moved in that moment: the job tries again.
    """
    wanted = Scan.objects.filter(Q(case=case_pk) | Q(arrived_in=case_pk), sha256__in=hashes)
    keys = {case_pk, *wanted.values_list("case", flat=True)}
    rows = Case.objects.select_for_update(no_key=True, of=("self",)).select_related("delivery")
    held = {case.pk: case for case in rows.filter(pk__in=keys).order_by("pk")}
    scans = list(wanted)
    if not {scan.case_id for scan in scans} <= held.keys():
        raise ScansMoved
    for scan in scans:
        scan.case = held[scan.case_id]
    return held[case_pk], scans


def fill_scan(scan: Scan, mesh: ExaminedFile, kept: Kept, case: Case) -> None:
    """Take over everything that looking at a file gave; a type that a person chose stays. The caller saves."""
    answer = mesh.examination
    scan.state, scan.code, scan.message = answer.state, answer.code, answer.message
    scan.scanner_type = SCANNER_TYPES.get(Source(case.source), "OTHER")
    scan.scanner_vendor = case.vendor
    scan.scan_format = answer.scan_format
    scan.name, scan.sha256, scan.size = mesh.entry.path, kept.sha256, kept.size
    scan.companions = kept.companions
    scan.vertex_count, scan.face_count = answer.vertex_count, answer.face_count
    scan.measures, scan.findings = answer.measures, answer.findings
    scan.metadata = {**answer.metadata, **storable(mesh.entry.metadata)}
    scan.quality = answer.quality
    scan.scan_quality = _stated_quality(scan.metadata) or answer.quality.get("score")
    scan.thumbnail, scan.preview, scan.detail = kept.thumbnail, kept.preview, kept.detail
    if not scan.decided_by_person:
        scan.set_verdict(mesh.verdict.as_dict())
        scan.decided_by_person = any(vote.method == "person" for vote in mesh.verdict.votes)


def _stated_quality(metadata: Mapping[str, Any]) -> float | None:
    """What the scanner itself says of its scan, where that is a share: foreign words are no number."""
    stated = metadata.get("scan_quality")
    return float(stated) if isinstance(stated, int | float) and 0 <= stated <= 1 else None
