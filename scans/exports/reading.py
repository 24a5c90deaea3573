"""What one vendor's reader hands to the assembly of the manifest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from patients.matching.identity import Identity
from scans.classification.verdict import Method, Vote
from scans.classification.words import fold
from scans.exports.listing import Listing
from scans.exports.manifest import EntryKind, Source

SIDECAR = 0.98
VENDOR = 0.95


@dataclass(frozen=True, slots=True)
class FileReading:
    """What the vendor's rules say of one entry. A kind or a note given here replaces what the path alone said."""

    votes: tuple[Vote, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    kind: EntryKind | None = None
    note: str = ""
    companions: tuple[str, ...] = ()

    @property
    def knows_name(self) -> bool:
        """The vendor's rule understood the name, so its single words must not be read again ("shell_occlusion_u")."""
        return any(vote.method is Method.VENDOR for vote in self.votes)

    def joined(self, other: "FileReading") -> "FileReading":
        return FileReading(
            (*self.votes, *other.votes),
            {**self.metadata, **other.metadata},
            other.kind or self.kind,
            other.note or self.note,
            (*self.companions, *other.companions),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """files: by path; entries that are not in it are judged by their path alone."""

    source: Source
    vendor: str
    order_id: str = ""
    identity: Identity = field(default_factory=Identity)
    captured_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    files: Mapping[str, FileReading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportReader:
    """One family of exports. `read` may raise ExportError, e.g. when two orders lie in one listing."""

    source: Source
    recognises: Callable[[Listing], bool]
    read: Callable[[Listing], Reading]


def merge(*parts: Mapping[str, FileReading]) -> dict[str, FileReading]:
    merged: dict[str, FileReading] = {}
    for part in parts:
        for path, reading in part.items():
            merged[path] = merged[path].joined(reading) if path in merged else reading
    return merged


def find_named(file_name: str, paths: Iterable[str]) -> str | None:
    """The one entry that a side-car means by this name; None when there is none or more than one.

    Side-cars write Windows paths, and only as much of them as they like.
    """
    wanted = [fold(part) for part in file_name.replace("\\", "/").split("/") if part.strip(". ")]
    for length in range(len(wanted), 0, -1):
        tail = wanted[-length:]
        found = [path for path in paths if [fold(part) for part in path.split("/") if part][-length:] == tail]
        if found:
            return found[0] if len(found) == 1 else None
    return None
