"""A watched folder as a connector: what lies in it is to be taken, what was taken is moved to done/ or failed/."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.connectors.base import Page, RemoteFile, RemoteOrder, Settlement
from integrations.connectors.threeshape import settling
from integrations.connectors.threeshape.failures import STILL_CHANGING, trouble_with
from integrations.connectors.threeshape.folder import Export, FoundFile, Look, look_into
from integrations.connectors.threeshape.reading import (
    contents_of,
    copy,
    digest_of,
    identity_of,
    listing_of,
    revision_of,
)
from integrations.connectors.threeshape.stability import (
    Looks,
    is_overdue,
    is_stable,
    key_of,
    lack_of,
    next_look,
    remember,
)
from integrations.errors import Skip


class ThreeShapeConnector:
    """looks: what earlier looks saw, as `looks` of an earlier connector gave it; empty for the first. Plain JSON."""

    def __init__(self, folder: Path, looks: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._root = folder
        self._now = now
        self._was_there = bool(looks.get("was_there"))
        self._rests: Looks = dict(looks.get("exports") or {})
        self._read: dict[str, RemoteOrder] = {}
        self._files: dict[str, FoundFile] = {}

    @property
    def looks(self) -> dict[str, Any]:
        """To be kept until the next connector of this folder is made. Holds hashes, no names."""
        return {"was_there": self._was_there, "exports": dict(self._rests)}

    @property
    def look_again_at(self) -> datetime | None:
        """When something that was seen and does not rest yet may be taken."""
        moment = next_look(self._rests, self._seconds())
        return None if moment is None else datetime.fromtimestamp(moment, UTC)

    @property
    def waiting(self) -> int:
        """How many exports of the last look were not taken: they change still, or something of them is missing."""
        return len(self._rests) - len(self._read)

    def pages(self, since: datetime | None) -> Iterator[Page]:
        """A page for every export that rests and is complete. `since` means nothing here: what lies here is open."""
        look = self._look()
        exports = _first_of_each(look)
        seen = {key_of(export.order_id): export.mark for export in exports}
        self._rests = remember(seen, self._rests, self._seconds())
        self._read = {mark: order for mark, order in self._read.items() if mark in seen.values()}
        if look.faults:
            yield Page((), look.faults)
        for export in exports:
            yield from self._pages_of(export)

    def _pages_of(self, export: Export) -> Iterator[Page]:
        try:
            if self._is_due(export):
                yield Page((self._order_of(export),))
        except Skip as fault:
            if fault.code == "still_changing":
                self._rests.pop(key_of(export.order_id), None)
            else:
                yield Page((), (fault,))

    def order(self, order_id: str) -> RemoteOrder:
        for export in self._exports_of(order_id):
            if self._is_due(export):
                return self._order_of(export)
            raise Skip("still_changing", STILL_CHANGING)
        raise _not_there()

    def fetch(
        self, order: RemoteOrder, file: RemoteFile, place: Path, *, cap: int, on_chunk: Callable[[], None]
    ) -> None:
        """A copy always starts anew: the folder is near, and its files may have changed."""
        found = self._found(order, file)
        copy(found, self._root, place, cap=cap, sha256=file.sha256, on_chunk=on_chunk)

    def settle(self, order: RemoteOrder, settlement: Settlement) -> None:
        """Moves what was handed over, and only that: an export that changed since is another revision and stays."""
        for export in self._exports_of(order.order_id):
            if self._revision_of(export) == order.revision:
                settling.settle(self._root, export, settlement, self._now())

    def _look(self) -> Look:
        if trouble := trouble_with(self._root, was_there=self._was_there):
            raise trouble
        self._was_there = True
        settling.resume(self._root)
        return look_into(self._root)

    def _exports_of(self, order_id: str) -> list[Export]:
        return [export for export in self._look().exports if export.order_id == order_id]

    def _is_due(self, export: Export) -> bool:
        rest, now = self._rests.get(key_of(export.order_id)), self._seconds()
        if rest is None or rest["mark"] != export.mark or not is_stable(rest, now):
            return False
        if export.mark in self._read or is_overdue(rest, now):
            return True
        return not lack_of(contents_of(export, listing_of(export, self._root), self._root))

    def _order_of(self, export: Export) -> RemoteOrder:
        """Reads every byte, once as long as the export rests."""
        if export.mark not in self._read:
            digests = [digest_of(file, self._root) for file in export.files]
            pairs = zip(export.files, digests, strict=True)
            self._files |= {file.key: file for file in export.files}
            self._read[export.mark] = RemoteOrder(
                export.order_id,
                revision_of(export, digests),
                self._changed_at(export),
                identity_of(listing_of(export, self._root)),
                tuple(RemoteFile(file.key, file.name, file.size, digest) for file, digest in pairs),
            )
        return self._read[export.mark]

    def _revision_of(self, export: Export) -> str:
        return revision_of(export, [digest_of(file, self._root) for file in export.files])

    def _found(self, order: RemoteOrder, file: RemoteFile) -> FoundFile:
        if file.key not in self._files:
            self._files |= {found.key: found for export in self._exports_of(order.order_id) for found in export.files}
        if file.key not in self._files:
            raise _not_there()
        return self._files[file.key]

    def _changed_at(self, export: Export) -> datetime:
        try:
            return datetime.fromtimestamp(export.mtime_ns / 1e9, UTC)
        except (OverflowError, ValueError, OSError):
            return self._now()

    def _seconds(self) -> float:
        return self._now().timestamp()


def _first_of_each(look: Look) -> list[Export]:
    """Of two exports under one id (an NFC and an NFD name, a folder and a prefix) the older; the other one's turn
    comes when this one was moved."""
    first: dict[str, Export] = {}
    for export in look.exports:
        first.setdefault(export.order_id, export)
    return list(first.values())


def _not_there() -> Skip:
    return Skip("not_there", "There is no such export in the watched folder any more.")
