"""Whether a 7z came whole. Medit says neither size nor checksum beforehand; the archive's own head does.

A link is made anew for every attempt, and the archive behind it perhaps too: what a download went on with may be the
rest of another one.
"""

from pathlib import Path

from integrations.errors import TryLater
from scans.meshes.archive_7z_head import is_whole_7z
from scans.meshes.archive_entries import is_7z


def require_complete(place: Path) -> None:
    """Raises TryLater for a 7z that is not the one its head describes; takes it away, to be fetched anew.

    A file of another kind passes: what it is, its reader will say.
    """
    with place.open("rb") as source:
        head = source.read(8)
    if is_7z(head) and not is_whole_7z(place):
        place.unlink()
        raise TryLater("broken_transfer", "The archive that came is not whole; it is fetched anew.")
