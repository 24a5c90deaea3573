"""A listing opened once: every entry sorted by its path, every order XML parsed."""

from collections.abc import Sequence
from dataclasses import dataclass

from scans.exports.manifest import EntryKind, ExportFile
from scans.exports.sidecar import Sidecar, parse_sidecar
from scans.exports.sorting import ending, sort_entry

PARSED_ENDINGS = frozenset({"xml", "dentalproject"})
PARSED_FILES = 200
"""More XML files than any order has; those beyond are listed, not read."""


@dataclass(frozen=True, slots=True)
class Listed:
    file: ExportFile
    kind: EntryKind
    note: str

    @property
    def path(self) -> str:
        return self.file.path


@dataclass(frozen=True, slots=True)
class Listing:
    """container: the name of the folder or archive around the entries, "" where the sender gave loose files."""

    entries: tuple[Listed, ...]
    sidecars: tuple[Sidecar, ...]
    container: str = ""

    @property
    def meshes(self) -> list[ExportFile]:
        return [entry.file for entry in self.entries if entry.kind is EntryKind.MESH]

    @property
    def folders(self) -> list[str]:
        """All folder names around the entries, outermost first, the container before them."""
        names = [self.container] if self.container else []
        for entry in self.entries:
            if entry.kind is not EntryKind.JUNK:
                names += [part for part in entry.path.split("/")[:-1] if part]
        return list(dict.fromkeys(names))

    def with_root(self, *tags: str) -> list[Sidecar]:
        return [sidecar for sidecar in self.sidecars if sidecar.root_tag in tags]


def open_listing(files: Sequence[ExportFile], container: str = "") -> Listing:
    entries = tuple(Listed(file, *sort_entry(file.path)) for file in files)
    orders = [
        entry.file for entry in entries if entry.kind is EntryKind.SIDECAR and ending(entry.file.name) in PARSED_ENDINGS
    ]
    return Listing(entries, tuple(parse_sidecar(file) for file in orders[:PARSED_FILES]), container)
