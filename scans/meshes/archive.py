"""Zip archives, unpacked as if every one were hostile: a member at a time, limits counted on the bytes that come out.

On disk a member is a number, never the sender's name. A bad member costs itself, not the rest of the case; only what
endangers the machine (a bomb, a false directory) refuses the archive. Codes of ArchiveError stand in archive_entries.
"""

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from scans.meshes.archive_directory import require_small_directory
from scans.meshes.archive_entries import (
    AGAIN,
    ZIP_HEADS,
    Extracted,
    Member,
    archive_too_large,
    damaged,
    encrypted,
    entry_too_large,
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

_CHUNK = 1024 * 1024
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Only these are unpacked piece by piece; the standard library unpacks the others without an upper limit."""

_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, LookupError, NotImplementedError)
"""What the standard library raises on damaged archives. Not OSError: a full disk is not the sender's fault."""


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive of a kind that we open."""
    return head.startswith(ZIP_HEADS)


def declared_size(path: Path, limits: ArchiveLimits = ARCHIVE_LIMITS) -> int:
    """Bytes that the archive says it unpacks to: a word to plan by, never to trust. Raises ArchiveError."""
    with _opened(path, limits) as archive:
        return sum(member.declared_bytes for member, _ in _members(archive, limits))


def extract_archive(path: Path, directory: Path, limits: ArchiveLimits = ARCHIVE_LIMITS) -> Iterator[Extracted]:
    """Unpacks into `directory`, member by member; every member is reported, unpacked or not.

    Archives inside are unpacked as far as limits.depth allows, else reported. Raises ArchiveError where the archive as
    a whole is refused; what was yielded before is then not to be used.
    """
    yield from _Unpacker(directory, limits).unpack(path, level=1, container="")


class _Unpacker:
    """Unpacks an archive and those inside it, under one budget of bytes and entries."""

    def __init__(self, directory: Path, limits: ArchiveLimits) -> None:
        self._directory = directory
        self._limits = limits
        self._bytes = 0
        self._entries = 0

    def unpack(self, path: Path, *, level: int, container: str) -> Iterator[Extracted]:
        with _opened(path, self._limits) as archive:
            for member, entry in _members(archive, self._limits):
                self._entries += 1
                require_entries(self._entries, self._limits)
                member = replace(member, container=container)
                if member.problem:
                    yield Extracted(member, error=member.problem)
                else:
                    yield from self._member(archive, member, entry, level)

    def _member(
        self, archive: zipfile.ZipFile, member: Member, entry: zipfile.ZipInfo, level: int
    ) -> Iterator[Extracted]:
        target = self._directory / f"{self._entries:06d}"
        try:
            self._write(archive, member, entry, target)
        except ArchiveError as error:
            target.unlink(missing_ok=True)
            if error.code == "archive_too_large":
                raise
            yield Extracted(member, error=error)
            return
        yield from self._contents(member, target, level)

    def _contents(self, member: Member, target: Path, level: int) -> Iterator[Extracted]:
        """The member itself, or what lies in it where it is an archive that may be opened."""
        with target.open("rb") as stream:
            head = stream.read(8)
        if not is_any_archive(head):
            yield Extracted(member, target)
        elif is_archive(head) and level < self._limits.depth:
            inside = "/".join(part for part in (member.container, member.path) if part)
            try:
                yield from self.unpack(target, level=level + 1, container=inside)
            except ArchiveError as error:
                if error.code in ("archive_too_large", "too_many_entries"):
                    raise
                yield Extracted(member, error=error)
        else:
            yield Extracted(member, target, nested())

    def _write(self, archive: zipfile.ZipFile, member: Member, entry: zipfile.ZipInfo, target: Path) -> None:
        written = 0
        try:
            with archive.open(entry) as packed, target.open("xb") as out:
                for chunk in _chunks(packed):
                    written += len(chunk)
                    self._bytes += len(chunk)
                    self._require_within_limits(member, written)
                    out.write(chunk)
        except _BROKEN as error:
            raise damaged("bad_crc" if "CRC" in str(error) else "broken_entry") from error
        except RuntimeError as error:
            raise encrypted() from error
        if written != member.declared_bytes:
            raise damaged("size_mismatch")

    def _require_within_limits(self, member: Member, written: int) -> None:
        limits = self._limits
        if self._bytes > limits.total_bytes:
            raise archive_too_large(limits)
        if written > limits.entry_bytes:
            raise entry_too_large(limits)
        if written > limits.ratio_from_bytes and written > limits.ratio * max(member.packed_bytes, 1):
            raise packed_too_well(limits)


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    while chunk := packed.read(_CHUNK):
        yield chunk


def _opened(path: Path, limits: ArchiveLimits) -> zipfile.ZipFile:
    with path.open("rb") as stream:
        require_small_directory(stream, limits)
    try:
        return zipfile.ZipFile(path)
    # OSError here: offsets in a damaged list lead before the beginning of the file.
    except (*_BROKEN, OSError) as error:
        raise ArchiveError(f"This archive is damaged or cut off. {AGAIN}", code="broken_archive") from error


def _members(archive: zipfile.ZipFile, limits: ArchiveLimits) -> list[tuple[Member, zipfile.ZipInfo]]:
    entries = archive.infolist()
    require_entries(len(entries), limits)
    _require_apart(entries)
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise archive_too_large(limits)
    seen: Counter[str] = Counter()
    members = []
    for number, entry in enumerate(entries):
        path = _sender_path(entry)
        if path.endswith("/"):
            continue
        member = Member(number, path, entry.file_size, entry.compress_size, seen[path] > 0)
        seen[path] += 1
        members.append((replace(member, problem=_problem(entry, path, limits)), entry))
    return members


def _sender_path(entry: zipfile.ZipInfo) -> str:
    """The name as sent. Old zips hold cp437, yet many programs write UTF-8 without saying so; \\ is a separator too."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.orig_filename
    return name.replace("\\", "/")


def _problem(entry: zipfile.ZipInfo, path: str, limits: ArchiveLimits) -> ArchiveError | None:
    mode = entry.external_attr >> 16
    if not is_safe(path, limits):
        return unsafe_name()
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return no_file("link" if stat.S_ISLNK(mode) else "special_file")
    if entry.flag_bits & _ENCRYPTED_FLAG:
        return encrypted()
    if entry.compress_type not in _PACKINGS:
        return unsupported_packing()
    return entry_too_large(limits) if entry.file_size > limits.entry_bytes else None


def _require_apart(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share packed bytes are how one megabyte unpacks to terabytes."""
    reached = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < reached:
            raise ArchiveError(
                f"This archive is built in a dangerous way and was not unpacked. {AGAIN}", code="broken_archive"
            )
        reached = entry.header_offset + entry.compress_size
