"""The first 32 bytes of a 7z: they say how long the archive is, and what its list of entries adds up to.

Head and list fit each other only within one whole archive, so that one cut off, or glued from two, is known without
opening it.
"""

import struct
import zlib
from pathlib import Path
from typing import NamedTuple

from scans.meshes.archive_entries import is_7z

_HEAD = struct.Struct("<6s2sLQQL")
"""Magic, version, checksum; then offset behind this head, size and checksum of the list of entries (7zFormat.txt)."""
_CHUNK = 1024 * 1024


class Head(NamedTuple):
    """offset: of the list, from the beginning of the file."""

    offset: int
    size: int
    checksum: int


def head_of(place: Path) -> Head | None:
    """None for a file that is no 7z, or ends before its head does, or whose head is damaged."""
    with place.open("rb") as source:
        content = source.read(_HEAD.size)
    if not is_7z(content) or len(content) < _HEAD.size:
        return None
    _, _, own_checksum, offset, size, checksum = _HEAD.unpack(content)
    return Head(_HEAD.size + offset, size, checksum) if zlib.crc32(content[12:]) == own_checksum else None


def is_whole_7z(place: Path) -> bool:
    head = head_of(place)
    if head is None or place.stat().st_size < head.offset + head.size:
        return False
    found, left = 0, head.size
    with place.open("rb") as source:
        source.seek(head.offset)
        while chunk := source.read(min(left, _CHUNK)):
            found = zlib.crc32(chunk, found)
            left -= len(chunk)
    return found == head.checksum
