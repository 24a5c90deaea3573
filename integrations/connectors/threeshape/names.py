"""PURE: what a name in a watched folder says before anybody looks at the file."""

import unicodedata

from scans.examination.storable import storable_text
from scans.exports.formats import JUNK_FOLDERS, JUNK_NAMES

DONE, FAILED = "done", "failed"
OURS = frozenset({DONE, FAILED})
PARTIAL_ENDINGS = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".!ut")
"""What browsers, FTP clients and copying programs call a file until it is whole."""


def known_as(name: str) -> str:
    """The one spelling of a name: macOS takes letters and accents apart (NFD), others do not."""
    return unicodedata.normalize("NFC", storable_text(name))


def is_partial(name: str) -> bool:
    """Whether a file is still on its way, by its own word."""
    return name.casefold().endswith(PARTIAL_ENDINGS)


def is_passed_over(name: str) -> bool:
    """Hidden, somebody's lock file ("~$"), or left by the operating system."""
    folded = name.casefold()
    return name.startswith((".", "~")) or folded in JUNK_NAMES or folded in JUNK_FOLDERS
