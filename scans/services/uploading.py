"""The upload page's protocol: announce, put file by file, finish; what arrived is read, page or no page."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Conflict, Missing, Refused, TooMuch
from patients.models import Clinic
from scans.examination.storable import storable_text
from scans.models import DeliveredFile, Delivery
from scans.services import filing, intake
from scans.storage import originals

SILENT_AFTER = timedelta(minutes=2)
"""A page that sends is heard of much oftener: with every file, every few seconds of one, and when it asks."""
HEARD_EVERY_S = 10.0
MOST_FILES = 2000
MOST_AT_ONCE = 200
State = Delivery.State

Announced = Sequence[tuple[str, int]]
"""The files of one delivery: the name as the sender has it, with folders, and the size in bytes."""


def begin(clinic: Clinic, parcels: Sequence[Announced], *, actor: Actor) -> list[Delivery]:
    """One delivery for each parcel, all or none. Raises Refused without files, TooMuch beyond a limit."""
    if len(parcels) > MOST_AT_ONCE or any(len(parcel) > MOST_FILES for parcel in parcels):
        raise TooMuch(
            "too_many_files",
            _("At once %(cases)d cases of %(files)d files each can be sent. Please send less at once.")
            % {"cases": MOST_AT_ONCE, "files": MOST_FILES},
        )
    if not parcels:
        raise Refused("no_files", _("There is no file in this upload. Please choose at least one."))
    with transaction.atomic():
        return [_begin(clinic, parcel, actor) for parcel in parcels]


def _begin(clinic: Clinic, parcel: Announced, actor: Actor) -> Delivery:
    named = [(_clean(name), size) for name, size in parcel]
    return intake.announce(clinic, named, channel=Delivery.Channel.UPLOAD, actor=actor)


def _clean(name: str) -> str:
    """A path inside the delivery: no root, no way up."""
    parts = storable_text(name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip() not in {"", ".", ".."}) or "file"


def announced_size(delivery: Delivery, index: int) -> int:
    """Raises Missing when no such file was announced, Conflict when the delivery takes nothing more."""
    if not 0 <= index < len(delivery.announced):
        raise Missing("no_such_file", _("No such file was announced for this upload."))
    if delivery.state != State.RECEIVING:
        raise _closed()
    return int(delivery.announced[index]["size"])


def _closed() -> Conflict:
    return Conflict("upload_closed", _("This upload is closed: what had arrived is read. Send the file anew."))


def take(delivery: Delivery, index: int, chunks: Iterable[bytes], *, actor: Actor) -> DeliveredFile:
    """Store one announced file; doing it again changes nothing. Raises as `announced_size`, Refused when cut short."""
    size = announced_size(delivery, index)
    stored = originals.put(_exactly(size, chunks, _heard_now_and_then(delivery)))
    with transaction.atomic():
        if not _hear(delivery):
            raise _closed()
        file, is_new = DeliveredFile.objects.update_or_create(
            delivery=delivery,
            name=delivery.announced[index]["name"],
            defaults={"sha256": stored.sha256, "size": stored.size},
        )
        if is_new:
            record(
                "delivery.file_arrived", "delivery", delivery.uuid, clinic=delivery.clinic, actor=actor, number=index
            )
    return file


def _exactly(size: int, chunks: Iterable[bytes], on_chunk: Callable[[], None]) -> Iterator[bytes]:
    """The chunks, as long as they are what was announced: raised at the end, an error leaves nothing half behind."""
    arrived = 0
    for chunk in chunks:
        arrived += len(chunk)
        on_chunk()
        yield chunk
    if arrived != size:
        raise Refused("cut_short", _("The file did not arrive whole. Please try again."))


def _heard_now_and_then(delivery: Delivery) -> Callable[[], None]:
    last = time.monotonic()

    def hear() -> None:
        nonlocal last
        if time.monotonic() - last >= HEARD_EVERY_S:
            last = time.monotonic()
            if not _hear(delivery):
                raise _closed()

    return hear


def _hear(delivery: Delivery) -> bool:
    """Says that its page lives; False once the delivery takes nothing more."""
    still_open = Delivery.objects.filter(pk=delivery.pk, state=State.RECEIVING)
    return bool(still_open.update(heard_at=timezone.now()))


def hear_all(deliveries: Iterable[Delivery]) -> None:
    pks = [delivery.pk for delivery in deliveries]
    Delivery.objects.filter(pk__in=pks, state=State.RECEIVING).update(heard_at=timezone.now())


def finish(delivery: Delivery, *, actor: Actor) -> Delivery:
    """Have what arrived read by a worker; nothing arrived is a rejection. Finishing twice is harmless."""
    with transaction.atomic():
        if _close(delivery, State.RECEIVED):
            _hand_on(delivery, actor)
    return delivery


def _finish_silent(delivery: Delivery) -> bool:
    """As `finish`, unless its page was heard of again in between."""
    with transaction.atomic():
        closed = _close(delivery, State.RECEIVED, heard_at=delivery.heard_at)
        if closed:
            _hand_on(delivery, filing.actor_of(delivery))
    return closed


def _hand_on(delivery: Delivery, actor: Actor) -> None:
    sizes = list(delivery.files.values_list("size", flat=True))
    if not sizes:
        filing.refuse(delivery, filing.Refusal("nothing_arrived", "Nothing of this upload arrived. Send it again."))
        return
    delivery.total_size = sum(sizes)
    delivery.save(update_fields=["total_size"])
    intake.hand_on(delivery, actor=actor)


def stop(delivery: Delivery, *, actor: Actor) -> Delivery:
    """A person takes an upload back before it is finished. Raises Conflict when it is finished already."""
    with transaction.atomic():
        if not _close(delivery, State.REJECTED):
            raise _closed()
        delivery.code, delivery.message = "stopped", "Stopped by the person who sent it. Nothing of it was read."
        delivery.save(update_fields=["code", "message"])
        record("delivery.stopped", "delivery", delivery.uuid, clinic=delivery.clinic, actor=actor)
    return delivery


def _close(delivery: Delivery, state: str, **as_seen: Any) -> bool:
    """One conditional UPDATE: whoever changes the row decides, the page or the sweeper."""
    changed = Delivery.objects.filter(pk=delivery.pk, state=State.RECEIVING, **as_seen).update(state=state)
    delivery.refresh_from_db()
    return bool(changed)


def sweep() -> dict[str, int]:
    """Finish what was being sent by pages that are closed."""
    silent = Delivery.objects.silent(since=timezone.now() - SILENT_AFTER).select_related("clinic", "received_by")
    return {"finished_uploads": sum(_finish_silent(delivery) for delivery in silent)}
