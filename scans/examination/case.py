"""From files on disk to a case that is understood: unpack, read the export, look at every mesh, weigh the votes.

Knows no database: the import command's dry run and the background job both call `examine_case`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from patients.matching.identity import Identity
from scans.classification.classify import classify_case
from scans.classification.verdict import UNDECIDED, Arch, Method, Role, Verdict, Vote
from scans.examination.examination import REJECTED, Examination, Request
from scans.examination.examiner import Examiner
from scans.examination.names import is_zip_name, numbered
from scans.exports import read_export
from scans.exports.manifest import CaseManifest, ExportFile, ManifestEntry
from scans.meshes.archive import extract_archive
from scans.meshes.limits import ARCHIVE_LIMITS


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on disk under the name its sender gave it (with folders, "/" between parts)."""

    name: str
    path: Path

    def as_export_file(self) -> ExportFile:
        return ExportFile(self.name, self.path.stat().st_size, self.path.read_bytes)


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """One mesh of a case: its line of the manifest, what looking at it came to, and the verdict on what it is."""

    entry: ManifestEntry
    file: LocalFile
    examination: Examination
    verdict: Verdict
    thumbnail: Path | None


@dataclass(frozen=True, slots=True)
class ExaminedCase:
    manifest: CaseManifest
    meshes: tuple[ExaminedFile, ...]
    refused: tuple["RefusedMember", ...] = ()

    @property
    def identity(self) -> Identity:
        """The export's own words; where it has none, what a file says of itself (DICOM)."""
        if not self.manifest.identity.is_empty:
            return self.manifest.identity
        return next((identity for mesh in self.meshes if (identity := _identity_in(mesh.examination))), Identity())

    @property
    def is_usable(self) -> bool:
        return any(mesh.examination.state != REJECTED for mesh in self.meshes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known beside the files: the clinic's key, and votes by a file's content (a person's earlier choice)."""

    hps_key: str = field(default="", repr=False)
    votes_for: Callable[[LocalFile], Sequence[Vote]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A member of an archive that was not unpacked, and why."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """container: the name around it all, where one archive was handed over; vendors put the order into it."""

    files: tuple[LocalFile, ...]
    refused: tuple[RefusedMember, ...] = ()
    container: str = ""


def unpack(files: Sequence[LocalFile], folder: Path) -> Unpacked:
    """Zips become their members, laid down in `folder` under neutral names; anything else stays as it is.

    Raises ArchiveError when an archive as a whole is broken, hostile or beyond the limits.
    """
    members: list[LocalFile] = []
    refused: list[RefusedMember] = []
    for number, file in enumerate(files):
        if not is_zip_name(file.name):
            members.append(file)
            continue
        target = folder / f"archive-{number}"
        target.mkdir()
        for extracted in extract_archive(file.path, target, ARCHIVE_LIMITS):
            path = "/".join(filter(None, (extracted.member.container, extracted.member.path)))
            if extracted.error:
                refused.append(RefusedMember(path, extracted.error.code, extracted.error.message))
            elif extracted.file:
                members.append(LocalFile(path, extracted.file))
    container = files[0].name.rsplit("/", 1)[-1][:-4] if len(files) == 1 and is_zip_name(files[0].name) else ""
    return Unpacked(tuple(_with_single_names(members)), tuple(refused), container)


def _with_single_names(files: Sequence[LocalFile]) -> Iterator[LocalFile]:
    """Two members under one name are both kept: the later one gets a number."""
    seen: set[str] = set()
    for file in files:
        name, number = file.name, 1
        while name in seen:
            number += 1
            name = numbered(file.name, number)
        seen.add(name)
        yield LocalFile(name, file.path)


def examine_case(
    unpacked: Unpacked, examiner: Examiner, folder: Path, *, wishes: Wishes, on_file: Callable[[int, int], None]
) -> ExaminedCase:
    """Understand one case. `folder` takes pictures; `on_file(done, total)` tells how far it is.

    Raises ExportError when the files are no single case.
    """
    manifest = read_export([file.as_export_file() for file in unpacked.files], container=unpacked.container)
    by_name = {file.name: file for file in unpacked.files}
    examined: list[tuple[ManifestEntry, Examination, Path]] = []
    for number, entry in enumerate(manifest.meshes):
        on_file(number, len(manifest.meshes))
        picture = folder / f"{number}.webp"
        examined.append((entry, _look(entry, by_name, examiner, wishes, picture), picture))
    verdicts = _verdicts(examined, by_name, wishes)
    meshes = tuple(
        ExaminedFile(entry, by_name[entry.path], answer, verdicts[entry.path], picture if picture.exists() else None)
        for entry, answer, picture in examined
    )
    return ExaminedCase(manifest, meshes, unpacked.refused)


def _look(
    entry: ManifestEntry, by_name: Mapping[str, LocalFile], examiner: Examiner, wishes: Wishes, picture: Path
) -> Examination:
    companions = {name.rsplit("/", 1)[-1]: str(by_name[name].path) for name in entry.companions}
    name = entry.path.rsplit("/", 1)[-1]
    return examiner.examine(
        Request(str(by_name[entry.path].path), name, companions, wishes.hps_key, thumbnail_path=str(picture))
    )


def _verdicts(
    examined: Sequence[tuple[ManifestEntry, Examination, Path]], by_name: Mapping[str, LocalFile], wishes: Wishes
) -> dict[str, Verdict]:
    """Only what can be read takes part: set logic must not count a broken file as the missing jaw."""
    votes = {
        entry.path: [*entry.votes, *_geometry_vote(answer), *wishes.votes_for(by_name[entry.path])]
        for entry, answer, _ in examined
        if answer.state != REJECTED
    }
    verdicts = dict.fromkeys((entry.path for entry, _, _ in examined), UNDECIDED)
    return {**verdicts, **classify_case(votes)}


def _geometry_vote(answer: Examination) -> list[Vote]:
    if not answer.shape:
        return []
    shape = answer.shape
    return [
        Vote(
            Method.GEOMETRY,
            Arch(shape["arch"]),
            Role(shape["role"]),
            confidence=shape["confidence"],
            evidence=shape["evidence"],
        )
    ]


def _identity_in(answer: Examination) -> Identity | None:
    if not answer.identity:
        return None
    values: dict[str, Any] = dict(answer.identity)
    if "birth_date" in values:
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    return Identity(**values)
