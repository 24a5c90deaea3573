"""Whether what was fetched is what was announced."""

import hashlib
from pathlib import Path

from integrations.connectors.base import RemoteFile
from integrations.errors import TryLater

CHUNK = 1024 * 1024


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


def is_whole(file: RemoteFile, place: Path) -> bool:
    """Whether an earlier attempt brought all of it; never where nothing was stated to tell that by."""
    return (
        bool(file.sha256) and place.exists() and place.stat().st_size == file.size and sha256_of(place) == file.sha256
    )


def sha256_of(place: Path) -> str:
    with place.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
