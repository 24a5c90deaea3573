"""iTero's cloud as a connector: orders of the paired account, each with one zip of its scans."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from integrations.connectors.access import Access
from integrations.connectors.base import Page, RemoteFile, RemoteOrder, Settlement, walk
from integrations.connectors.calling import with_token
from integrations.connectors.fetching import is_here, require_room, require_whole
from integrations.connectors.itero import schemas
from integrations.connectors.itero.profile import DEFAULT, Profile
from integrations.http import ask, download, open_session
from patients.matching.identity import Identity


class IteroConnector:
    def __init__(self, access: Access, profile: Profile = DEFAULT) -> None:
        self._access = access
        self._profile = profile
        self._session = open_session(access.hosts)

    def pages(self, since: datetime | None) -> Iterator[Page]:
        first = {self._profile.page_size_parameter: str(self._profile.page_size)}
        if since:
            first[self._profile.since_parameter] = since.isoformat()

        def page(token: str) -> Page:
            parameters = {**first, **({self._profile.page_parameter: token} if token else {})}
            return schemas.page_of(self._ask("GET", self._profile.orders_path, params=parameters), self._profile)

        return walk(page)

    def order(self, order_id: str) -> RemoteOrder:
        return schemas.order_of(self._ask("GET", self._order_path(self._profile.order_path, order_id)), self._profile)

    def fetch(
        self, order: RemoteOrder, file: RemoteFile, place: Path, *, cap: int, on_chunk: Callable[[], None]
    ) -> None:
        require_room(file.size, cap)
        if is_here(file, place):
            return
        url = f"{self._access.base_url}{self._order_path(self._profile.download_path, order.order_id)}"
        with_token(
            self._access,
            lambda headers: download(self._session, url, place, headers=headers, cap=cap, on_chunk=on_chunk),
        )
        require_whole(file, place)

    def settle(self, order: RemoteOrder, settlement: Settlement) -> None:
        """Nothing: the cloud does not ask what became of a scan."""

    def push_scan_request(self, identity: Identity, *, procedure: str, note: str) -> str:
        """Ask for a scan of this patient; the order that comes of it brings the chart number back. Returns its id."""
        profile = self._profile
        patient = {
            profile.first_name_field: identity.first_name,
            profile.last_name_field: identity.last_name,
            profile.chart_number_field: identity.chart_number,
        }
        body = {profile.patient_field: patient, profile.procedure_field: procedure, profile.note_field: note}
        return schemas.order_id_of(self._ask("POST", profile.scan_request_path, body=body), profile)

    def ask_for_callbacks(self, url: str, secret: str) -> None:
        """Where we want to be told that a scan is complete, and how we know that it is them."""
        profile = self._profile
        self._ask(
            "PUT", profile.callback_path, body={profile.callback_url_field: url, profile.callback_secret_field: secret}
        )

    def _ask(self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Any = None) -> Any:
        url = f"{self._access.base_url}{path}"
        return with_token(
            self._access,
            lambda headers: ask(self._session, method, url, headers=headers, params=params, body=body),
        )

    @staticmethod
    def _order_path(path: str, order_id: str) -> str:
        return path.format(order_id=quote(order_id, safe=""))
