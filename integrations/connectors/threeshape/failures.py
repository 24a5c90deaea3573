"""What an error of the file system means for a watched folder. Its own message holds a name: it goes no further."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integrations.errors import ConnectorError, Misconfigured, Skip, TryLater

SHARING_VIOLATIONS = frozenset({32, 33})
"""Windows: another program has the file open, or a part of it locked."""
VANISHED = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE})

STILL_CHANGING = "An export changed while it was read; it is taken once it rests."


@contextmanager
def told_apart(root: Path) -> Iterator[None]:
    """Errors of the file system as ours: the whole folder gone, or one export that cannot be read."""
    try:
        yield
    except OSError as error:
        raise _meaning(error, root) from None


def _meaning(error: OSError, root: Path) -> ConnectorError:
    if trouble := trouble_with(root, was_there=True):
        return trouble
    if error.errno in VANISHED or getattr(error, "winerror", None) in SHARING_VIOLATIONS:
        return Skip("still_changing", STILL_CHANGING)
    return Skip("unreadable", "An export holds a file or a folder that cannot be read. Please check its permissions.")


def trouble_with(root: Path, *, was_there: bool) -> ConnectorError | None:
    """Why the folder itself cannot be looked into, if it cannot."""
    try:
        with os.scandir(root) as entries:
            next(entries, None)
    except PermissionError:
        return Misconfigured("no_permission", "Archway may not look into the watched folder. Please allow it.")
    except (FileNotFoundError, NotADirectoryError):
        if not was_there:
            return Misconfigured("no_such_folder", "There is no such folder. Please correct the path.")
        return gone()
    except OSError:
        return gone()
    return None


def gone() -> TryLater:
    return TryLater("folder_gone", "The watched folder cannot be reached now. Is its drive connected?")
