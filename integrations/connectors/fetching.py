"""Whether a file may be fetched, is here already, and is what was announced."""

import hashlib
from pathlib import Path

from integrations.connectors.base import RemoteFile
from integrations.errors import TryLater
from integrations.http import too_large

CHUNK = 1024 * 1024


def require_room(size: int | None, cap: int) -> None:
    """Raises Skip for a stated size beyond `cap`, before a byte was asked for."""
    if cap <= 0 or (size is not None and size > cap):
        raise too_large(cap)


def is_here(file: RemoteFile, place: Path) -> bool:
    """Whether an earlier attempt brought it whole and was ended before it could hand it over."""
    is_known = file.size is not None and bool(file.sha256)
    return is_known and place.is_file() and place.stat().st_size == file.size and sha256_of(place) == file.sha256


def require_whole(file: RemoteFile, place: Path) -> None:
    """Raises TryLater where size or checksum differ from what was stated.

    A shorter file stays, to be gone on with; a wrong one is taken away, so that the next attempt starts anew.
    """
    size = place.stat().st_size
    if file.size is not None and size < file.size:
        raise TryLater("cut_off", "The file broke off on its way; the next attempt goes on where this one ended.")
    if (file.size is not None and size > file.size) or (file.sha256 and sha256_of(place) != file.sha256):
        place.unlink()
        raise TryLater("broken_transfer", "The file that came is not the one that was announced; it is fetched anew.")


def sha256_of(place: Path) -> str:
    with place.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
