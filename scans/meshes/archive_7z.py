"""7z archives, unpacked by the rules of archive.py: names are numbers on disk, limits stand before the work.

py7zr reads the list of entries and unpacks streams; which entries, where to and how much is decided here. It parses a
hostile list in Python and unpacks with native code: call this in a limited child process only.

A 7z packs members one behind the other into blocks. A damaged member costs itself and those behind it in its block.
"""

import lzma
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from py7zr.archiveinfo import Folder
from py7zr.exceptions import ArchiveError as LibraryError
from py7zr.exceptions import PasswordRequired
from py7zr.py7zr import ArchiveFile, SevenZipFile

from scans.meshes.archive_7z_head import head_of
from scans.meshes.archive_entries import (
    AGAIN,
    Extracted,
    Member,
    archive_too_large,
    damaged,
    encrypted,
    entry_too_large,
    is_7z,
    is_any_archive,
    is_safe,
    nested,
    no_file,
    packed_too_well,
    require_entries,
    unsafe_name,
    unsupported_packing,
)
from scans.meshes.errors import ArchiveError
from scans.meshes.limits import ARCHIVE_LIMITS, ArchiveLimits

_CHUNK = 16 * 1024 * 1024
_UNIX_MODE, _REPARSE_POINT = 0x8000, 0x400

_COPY, _DELTA, _LZMA, _LZMA2, _X86 = b"\x00", b"\x03", b"\x03\x01\x01", b"\x21", b"\x03\x03\x01\x03"
_PACKINGS = frozenset({_COPY, _DELTA, _LZMA, _LZMA2, _X86})
"""What 7-Zip writes for files that are no programs; py7zr unpacks others without an upper limit on memory."""
_ENCRYPTION = b"\x06\xf1"

_BROKEN = (
    *(LibraryError, lzma.LZMAError, zlib.error, struct.error, EOFError, ValueError, LookupError),
    *(TypeError, AttributeError, AssertionError, ArithmeticError, NotImplementedError),
)
"""What py7zr raises on damaged archives. Not OSError: a full disk is not the sender's fault."""


def extract_7z(path: Path, directory: Path, limits: ArchiveLimits = ARCHIVE_LIMITS) -> Iterator[Extracted]:
    """Unpacks into `directory`, member by member; every member is reported, unpacked or not.

    Archives inside are reported, never opened. Raises ArchiveError where the archive as a whole is refused.
    """
    _require_small_list(path, limits)
    with path.open("rb") as stream:
        archive = _opened(stream)
        blocks = _Blocks(stream, archive, limits)
        for member, entry in _members(archive, limits):
            yield _extracted(member, entry, blocks, directory / f"{member.number + 1:06d}")


def _require_small_list(path: Path, limits: ArchiveLimits) -> None:
    with path.open("rb") as stream:
        if not is_7z(stream.read(8)):
            raise ArchiveError(f"This is no 7z archive. {AGAIN}", code="not_an_archive")
    head = head_of(path)
    if head is None:
        raise _broken()
    if head.size > limits.directory_bytes:
        raise ArchiveError(
            f"This archive holds more than {limits.entries} files. Please send one case at a time.",
            code="too_many_entries",
            limit=limits.entries,
        )


def _opened(stream: BinaryIO) -> SevenZipFile:
    try:
        return SevenZipFile(stream)
    except PasswordRequired as error:
        raise encrypted() from error
    # OSError here: offsets in a damaged list lead before the beginning of the file.
    except (*_BROKEN, OSError) as error:
        raise _broken() from error


def _broken() -> ArchiveError:
    return ArchiveError(f"This archive is damaged or cut off. {AGAIN}", code="broken_archive")


def _members(archive: SevenZipFile, limits: ArchiveLimits) -> list[tuple[Member, ArchiveFile]]:
    entries = list(archive.files)
    require_entries(len(entries), limits)
    if any(entry.uncompressed < 0 for entry in entries):
        raise _broken()
    if sum(entry.uncompressed for entry in entries) > limits.total_bytes:
        raise archive_too_large(limits)
    seen: Counter[str] = Counter()
    members = []
    for number, entry in enumerate(entries):
        if entry.is_directory:
            continue
        path = entry.filename.removesuffix("\0")
        member = Member(number, path, entry.uncompressed, entry.compressed or 0, seen[path] > 0)
        seen[path] += 1
        members.append((replace(member, problem=_problem(entry, path, limits)), entry))
    return members


def _problem(entry: ArchiveFile, path: str, limits: ArchiveLimits) -> ArchiveError | None:
    if not is_safe(path, limits):
        return unsafe_name()
    attributes = entry.file_properties().get("attributes") or 0
    kind = stat.S_IFMT(attributes >> 16) if attributes & _UNIX_MODE else 0
    if stat.S_ISLNK(kind) or attributes & _REPARSE_POINT:
        return no_file("link")
    if kind and not stat.S_ISREG(kind):
        return no_file("special_file")
    return entry_too_large(limits) if entry.uncompressed > limits.entry_bytes else None


