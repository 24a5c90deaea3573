"""Calls to Medit Link, each as our client and for one group."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from integrations.connectors.access import Access
from integrations.connectors.calling import with_token
from integrations.connectors.medit.profile import Profile
from integrations.errors import Misconfigured, TryLater
from integrations.http import Unauthorised, ask, download, open_session


class MeditClient:
    def __init__(self, access: Access, profile: Profile) -> None:
        self._access = access
        self._profile = profile
        self._session = open_session(access.hosts)
        self._headers = {profile.client_id_header: access.client_id, profile.group_header: access.account}

    def cases(self, page: int, start: int, end: int) -> Any:
        """One page, from 0 on, of a window of time."""
        profile = self._profile
        return self._ask(
            profile.search_path,
            {
                profile.size_parameter: str(profile.page_size),
                profile.page_parameter: str(page),
                profile.start_parameter: str(start),
                profile.end_parameter: str(end),
            },
        )

    def case(self, case_id: str) -> Any:
        return self._ask(_filled(self._profile.case_path, case_id))

    def file(self, file_id: str) -> Any:
        profile = self._profile
        return self._ask(_filled(profile.file_path, file_id), {profile.type_parameter: profile.type_value})

    def download(self, url: str, place: Path, *, cap: int, on_chunk: Callable[[], None]) -> None:
        """By a link that is good for a while. It goes to a storage that must never see our token."""
        try:
            download(self._session, url, place, cap=cap, on_chunk=on_chunk)
        except Unauthorised:
            raise _link_refused() from None
        except Misconfigured as error:
            raise _link_refused() if error.code == "forbidden" else error from None

    def _ask(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        url = f"{self._access.base_url}{path}"
        return with_token(
            self._access,
            lambda headers: ask(self._session, "GET", url, headers={**headers, **self._headers}, params=params),
        )


def _filled(path: str, key: str) -> str:
    return path.format(id=quote(key, safe=""))


def _link_refused() -> TryLater:
    return TryLater("link_refused", "The cloud's storage refuses its own link; the next attempt asks for another one.")
