"""From what was handed over to files on a disk: archives become their members, everything keeps one name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scans.examination.names import is_zip_name, numbered
from scans.examination.storable import storable_text
from scans.exports.manifest import ExportFile
from scans.meshes.archive import Extracted, extract_archive
from scans.meshes.limits import ARCHIVE_LIMITS


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on disk under the name its sender gave it (with folders, "/" between parts)."""

    name: str
    path: Path

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


def unpack(files: Sequence[LocalFile], folder: Path, on_member: Callable[[], None] = lambda: None) -> Unpacked:
    """Zips become their members, laid down in `folder` under neutral names; anything else stays as it is.

    Of several archives each becomes a folder of its own name, so that two cases are seen to be two.
    Raises ArchiveError when an archive as a whole is broken, hostile or beyond the limits.
    """
    members: list[LocalFile] = []
    refused: list[RefusedMember] = []
    is_alone = len(files) == 1
    for number, file in enumerate(files):
        if not is_zip_name(file.name):
            members.append(file)
            continue
        root = "" if is_alone else file.name[: -len(".zip")]
        for extracted in _extract(file, folder / f"archive-{number}"):
            on_member()
            path = storable_text("/".join(filter(None, (root, extracted.member.container, extracted.member.path))))
            if extracted.error:
                refused.append(RefusedMember(path, extracted.error.code, extracted.error.message))
            elif extracted.file:
                members.append(LocalFile(path, extracted.file))
    container = files[0].name.rsplit("/", 1)[-1][: -len(".zip")] if is_alone and is_zip_name(files[0].name) else ""
    return Unpacked(tuple(with_single_names(members)), tuple(refused), container)


def _extract(file: LocalFile, target: Path) -> Iterator[Extracted]:
    target.mkdir(parents=True)
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
