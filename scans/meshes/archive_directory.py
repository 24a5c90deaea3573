"""Where a zip keeps the list of its entries: measured before the standard library reads all of it into memory."""

import os
import struct
from typing import BinaryIO

from scans.meshes.errors import ArchiveError
from scans.meshes.limits import ArchiveLimits

_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MAGIC = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT = 65_535
_IN_ZIP64 = 0xFFFFFFFF

_OTHERS = {b"Rar!\x1a\x07": "RAR", b"\x1f\x8b\x08": "gzip"}


def require_small_directory(stream: BinaryIO, limits: ArchiveLimits) -> None:
    """Raises ArchiveError: not_an_archive, broken_archive (no end: cut off) or too_many_entries."""
    head = stream.read(6)
    if not head.startswith(b"PK"):
        raise _not_a_zip(head)
    size = stream.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST_COMMENT - _END.size)
    stream.seek(start)
    tail = stream.read()
    place = tail.rfind(_END_MAGIC)
    if place < 0 or place + _END.size > len(tail):
        raise ArchiveError(
            "This archive is cut off: its list of files is missing. Please create or download it again.",
            code="broken_archive",
        )
    directory = _END.unpack_from(tail, place)[5]
    if directory == _IN_ZIP64:
        directory = _zip64_directory(stream, start + place)
    if directory > limits.directory_bytes:
        raise ArchiveError(
            f"This archive holds more than {limits.entries} files. Please send one case at a time.",
            code="too_many_entries",
            limit=limits.entries,
        )


def _zip64_directory(stream: BinaryIO, end: int) -> int:
    """Bytes of the list by the 64-bit record, which a locator just before the end record points to."""
    try:
        stream.seek(max(0, end - _LOCATOR.size))
        magic, _, offset, _ = _LOCATOR.unpack(stream.read(_LOCATOR.size))
        if magic != _LOCATOR_MAGIC:
            return _IN_ZIP64
        stream.seek(offset)
        directory: int = _END64.unpack(stream.read(_END64.size))[8]
    except (struct.error, OSError, OverflowError, ValueError):
        return _IN_ZIP64
    return directory


def _not_a_zip(head: bytes) -> ArchiveError:
    kind = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if kind:
        return ArchiveError(
            f"This is a {kind} archive; only ZIP and 7z archives are opened. Please unpack it and send what is in it.",
            code="not_an_archive",
            content=kind,
        )
    return ArchiveError("This is no ZIP archive. Please create the archive again.", code="not_an_archive")
