"""Reading an export's files: bytes that are good only when the file rested while they were read."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from integrations.connectors.fetching import require_room
from integrations.connectors.texts import LONGEST_CHART_NUMBER, LONGEST_FULL_NAME, LONGEST_PERSON_NAME, kept
from integrations.connectors.threeshape.failures import STILL_CHANGING, told_apart
from integrations.connectors.threeshape.folder import Export, FoundFile
from integrations.connectors.threeshape.stability import EDGE, Contents, is_cut
from integrations.errors import Skip
from patients.matching.identity import Identity
from scans.examination.names import is_archive_name
from scans.exports.formats import MESHES
from scans.exports.listing import PARSED_ENDINGS, Listing, open_listing
from scans.exports.manifest import ExportError, ExportFile
from scans.exports.sorting import ending
from scans.exports.threeshape import THREESHAPE, missing_files
from scans.meshes.archive import declared_size
from scans.meshes.archive_7z_head import is_whole_7z
from scans.meshes.archive_entries import is_7z
from scans.meshes.errors import ArchiveError

CHUNK = 1024 * 1024
WITHOUT_END = frozenset({"broken_archive", "not_an_archive"})
WITH_END = MESHES | PARSED_ENDINGS
# Neither a link that took the file's place since the look, nor a pipe that would never answer.
OPENING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def chunks_of(file: FoundFile, root: Path) -> Iterator[bytes]:
    """Raises Skip("still_changing") at the end when the file is no longer what the look saw."""
    with told_apart(root):
        with _opened(file) as source:
            _require_unchanged(os.fstat(source.fileno()), file)
            size = 0
            while size <= file.size and (chunk := source.read(CHUNK)):  # one that grows all the time has no end
                size += len(chunk)
                yield chunk
            _require_unchanged(os.fstat(source.fileno()), file)
        _require_unchanged(file.path.lstat(), file)


def _opened(file: FoundFile) -> BinaryIO:
    return os.fdopen(os.open(file.path, OPENING), "rb")


def _require_unchanged(status: os.stat_result, file: FoundFile) -> None:
    is_same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
    if not is_same or not stat.S_ISREG(status.st_mode):
        raise Skip("still_changing", STILL_CHANGING)


def digest_of(file: FoundFile, root: Path) -> str:
    digest = hashlib.sha256()
    for chunk in chunks_of(file, root):
        digest.update(chunk)
    return digest.hexdigest()


def copy(file: FoundFile, root: Path, place: Path, *, cap: int, sha256: str, on_chunk: Callable[[], None]) -> None:
    """Raises Skip beyond `cap` and when the file is not, or no longer, the one of `sha256`; then nothing stays."""
    require_room(file.size, cap)
    digest = hashlib.sha256()
    try:
        with place.open("wb") as target:
            for chunk in chunks_of(file, root):
                digest.update(chunk)
                target.write(chunk)
                on_chunk()
        if sha256 and digest.hexdigest() != sha256:
            raise Skip("still_changing", STILL_CHANGING)
    except Skip:
        place.unlink()
        raise


def revision_of(export: Export, digests: Sequence[str]) -> str:
    """The same for the same files under the same names within the export, wherever it lies and however it is called."""
    inside = [file.name if export.is_loose else file.name.partition("/")[2] for file in export.files]
    lines = sorted(f"{name}\0{digest}" for name, digest in zip(inside, digests, strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def listing_of(export: Export, root: Path) -> Listing:
    """As the readers of exports want it: with every order file parsed."""
    files = [ExportFile(file.name, file.size, _reader(file, root)) for file in export.files]
    return open_listing(files)


def _reader(file: FoundFile, root: Path) -> Callable[[], bytes]:
    return lambda: b"".join(chunks_of(file, root))


def contents_of(export: Export, listing: Listing, root: Path) -> Contents:
    sizes = tuple(file.size for file in export.files)
    with told_apart(root):
        cut = sum(_is_cut_archive(file) if is_archive_name(file.name) else _is_cut_file(file) for file in export.files)
    return Contents(sizes, export.is_arriving, cut, _missing(listing))


def _missing(listing: Listing) -> int:
    try:
        return len(missing_files(listing))
    except ExportError:
        return 0  # several orders at once: taking it in says so


def _is_cut_archive(file: FoundFile) -> bool:
    """Its list of files is written last."""
    try:
        with file.path.open("rb") as source:
            if is_7z(source.read(8)):
                return not is_whole_7z(file.path)
        declared_size(file.path)
    except ArchiveError as error:
        return error.code in WITHOUT_END
    return False


def _is_cut_file(file: FoundFile) -> bool:
    kind = ending(file.name)
    if kind not in WITH_END:
        return False
    with _opened(file) as source:
        head = source.read(EDGE)
        source.seek(max(0, file.size - EDGE))
        return is_cut(head, source.read(EDGE), file.size, is_stl=kind == "stl")


def identity_of(listing: Listing) -> Identity:
    """The patient as the order names one, or as the prefix of the files does; empty where nothing does."""
    try:
        return _kept(THREESHAPE.read(listing).identity) if THREESHAPE.recognises(listing) else Identity()
    except ExportError:
        return Identity()


def _kept(identity: Identity) -> Identity:
    return replace(
        identity,
        first_name=kept(identity.first_name, LONGEST_PERSON_NAME),
        last_name=kept(identity.last_name, LONGEST_PERSON_NAME),
        full_name=kept(identity.full_name, LONGEST_FULL_NAME),
        chart_number=kept(identity.chart_number, LONGEST_CHART_NUMBER),
    )
