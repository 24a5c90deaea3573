"""What a scanner's export means: one case, its identity as received, and a line for every entry."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from patients.matching.identity import Identity
from scans.classification.verdict import Vote


class ExportError(Exception):
    """An export that cannot be taken as one case. `message` is a sentence, `code` for programs."""

    code = "export_error"

    def __init__(self, message: str, *, code: str = "", **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.data = data


class SeveralCases(ExportError):
    """More than one case in one upload. `data["cases"]` names each."""

    code = "several_cases"


class Source(StrEnum):
    """Which family of exports a case came in; decides with the order id what "the same order" means."""

    ITERO = "ITERO"
    THREESHAPE = "3SHAPE"
    MEDIT = "MEDIT"
    EXOCAD = "EXOCAD"
    OTHER = "OTHER"


class EntryKind(StrEnum):
    MESH = "mesh"
    COMPANION = "companion"  # a material or texture that belongs to a mesh
    SIDECAR = "sidecar"  # XML and the like that told us something
    DESIGN = "design"  # CAD output, no scan
    ALTERNATE = "alternate"  # the same mesh in another format; another entry is kept
    NATIVE = "native"  # a vendor's closed format, named with the way out
    DOCUMENT = "document"  # pictures, prescriptions
    JUNK = "junk"  # the operating system's litter
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One entry of a folder, a zip or a set of loose files.

    path: relative, with "/" between parts, as the sender named it.
    read: gives the bytes (a side-car is read whole, so ask only for what is small).
    """

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One line of the report. `note` says in words what became of an entry that is not read as a mesh.

    companions: paths of materials and textures, no two of the same name.
    alternates: of a MESH, the paths of the same scan in other formats, best first, to be read when this one is broken;
        their own lines (ALTERNATE) have the votes and companions that they would have as a mesh.
    """

    path: str
    kind: EntryKind
    votes: tuple[Vote, ...] = ()
    note: str = ""
    companions: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseManifest:
    """One order as its export describes it.

    vendor: the exact vendor or program as named in the export ("iTero", "3Shape TRIOS", "exocad", ...).
    entries: one for every file of the listing, in its order; nothing is skipped silently.
    captured_at: aware where the export gives a zone, else naive local time of the clinic.
    """

    source: Source
    vendor: str
    order_id: str
    identity: Identity
    entries: tuple[ManifestEntry, ...]
    captured_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def meshes(self) -> tuple[ManifestEntry, ...]:
        return tuple(entry for entry in self.entries if entry.kind is EntryKind.MESH)
