"""Medit Link as a connector: cases of one group, each with one 7z archive for every scan."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.connectors.access import Access
from integrations.connectors.base import Page, RemoteFile, RemoteOrder, Settlement, walk
from integrations.connectors.fetching import require_room
from integrations.connectors.medit import schemas
from integrations.connectors.medit.client import MeditClient
from integrations.connectors.medit.completeness import require_complete
from integrations.connectors.medit.profile import DEFAULT, Profile
from integrations.errors import BadAnswer, ConnectorError, Skip
from scans.meshes.archive_7z_head import is_whole_7z


class MeditConnector:
    def __init__(self, access: Access, profile: Profile = DEFAULT) -> None:
        self._profile = profile
        self._client = MeditClient(access, profile)

    def pages(self, since: datetime | None) -> Iterator[Page]:
        """Cases between `since` and now: the window stands still while it is paged through."""
        start = schemas.milliseconds(since) if since else 0
        end = schemas.milliseconds(datetime.now(UTC))
        seen: set[str] = set()

        def page(token: str) -> Page:
            number = int(token or 0)
            rows = schemas.rows_of(self._client.cases(number, start, end), self._profile)
            _require_new(rows, seen)
            orders, faults = self._read(rows)
            is_last = len(rows) < self._profile.page_size
            return Page(tuple(orders), tuple(faults), "" if is_last else str(number + 1))

        return walk(page)

    def _read(self, rows: list[Any]) -> tuple[list[RemoteOrder], list[ConnectorError]]:
        orders: list[RemoteOrder] = []
        faults: list[ConnectorError] = []
        for row in rows:
            try:
                orders.append(self._listed(row))
            except (BadAnswer, Skip) as fault:
                faults.append(fault)
        return orders, faults

    def _listed(self, row: Any) -> RemoteOrder:
        if schemas.has_files(row, self._profile):
            return schemas.order_of(row, self._profile)
        return self.order(schemas.id_of(row, self._profile))

    def order(self, order_id: str) -> RemoteOrder:
        return schemas.order_of(self._client.case(order_id), self._profile)

    def fetch(
        self, order: RemoteOrder, file: RemoteFile, place: Path, *, cap: int, on_chunk: Callable[[], None]
    ) -> None:
        require_room(place.stat().st_size if place.exists() else None, cap)
        if place.exists() and is_whole_7z(place):
            return  # it came at an earlier attempt, which another file of the order ended
        url = schemas.url_of(self._client.file(file.key), self._profile)
        self._client.download(url, place, cap=cap, on_chunk=on_chunk)
        require_complete(place)

    def settle(self, order: RemoteOrder, settlement: Settlement) -> None:
        """The cloud does not ask what became of a scan."""


def _require_new(rows: list[Any], seen: set[str]) -> None:
    """Page numbers never repeat; a cloud that does not heed them gives the same page again and again."""
    if not rows:
        return
    known = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    if known in seen:
        raise BadAnswer("page_loop", "The list of cases turns in a circle: a page came a second time.")
    seen.add(known)
