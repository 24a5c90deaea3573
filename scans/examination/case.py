"""From unpacked files to a case that is understood: read the export, look at every mesh, weigh the votes.

Knows no database: the import command's dry run and the background job both call `examine_case`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from patients.matching.contradiction import contradicts
from patients.matching.identity import Identity
from scans.classification.classify import classify_case
from scans.classification.verdict import UNDECIDED, Arch, Method, Role, Verdict, Vote
from scans.examination.examination import NEEDS_KEY, READY, REJECTED, Examination, Request
from scans.examination.examiner import Examiner
from scans.examination.unpack import LocalFile, RefusedMember, Unpacked
from scans.exports import read_export
from scans.exports.manifest import CaseManifest, ManifestEntry


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a person looks at instead of the file: a small picture, the surface for a browser in up to two levels."""

    thumbnail: Path | None = None
    preview: Path | None = None
    detail: Path | None = None


NO_PICTURES = Pictures()


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """One mesh of a case: its line of the manifest, what looking at it came to, and the verdict on what it is."""

    entry: ManifestEntry
    file: LocalFile
    examination: Examination
    verdict: Verdict = UNDECIDED
    pictures: Pictures = NO_PICTURES


@dataclass(frozen=True, slots=True)
class ExaminedCase:
    """replaced: meshes that could not be read while another format of the same mesh could.

    refused: members of an archive that could not even be unpacked.
    ordered_for: who the order that this came with names, beside what is inside.
    """

    manifest: CaseManifest
    meshes: tuple[ExaminedFile, ...]
    replaced: tuple[ExaminedFile, ...] = ()
    refused: tuple[RefusedMember, ...] = ()
    ordered_for: Identity = field(default_factory=Identity)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Everyone this case names: the export first, then what files say of themselves (DICOM), then the order."""
        in_files = (_identity_in(mesh.examination) for mesh in self.meshes)
        named = (self.manifest.identity, *filter(None, in_files), self.ordered_for)
        return tuple(dict.fromkeys(identity for identity in named if not identity.is_empty))

    @property
    def identity(self) -> Identity:
        """As the first of them says, with the order's chart number where that leaves it out."""
        first = self.identities[0] if self.identities else Identity()
        return first if first.chart_number else replace(first, chart_number=self.ordered_for.chart_number)

    @property
    def has_identity_conflict(self) -> bool:
        return any(contradicts(self.identity, other) for other in self.identities[1:])

    @property
    def is_usable(self) -> bool:
        return any(mesh.examination.state != REJECTED for mesh in self.meshes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known beside the files: the clinic's key, fetched only when a file needs it, and votes by a file's
    content (a person's earlier choice)."""

    hps_key: Callable[[], str] = lambda: ""
    votes_for: Callable[[LocalFile], Sequence[Vote]] = lambda _: ()


def examine_case(
    unpacked: Unpacked, examiner: Examiner, folder: Path, *, wishes: Wishes, on_file: Callable[[int, int], None]
) -> ExaminedCase:
    """Understand one case. `folder` takes pictures; `on_file(done, total)` tells how far it is.

    Raises ExportError when the files are no single case.
    """
    manifest = read_export([file.as_export_file() for file in unpacked.files], container=unpacked.container)
    look = _Looker(manifest, {file.name: file for file in unpacked.files}, examiner, folder, wishes)
    meshes: list[ExaminedFile] = []
    replaced: list[ExaminedFile] = []
    for number, entry in enumerate(manifest.meshes):
        on_file(number, len(manifest.meshes))
        kept, others = look.at_best_of(entry)
        meshes.append(kept)
        replaced.extend(others)
    verdicts = _verdicts(meshes, wishes)
    judged = tuple(replace(mesh, verdict=verdicts.get(mesh.entry.path, UNDECIDED)) for mesh in meshes)
    return ExaminedCase(manifest, judged, tuple(replaced), unpacked.refused)


class _Looker:
    """Looks at the files of one case through the child process."""

    def __init__(
        self,
        manifest: CaseManifest,
        files: Mapping[str, LocalFile],
        examiner: Examiner,
        folder: Path,
        wishes: Wishes,
    ) -> None:
        self._entries = {entry.path: entry for entry in manifest.entries}
        self._files = files
        self._examiner = examiner
        self._folder = folder
        self._wishes = wishes
        self._looked_at = 0

    def at_best_of(self, entry: ManifestEntry) -> tuple[ExaminedFile, list[ExaminedFile]]:
        """The mesh, or where it cannot be read the same mesh in another format; then also those that failed."""
        first = self._at(entry)
        failed = [first]
        for path in entry.alternates if first.examination.state != READY else ():
            other = self._entries[path]
            looked = self._at(replace(other, votes=other.votes or entry.votes))
            if looked.examination.state == READY:
                return looked, failed
            failed.append(looked)
        return first, failed[1:]

    def _at(self, entry: ManifestEntry) -> ExaminedFile:
        file = self._files[entry.path]
        companions = {name.rsplit("/", 1)[-1]: str(self._files[name].path) for name in entry.companions}
        self._looked_at += 1
        places = [self._folder / f"{self._looked_at}{ending}" for ending in (".webp", ".small.glb", ".glb")]
        thumbnail, preview, detail = map(str, places)
        request = Request(
            str(file.path),
            entry.path.rsplit("/", 1)[-1],
            companions,
            thumbnail_path=thumbnail,
            preview_path=preview,
            detail_path=detail,
        )
        answer = self._examiner.examine(request)
        if answer.state == NEEDS_KEY and (key := self._wishes.hps_key()):
            answer = self._examiner.examine(replace(request, hps_key=key))
        return ExaminedFile(
            entry, file, answer, pictures=Pictures(*(place if place.exists() else None for place in places))
        )


def _verdicts(meshes: Sequence[ExaminedFile], wishes: Wishes) -> dict[str, Verdict]:
    """Only what can be read takes part: set logic must not count a broken file as the missing jaw."""
    votes = {
        mesh.entry.path: [*mesh.entry.votes, *_geometry_vote(mesh.examination), *wishes.votes_for(mesh.file)]
        for mesh in meshes
        if mesh.examination.state != REJECTED
    }
    return classify_case(votes)


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
