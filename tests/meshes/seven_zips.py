"""7z archives for tests, ordinary ones and those that nobody's program writes."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import py7zr

HEAD = struct.Struct("<6s2sLQQL")
LZMA2: list[dict[str, Any]] = [{"id": py7zr.FILTER_LZMA2, "preset": 1}]
STORED: list[dict[str, Any]] = [{"id": py7zr.FILTER_COPY}]


def sevenzipped(*entries: tuple[str, bytes], packing: list[dict[str, Any]] = LZMA2, **options: Any) -> bytes:
    """All entries in one block, with a plain list behind them."""
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", filters=packing, **options) as archive:
        archive.set_encoded_header_mode(False)
        for name, content in entries:
            archive.writestr(content, name)
    return stream.getvalue()


def relisted(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with a changed list of entries, whose checksums are right again."""
    magic, version, _, offset, size, _ = HEAD.unpack_from(content)
    start = HEAD.size + offset
    changed = change(content[start : start + size])
    end = struct.pack("<QQL", offset, len(changed), zlib.crc32(changed))
    return (
        HEAD.pack(magic, version, zlib.crc32(end), *struct.unpack("<QQL", end)) + content[HEAD.size : start] + changed
    )


def mended(content: bytes) -> bytes:
    """The same bytes with right checksums over head and list, where there is a list at all."""
    if len(content) < HEAD.size or HEAD.unpack_from(content)[3] + HEAD.size > len(content):
        return content
    return relisted(content, lambda listed: listed)


def renamed(content: bytes, old: str, new: str) -> bytes:
    """Another name of the same length, past whatever the writing library allows."""
    assert len(old) == len(new)
    return relisted(content, lambda listed: listed.replace(old.encode("utf-16-le"), new.encode("utf-16-le")))


def with_attributes(content: bytes, attributes: int) -> bytes:
    """The first entry's attributes: they stand last, behind the property's id, its size, and two flags."""

    def change(listed: bytes) -> bytes:
        place = listed.rindex(b"\x15") + 4
        return listed[:place] + struct.pack("<L", attributes) + listed[place + 4 :]

    return relisted(content, change)


def with_dictionary(content: bytes, size: int) -> bytes:
    """LZMA2 that claims to need so much memory; `size` is a power of two."""

    def change(listed: bytes) -> bytes:
        place = listed.index(b"\x21\x21\x01") + 3
        return listed[:place] + bytes([2 * (size.bit_length() - 13)]) + listed[place + 1 :]

    return relisted(content, change)
