"""Taking things in: every byte is stored before anyone looks at it, then small deliveries are read at once."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from patients.audit import Actor, record
from patients.errors import Refused, TooMuch
from patients.matching.identity import Identity
from patients.models import Clinic
from scans.examination.names import is_archive_name, numbered
from scans.meshes.archive import declared_size
from scans.meshes.archive_entries import is_7z
from scans.meshes.errors import ArchiveError
from scans.models import DeliveredFile, Delivery, Job
from scans.queue import wake_worker
from scans.services import jobs
from scans.services.opening import open_job
from scans.storage import Stored, originals

READ_BY_A_WORKER = {Delivery.Channel.SCANNER}
"""Where nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that is being handed over. `name` as the sender gave it, with folders where known."""

    name: str
    chunks: Iterable[bytes]
    size: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sender already knows; checked by the caller to be of the clinic. Uuids as text, empty when unknown.

    ordered_for: who the order on the other side names; completes the export's own words, or contradicts them.
    account: which account of its source it comes from.
    """

    patient: str = ""
    treatment: str = ""
    category: str = ""
    ordered_for: Identity | None = None
    account: str = ""

    def as_dict(self) -> dict[str, Any]:
        known = {
            "patient": self.patient,
            "treatment": self.treatment,
            "category": self.category,
            "account": self.account,
        }
        named = _named(self.ordered_for) if self.ordered_for else {}
        return {key: value for key, value in {**known, "ordered_for": named}.items() if value}


def _named(identity: Identity) -> dict[str, str]:
    names = ("first_name", "last_name", "full_name", "chart_number")
    return {name: value for name in names if (value := getattr(identity, name))}


@dataclass(frozen=True, slots=True)
class Receipt:
    delivery: Delivery
    job: Job
    is_queued: bool
    files: Sequence[DeliveredFile] = field(default=())


def receive(
    clinic: Clinic, files: Sequence[Incoming], *, channel: Delivery.Channel, wanted: Wanted, actor: Actor
) -> Receipt:
    """Store the originals and note the delivery and its job; whatever happens next, nothing is lost.

    Raises Refused when there is no file, TooMuch beyond the upload limit.
    """
    return note(clinic, keep(files), channel=channel, wanted=wanted, actor=actor)


Kept = Sequence[tuple[str, Stored]]
"""Name as the sender gave it, and where the bytes lie now."""


def keep(files: Sequence[Incoming]) -> Kept:
    """The long part: the bytes are on disk when this returns. Raises TooMuch before the first is written."""
    _require_within_limit(sum(file.size for file in files))
    return [(file.name, originals.put(file.chunks)) for file in files]


def note(clinic: Clinic, stored: Kept, *, channel: Delivery.Channel, wanted: Wanted, actor: Actor) -> Receipt:
    """The short part, one transaction: the delivery and its job."""
    if not stored:
        raise Refused("no_files", "There is no file in this upload. Please choose at least one.")
    is_queued = channel in READ_BY_A_WORKER or _is_large(stored)
    with transaction.atomic():
        delivery = Delivery.objects.create(
            clinic=clinic,
            channel=channel,
            received_by=actor.user,
            sender=actor.label,
            total_size=sum(item.size for _, item in stored),
            wanted=wanted.as_dict(),
        )
        rows = DeliveredFile.objects.bulk_create(
            DeliveredFile(delivery=delivery, name=name, sha256=item.sha256, size=item.size)
            for name, item in _with_single_names(stored)
        )
        job = _open(delivery, len(rows), actor)
        if is_queued:
            wake_worker(job.uuid)
    return Receipt(delivery, job, is_queued, rows)


def announce(
    clinic: Clinic, announced: Sequence[tuple[str, int]], *, channel: Delivery.Channel, actor: Actor
) -> Delivery:
    """A delivery whose files (name and size each) are still to come, one by one.

    Raises Refused when there is no file, TooMuch beyond the upload limit.
    """
    if not announced:
        raise Refused("no_files", "There is no file in this upload. Please choose at least one.")
    _require_within_limit(sum(size for _, size in announced))
    with transaction.atomic():
        delivery = Delivery.objects.create(
            clinic=clinic,
            channel=channel,
            state=Delivery.State.RECEIVING,
            received_by=actor.user,
            sender=actor.label,
            announced=[{"name": name, "size": size} for name, size in _with_numbers(announced)],
            heard_at=timezone.now(),
        )
        record("delivery.announced", "delivery", delivery.uuid, clinic=clinic, actor=actor, files=len(announced))
    return delivery


def hand_on(delivery: Delivery, *, actor: Actor) -> Job:
    """What has arrived of an announced delivery goes to a worker. The caller's transaction has it RECEIVED by now."""
    job = _open(delivery, delivery.files.count(), actor)
    wake_worker(job.uuid)
    return job


def _open(delivery: Delivery, files: int, actor: Actor) -> Job:
    job = open_job(Job.Kind.PROCESS_DELIVERY, delivery.uuid, delivery.clinic)
    record("delivery.received", "delivery", delivery.uuid, clinic=delivery.clinic, actor=actor, files=files)
    return job


def receive_and_read(
    clinic: Clinic, files: Sequence[Incoming], *, channel: Delivery.Channel, wanted: Wanted, actor: Actor
) -> Receipt:
    """As `receive`; a small delivery is also read before this returns. If that is cut short, the sweeper goes on."""
    receipt = receive(clinic, files, channel=channel, wanted=wanted, actor=actor)
    if not receipt.is_queued:
        jobs.run(receipt.job.uuid)
        receipt.delivery.refresh_from_db()
        receipt.job.refresh_from_db()
    return receipt


def _is_large(stored: Sequence[tuple[str, Stored]]) -> bool:
    """By what there is to read: an archive counts with the unpacked size that it declares."""
    sizes = (_unpacked_size(item) if is_archive_name(name) else item.size for name, item in stored)
    return sum(sizes) > settings.ARCHWAY_INLINE_LIMIT_BYTES


def _unpacked_size(file: Stored) -> float:
    """Infinite for a 7z: only the limited child process may read what it declares."""
    with originals.local_path(file.sha256) as place:
        if _is_7z(place):
            return math.inf
        try:
            return max(file.size, declared_size(place))
        except ArchiveError:
            return file.size  # reading it will say why


def _is_7z(place: Path) -> bool:
    with place.open("rb") as stream:
        return is_7z(stream.read(8))


def _require_within_limit(total: int) -> None:
    """Before a byte is stored, so that what is refused leaves nothing behind."""
    if total > settings.ARCHWAY_UPLOAD_LIMIT_BYTES:
        raise TooMuch(
            "upload_too_large",
            f"One upload may hold {settings.ARCHWAY_UPLOAD_LIMIT_BYTES // 1024**2} MB. Please send less at once.",
        )


def _with_single_names(stored: Sequence[tuple[str, Stored]]) -> Iterable[tuple[str, Stored]]:
    """The same name twice in one upload gets a number; the same name with the same content is one file."""
    seen: dict[str, Any] = {}
    for name, item in stored:
        single, number = name, 1
        while single in seen and seen[single] != item.sha256:
            number += 1
            single = numbered(name, number)
        if single not in seen:
            seen[single] = item.sha256
            yield single, item


def _with_numbers(announced: Sequence[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """The same name twice gets a number: whether the contents are the same too is not known yet."""
    seen: set[str] = set()
    for name, size in announced:
        single, number = name, 1
        while single in seen:
            number += 1
            single = numbered(name, number)
        seen.add(single)
        yield single, size
