"""What the unpackers of every kind of archive share: a member, its fate, which names are safe, and what a refusal says.

Codes of ArchiveError: not_an_archive, broken_archive, too_many_entries, archive_too_large (the whole archive);
encrypted, unsupported_packing, link, special_file, unsafe_name, entry_too_large, ratio, nested_archive, bad_crc,
size_mismatch, broken_entry (one member).
"""

from dataclasses import dataclass
from pathlib import Path

from scans.meshes.errors import ArchiveError
from scans.meshes.limits import ArchiveLimits

ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
SEVEN_ZIP_HEAD = b"7z\xbc\xaf\x27\x1c"
_HEADS = (*ZIP_HEADS, SEVEN_ZIP_HEAD, b"Rar!\x1a\x07", b"\x1f\x8b\x08")

AGAIN = "Please create the archive again."


@dataclass(frozen=True, slots=True)
class Member:
    """An entry that is no folder.

    path: as the sender wrote it, with / between folders: evidence, never a place on disk. number: its place in the
    archive. declared_bytes: unpacked size by the archive's own list. container: path of the archive it lies in where
    that one was inside another. is_duplicate: an earlier entry has the same path. problem: why it is not unpacked.
    """

    number: int
    path: str
    declared_bytes: int
    packed_bytes: int
    is_duplicate: bool = False
    container: str = ""
    problem: ArchiveError | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """A member and either where its bytes are now, or why they are not."""

    member: Member
    file: Path | None = None
    error: ArchiveError | None = None


def is_7z(head: bytes) -> bool:
    return head.startswith(SEVEN_ZIP_HEAD)


def is_any_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive, of a kind that we open or not."""
    return head.startswith(_HEADS)


def is_safe(path: str, limits: ArchiveLimits) -> bool:
    """Whether a sender's path stays within the archive and holds nothing that no file name holds."""
    parts = path.split("/")
    is_absolute = path.startswith("/") or (len(parts[0]) > 1 and parts[0][1] == ":")
    is_clean = all(part not in ("", ".", "..") for part in parts) and not any(ord(c) < 32 for c in path)
    return bool(path) and len(path) <= limits.path_characters and is_clean and not is_absolute


def require_entries(count: int, limits: ArchiveLimits) -> None:
    if count > limits.entries:
        raise ArchiveError(
            f"This archive holds more than {limits.entries} files. Please send one case at a time.",
            code="too_many_entries",
            limit=limits.entries,
        )


def archive_too_large(limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(
        f"This archive unpacks to more than {limits.total_bytes // 2**20} MB. Please send one case at a time.",
        code="archive_too_large",
        limit=limits.total_bytes,
    )


def entry_too_large(limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(
        f"A file in this archive is larger than {limits.entry_bytes // 2**20} MB. Please export it smaller.",
        code="entry_too_large",
        limit=limits.entry_bytes,
    )


def encrypted() -> ArchiveError:
    return ArchiveError(
        "This archive is protected with a password. Please send it without one.",
        code="encrypted",
    )


def nested() -> ArchiveError:
    return ArchiveError(
        "This archive holds another archive, which was not opened. Please unpack it and send what is in it.",
        code="nested_archive",
    )


def damaged(code: str) -> ArchiveError:
    return ArchiveError(f"A file in this archive is damaged and was not unpacked. {AGAIN}", code=code)


def packed_too_well(limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(
        f"A file in this archive is packed suspiciously well and was not unpacked. {AGAIN}",
        code="ratio",
        limit=limits.ratio,
    )


def unsafe_name() -> ArchiveError:
    return ArchiveError(
        f"A file in this archive has a name that leads out of it and was not unpacked. {AGAIN}", code="unsafe_name"
    )


def no_file(code: str) -> ArchiveError:
    return ArchiveError("This archive holds a link instead of a file. Please send the file itself.", code=code)


def unsupported_packing() -> ArchiveError:
    return ArchiveError(
        "A file in this archive is packed in a way that we do not open. Please create it as an ordinary ZIP.",
        code="unsupported_packing",
    )
