"""What every connector is: it lists orders, tells of one, fetches their files, and hears what became of them.

A connector knows one vendor and nothing of the database. Whatever goes wrong leaves it as an `integrations.errors`
error, in words that hold nothing of a patient.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from integrations.errors import BadAnswer, ConnectorError
from integrations.oauth import Tokens
from patients.matching.identity import Identity


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of an order.

    key: what the connector needs to fetch it. name: as the vendor calls it, with folders; it may name a patient.
    size: bytes, sha256: hexadecimal; None and "" where the vendor does not say.
    """

    key: str
    name: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """One order as the other side describes it.

    revision: changes when and only when the files change; the same order with another revision is a rescan.
    changed_at: aware. is_ready: whether all files can be fetched now.
    """

    order_id: str
    revision: str
    changed_at: datetime
    identity: Identity = field(default_factory=Identity)
    files: tuple[RemoteFile, ...] = ()
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a listing. faults: entries that could not be read; each costs itself only.

    next_token: of the page after this one, "" on the last.
    """

    orders: tuple[RemoteOrder, ...]
    faults: tuple[ConnectorError, ...] = ()
    next_token: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """Where a cloud wants the calls of this practice: addresses without a slash at their end."""

    name: str
    base_url: str
    oauth_base: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a cloud that a person may choose."""

    account: str
    name: str


class Outcome(StrEnum):
    """What became of an order that was handed over, once it was read."""

    FILED = "filed"
    WAITS = "waits"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`lines` say in words what became of each file; `message` of the order as a whole."""

    outcome: Outcome
    message: str
    lines: tuple[str, ...] = ()


class Connector(Protocol):
    def pages(self, since: datetime | None) -> Iterator[Page]:
        """Orders that changed at or after `since` (aware; None: all), oldest first where the vendor can sort."""

    def order(self, order_id: str) -> RemoteOrder:
        """The order as it is now. Raises Skip when there is none of that id."""

    def fetch(
        self, order: RemoteOrder, file: RemoteFile, place: Path, *, cap: int, on_chunk: Callable[[], None]
    ) -> None:
        """Bring a file to `place`, at most `cap` bytes; goes on where an earlier attempt left `place` unfinished.

        Calls `on_chunk` while it works. When it returns, size and checksum are as stated.
        """

    def settle(self, order: RemoteOrder, settlement: Settlement) -> None:
        """Hears what became of an order, perhaps more than once. Clouds do not ask and are not told."""


class Authorization(Protocol):
    """How a person lets us into a cloud, and out again."""

    def url(self, *, state: str, verifier: str, redirect_uri: str) -> str:
        """The consent page."""

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Raises Reconnect for a code that is not good any more."""

    def region(self) -> Region: ...

    def accounts(self, region: Region, tokens: Tokens) -> list[Account]: ...

    def pair(self, region: Region, tokens: Tokens, account: str) -> Tokens:
        """The tokens that count from now on."""

    def renew(self, refresh_token: str) -> tuple[Region, Tokens]:
        """Raises Reconnect when the grant is gone."""

    def leave(self, region: Region, tokens: Tokens) -> None:
        """Afterwards the tokens are worth nothing."""


def walk(page_of: Callable[[str], Page]) -> Iterator[Page]:
    """All pages, from the token "" on. Raises BadAnswer after the last good page when a token comes a second time."""
    seen: set[str] = set()
    token = ""
    while token not in seen:
        seen.add(token)
        page = page_of(token)
        yield page
        if not page.next_token:
            return
        token = page.next_token
    raise BadAnswer("page_loop", "The list of orders turns in a circle: a page came a second time.")
