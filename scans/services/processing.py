"""Reading a delivery: from stored originals to an understood case. Touches no case row; `filing` does, at the end."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from scans.classification.verdict import MEANT_BY, Arch, Category, Method, Role, Side, Vote
from scans.examination.case import ExaminedCase, Wishes, examine_case
from scans.examination.examiner import ChildLimits, Examiner
from scans.examination.report import refusal_lines, refused_delivery_lines
from scans.examination.unpack import LocalFile, unpack
from scans.exports.manifest import ExportError
from scans.meshes.errors import MeshError
from scans.models import Delivery, Job, Scan
from scans.services import filing
from scans.services.filing import Kept, Reading
from scans.services.lease import JobLease
from scans.services.workspace import workspace
from scans.storage import derived, originals


class NotOneCase(Exception):
    """The files were unpacked but are no single case; `lines` has one for each of them."""

    def __init__(self, error: ExportError, lines: list[dict[str, Any]]) -> None:
        super().__init__(error.code)
        self.error = error
        self.lines = lines


def prepare(job: Job, lease: JobLease) -> Callable[[], dict[str, Any]]:
    """The long part of reading a delivery; the returned function files the result."""
    delivery = Delivery.objects.select_related("clinic").get(uuid=job.subject_uuid)
    if delivery.state != Delivery.State.RECEIVED:
        return lambda: filing.outcome_of(delivery)
    try:
        reading = read(delivery, lease)
    except NotOneCase as refused:
        error, lines = refused.error, refused.lines
        return lambda: filing.refuse(delivery, filing.Refusal(error.code, error.message, error.data), lines)
    except MeshError as error:
        refusal = filing.Refusal(error.code, error.message, error.data)
        names = [file.name for file in delivery.files.all()]
        return lambda: filing.refuse(delivery, refusal, refusal_lines(names, refusal.code, refusal.message))
    return lambda: filing.file_case(delivery, reading)


def read(delivery: Delivery, lease: JobLease) -> Reading:
    """Unpack, understand and look at everything in a delivery.

    Raises NotOneCase, or MeshError when an archive cannot be opened.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(workspace())
        files = [
            LocalFile(file.name, stack.enter_context(originals.local_path(file.sha256, on_chunk=lease.keep)))
            for file in delivery.files.all()
        ]
        unpacked = unpack(files, folder, child_limits(), on_member=lease.keep)
        keeper = _Keeper(lease)
        examiner = stack.enter_context(Examiner(child_limits(), on_wait=lease.keep))
        wishes = Wishes(
            lambda: hps_key_of(delivery.clinic_id), lambda file: _known_votes(delivery, keeper.keep(file).sha256)
        )
        try:
            examined = examine_case(unpacked, examiner, folder, wishes=wishes, on_file=lease.step)
        except ExportError as error:
            raise NotOneCase(error, refused_delivery_lines(unpacked, error.code, error.message)) from error
        examined = replace(examined, ordered_for=delivery.ordered_for)
        if not examined.is_usable:
            return Reading(examined, {})
        return Reading(examined, keeper.keep_all(examined, {file.name: file for file in unpacked.files}))


def child_limits() -> ChildLimits:
    return ChildLimits(settings.ARCHWAY_CHILD_MEMORY_BYTES, settings.ARCHWAY_CHILD_SECONDS)


class _Keeper:
    """Stores what came out of an archive as originals of their own, each once."""

    def __init__(self, lease: JobLease) -> None:
        self._lease = lease
        self._kept: dict[str, Kept] = {}

    def keep(self, file: LocalFile) -> Kept:
        if file.name not in self._kept:
            self._lease.keep()
            stored = originals.put_file(file.path, on_chunk=self._lease.keep)
            self._kept[file.name] = Kept(stored.sha256, stored.size)
        return self._kept[file.name]

    def keep_all(self, examined: ExaminedCase, files: dict[str, LocalFile]) -> dict[str, Kept]:
        """Meshes with their companions and pictures, by path in the export."""
        for mesh in examined.meshes:
            kept = self.keep(mesh.file)
            companions = {name: self.keep(files[name]).sha256 for name in mesh.entry.companions}
            self._kept[mesh.file.name] = Kept(
                kept.sha256,
                kept.size,
                companions=companions,
                thumbnail=self._derive(mesh.pictures.thumbnail),
                preview=self._derive(mesh.pictures.preview),
                detail=self._derive(mesh.pictures.detail),
            )
        return self._kept

    def _derive(self, made: Path | None) -> str:
        return derived.put_file(made, on_chunk=self._lease.keep).sha256 if made else ""


def hps_key_of(clinic_id: int) -> str:
    """The clinic's own key for encrypted 3Shape files; the app that keeps it stands above this one."""
    find_key: Callable[[int], str] = import_string(settings.ARCHWAY_HPS_KEYS)
    return find_key(clinic_id)


def _known_votes(delivery: Delivery, sha256: str) -> Sequence[Vote]:
    """What a person said before about the same content, and what the sender said with this delivery."""
    votes = [_person_vote(scan) for scan in _decided_scans(delivery, sha256)]
    wanted = delivery.wanted.get("category")
    if wanted:
        arch, role = MEANT_BY[Category(wanted)]
        votes.append(Vote(Method.SIDECAR, arch, role, confidence=0.95, evidence="stated with the upload"))
    return votes


def _decided_scans(delivery: Delivery, sha256: str) -> Sequence[Scan]:
    found = Scan.objects.of_clinic(delivery.clinic).filter(sha256=sha256, decided_by_person=True)
    return list(found.order_by("-pk")[:1])


def _person_vote(scan: Scan) -> Vote:
    return Vote(
        Method.PERSON,
        Arch(scan.arch),
        Role(scan.role),
        Side(scan.side),
        confidence=1.0,
        evidence="a person chose this for the same file before",
    )
