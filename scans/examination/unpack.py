"""From what was handed over to files on a disk: archives become their members, everything keeps one name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scans.examination.asking import ChildLimits
from scans.examination.names import is_archive_name, numbered, without_archive_ending
from scans.examination.storable import storable_text
from scans.examination.unpacker import unpack_7z
from scans.exports.manifest import ExportFile
from scans.meshes.archive import extract_archive
from scans.meshes.archive_entries import Extracted, is_7z
from scans.meshes.limits import ARCHIVE_LIMITS


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on disk under the name its sender gave it (with folders, "/" between parts)."""

    name: str
    path: Path

    def head(self) -> bytes:
        with self.path.open("rb") as stream:
            return stream.read(8)

    def as_export_file(self) -> ExportFile:
        return ExportFile(self.name, self.path.stat().st_size, self.path.read_bytes)


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A member of an archive that was not unpacked, and why."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """container: the name of the one archive that was handed over; vendors put order or patient into it."""

    files: tuple[LocalFile, ...]
    refused: tuple[RefusedMember, ...] = ()
    container: str = ""


def unpack(
    files: Sequence[LocalFile], folder: Path, limits: ChildLimits, on_member: Callable[[], None] = lambda: None
) -> Unpacked:
    """Archives become their members, laid down in `folder` under neutral names; anything else stays as it is.

    Of several archives each becomes a folder of its own name, so that two cases are seen to be two.
    Raises ArchiveError when an archive as a whole is broken, hostile or beyond the limits.
    """
    members: list[LocalFile] = []
    refused: list[RefusedMember] = []
    is_alone = len(files) == 1
    for number, file in enumerate(files):
        if not is_archive_name(file.name):
            members.append(file)
            continue
        root = file.name.rpartition("/")[0] if is_alone else without_archive_ending(file.name)
        for extracted in _extract(file, folder / f"archive-{number}", limits, on_member):
            on_member()
            path = storable_text("/".join(filter(None, (root, extracted.member.container, extracted.member.path))))
            if extracted.error:
                refused.append(RefusedMember(path, extracted.error.code, extracted.error.message))
            elif extracted.file:
                members.append(LocalFile(path, extracted.file))
    return Unpacked(tuple(with_single_names(members)), tuple(refused), _container(files[0].name) if is_alone else "")


def _container(name: str) -> str:
    return without_archive_ending(name.rsplit("/", 1)[-1]) if is_archive_name(name) else ""


def _extract(file: LocalFile, target: Path, limits: ChildLimits, on_wait: Callable[[], None]) -> Iterable[Extracted]:
    """By content, not by name: the ending of an archive is often wrong. A 7z is opened by a limited child process."""
    target.mkdir(parents=True)
    if is_7z(file.head()):
        return unpack_7z(file.path, target, limits, on_wait)
    return extract_archive(file.path, target, ARCHIVE_LIMITS)


def with_single_names(files: Iterable[LocalFile]) -> Iterator[LocalFile]:
    """Two files under one name are both kept: the later one gets a number."""
    seen: set[str] = set()
    for file in files:
        name, number = file.name, 1
        while name in seen:
            number += 1
            name = numbered(file.name, number)
        seen.add(name)
        yield LocalFile(name, file.path)