def _extracted(member: Member, entry: ArchiveFile, blocks: "_Blocks", target: Path) -> Extracted:
    try:
        block = blocks.of(entry)
        if member.problem:
            block.pass_over(member.declared_bytes)
            raise member.problem
        _write(block.chunks(member.declared_bytes), entry.crc32, target)
    except ArchiveError as error:
        target.unlink(missing_ok=True)
        return Extracted(member, error=error)
    with target.open("rb") as stream:
        return Extracted(member, target, nested() if is_any_archive(stream.read(8)) else None)


def _write(chunks: Iterator[bytes], checksum: int | None, target: Path) -> None:
    found = 0
    with target.open("xb") as out:
        for chunk in chunks:
            found = zlib.crc32(chunk, found)
            out.write(chunk)
    if checksum is not None and checksum != found:
        raise damaged("bad_crc")


class _Blocks:
    """The streams of packed bytes, in the order of the archive; one is open at a time."""

    def __init__(self, stream: BinaryIO, archive: SevenZipFile, limits: ArchiveLimits) -> None:
        self._stream = stream
        self._limits = limits
        self._blocks = _placed(archive)
        self._folder: Folder | None = None
        self._open = _Block()

    def of(self, entry: ArchiveFile) -> "_Block":
        """The block that a member lies in, read up to it. Raises ArchiveError where it is none that we unpack."""
        if entry.folder is None:
            return _Block()
        if entry.folder is not self._folder:
            place = self._blocks[id(entry.folder)]
            _require_unpackable(entry.folder, place, self._limits)
            self._folder = entry.folder
            self._stream.seek(place.start)
            self._open = _Block(self._stream, entry.folder, place.packed_bytes)
        return self._open


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a block is, and how long; packed_bytes of its first stream."""

    start: int
    packed_bytes: int


def _placed(archive: SevenZipFile) -> dict[int, _Place]:
    streams = archive.header.main_streams
    if streams is None:
        return {}
    places, number = {}, 0
    try:
        for folder in streams.unpackinfo.folders:
            start = archive.afterheader + streams.packinfo.packpositions[number]
            places[id(folder)] = _Place(start, streams.packinfo.packsizes[number])
            number += len(folder.packed_indices)
    except _BROKEN as error:
        raise _broken() from error
    return places


def _require_unpackable(folder: Folder, place: _Place, limits: ArchiveLimits) -> None:
    if any(coder["method"].startswith(_ENCRYPTION) for coder in folder.coders):
        raise encrypted()
    if not all(_is_packing(coder, limits) for coder in folder.coders):
        raise unsupported_packing()
    unpacked = folder.unpacksizes[-1] if folder.unpacksizes else 0
    if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * max(place.packed_bytes, 1):
        raise packed_too_well(limits)


def _is_packing(coder: dict[str, object], limits: ArchiveLimits) -> bool:
    method, properties = coder["method"], coder["properties"]
    if method not in _PACKINGS or coder["numinstreams"] != 1 or coder["numoutstreams"] != 1:
        return False
    return not isinstance(properties, bytes) or _dictionary_bytes(method, properties) <= limits.dictionary_bytes


def _dictionary_bytes(method: object, properties: bytes) -> int:
    """What unpacking will keep in memory, by the properties that stand with the method."""
    if method == _LZMA and len(properties) == 5:
        return int.from_bytes(properties[1:], "little")
    if method == _LZMA2 and len(properties) == 1:
        return (2 | properties[0] & 1) << (properties[0] // 2 + 11)
    return 0


class _Block:
    """One stream of packed bytes with members one behind the other; without arguments the empty one."""

    def __init__(self, stream: BinaryIO | None = None, folder: Folder | None = None, packed_bytes: int = 0) -> None:
        self._stream = stream
        self._folder = folder
        self._packed_bytes = packed_bytes
        self._passed_over = 0
        self._is_broken = False

    def pass_over(self, size: int) -> None:
        """Leave a member out; its bytes are unpacked only if a wanted one comes behind it."""
        self._passed_over += size

    def chunks(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes. Raises ArchiveError."""
        skipped, self._passed_over = self._passed_over, 0
        for _ in self._unpacked(skipped):
            pass
        yield from self._unpacked(size)

    def _unpacked(self, size: int) -> Iterator[bytes]:
        while size:
            chunk = self._next(size)
            size -= len(chunk)
            yield chunk

    def _next(self, size: int) -> bytes:
        """At least nothing, at most `size` bytes; only what breaks the block raises."""
        if self._is_broken or self._folder is None:
            raise damaged("broken_entry")
        try:
            unpacker = self._folder.get_decompressor(self._packed_bytes)
            before = unpacker.consumed
            chunk = unpacker.decompress(self._stream, min(size, _CHUNK))
        except _BROKEN as error:
            self._is_broken = True
            raise damaged("broken_entry") from error
        if not chunk and unpacker.consumed == before:
            self._is_broken = True
            raise damaged("size_mismatch")
        return bytes(chunk)
