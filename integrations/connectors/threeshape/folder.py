"""Looking at a watched folder: what lies there, export by export. Reads names and sizes, no contents.

An export is a sub-folder, an archive, or loose files of one prefix. Links are not followed, only files count.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.connectors.threeshape.failures import told_apart
from integrations.connectors.threeshape.loose import groups_of, is_alone
from integrations.connectors.threeshape.names import OURS, is_partial, is_passed_over, known_as
from integrations.errors import ConnectorError, Skip
from scans.examination.names import numbered

DEEPEST = 32
MOST_FILES = 5_000
MOUNT_POINT = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT: a junction of Windows, a link that says that it is a folder."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """name: NFC, with the export's own folder, "/" between parts. path: as the disk spells it."""

    path: Path
    name: str
    size: int
    mtime_ns: int

    @property
    def key(self) -> str:
        """Tells the file within its export and holds no name."""
        return hashlib.sha256(os.fsencode(self.path.as_posix())).hexdigest()


@dataclass(frozen=True, slots=True)
class Export:
    """tops: what is moved to take it away: the folder, the archive, or every loose file.

    is_arriving: a file that calls itself unfinished lies in it, or among the loose files.
    """

    order_id: str
    tops: tuple[Path, ...]
    files: tuple[FoundFile, ...]
    is_loose: bool = False
    is_arriving: bool = False

    @property
    def mark(self) -> str:
        return mark_of(self.files)

    @property
    def mtime_ns(self) -> int:
        return max(file.mtime_ns for file in self.files)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw, oldest export first."""

    exports: tuple[Export, ...]
    faults: tuple[ConnectorError, ...] = ()


def mark_of(files: Iterable[FoundFile]) -> str:
    """Another one as soon as a file comes, goes, grows, shrinks or is written to."""
    lines = sorted(f"{file.key}\0{file.size}\0{file.mtime_ns}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def look_into(root: Path) -> Look:
    """Raises TryLater, Misconfigured when the folder itself cannot be read."""
    with told_apart(root):
        entries = [entry for entry in _entries(root) if not is_passed_over(entry.name)]
    exports: list[Export] = []
    loose: list[FoundFile] = []
    faults: list[ConnectorError] = []
    for entry in entries:
        if entry.name.casefold() in OURS:
            continue
        try:
            with told_apart(root):
                status = entry.stat(follow_symlinks=False)
                exports += _folder_export(Path(entry.path)) if _is_real_folder(status) else []
                loose += [_found(entry, known_as(entry.name), status)] if stat.S_ISREG(status.st_mode) else []
        except Skip as fault:
            faults += [] if fault.code == "still_changing" else [fault]
    exports += _loose_exports(loose)
    return Look(tuple(sorted(exports, key=lambda one: (one.mtime_ns, one.order_id))), tuple(faults))


def _found(entry: os.DirEntry[str], name: str, status: os.stat_result) -> FoundFile:
    return FoundFile(Path(entry.path), name, status.st_size, status.st_mtime_ns)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def files_of(root: Path, top: Path) -> tuple[FoundFile, ...]:
    """The files of a folder or of one file below `root`; none when it is not there any more."""
    with told_apart(root):
        status = top.lstat() if os.path.lexists(top) else None
        if status and stat.S_ISREG(status.st_mode):
            return (FoundFile(top, known_as(top.name), status.st_size, status.st_mtime_ns),)
        if status and _is_real_folder(status):
            return tuple(file for file in _walk(top) if not is_partial(file.name))
    return ()


def _folder_export(top: Path) -> list[Export]:
    found = tuple(_walk(top))
    whole = tuple(file for file in found if not is_partial(file.name))
    order_id = known_as(top.name)
    return [Export(order_id, (top,), whole, is_arriving=len(whole) < len(found))] if whole else []


def _walk(top: Path) -> Iterator[FoundFile]:
    """Every file below, each under a name of its own. Raises Skip beyond the limits."""
    seen: set[str] = set()
    waiting = [(top, known_as(top.name))]
    while waiting:
        folder, shown = waiting.pop()
        for entry in _entries(folder):
            if is_passed_over(entry.name):
                continue
            status = entry.stat(follow_symlinks=False)
            name = _single(f"{shown}/{known_as(entry.name)}", seen)
            if _is_real_folder(status):
                waiting.append((Path(entry.path), name))
            elif stat.S_ISREG(status.st_mode):
                yield _found(entry, name, status)
        if len(seen) > MOST_FILES or shown.count("/") > DEEPEST:
            raise Skip(
                "too_many_files", f"A folder holds more than {MOST_FILES} files, or deeper ones than any export."
            )


def _single(name: str, seen: set[str]) -> str:
    """Two spellings of one name (NFC and NFD) are two files; the later one gets a number."""
    single, number = name, 1
    while single in seen:
        number += 1
        single = numbered(name, number)
    seen.add(single)
    return single


def _is_real_folder(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and getattr(status, "st_reparse_tag", 0) != MOUNT_POINT


def _loose_exports(files: list[FoundFile]) -> list[Export]:
    """While one file of any export is on its way, none can be known to be whole."""
    is_arriving = any(is_partial(file.name) for file in files)
    whole = [file for file in files if not is_partial(file.name)]
    alone = [file for file in whole if is_alone(file.name)]
    exports = [Export(file.name, (file.path,), (file,)) for file in alone]
    by_name = {file.path.name: file for file in whole if not is_alone(file.name)}
    for label, names in groups_of(by_name).items():
        seen: set[str] = set()
        members = tuple(replace(by_name[name], name=_single(known_as(name), seen)) for name in names)
        exports.append(Export(label, tuple(one.path for one in members), members, True, is_arriving))
    return exports
