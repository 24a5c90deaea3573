"""Where files lie while they come: a killed or cut download goes on there, whichever worker takes it up."""

import math
import shutil
import time
from pathlib import Path

from django.conf import settings

from integrations.models import ScannerOrder

ABANDONED_AFTER_S = 7 * 24 * 3600


def folder_of(order: ScannerOrder, revision: str) -> Path:
    """One folder for each revision, named by hashes and ids only; made where it is not there."""
    folder = _root() / f"{order.uuid.hex}-{revision[:16]}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def drop(order: ScannerOrder) -> None:
    """Everything of an order, once it is stored."""
    for folder in _root().glob(f"{order.uuid.hex}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def sweep_parts() -> int:
    """Delete what nobody has gone on with for a week; returns how many folders."""
    if not _root().exists():
        return 0
    limit = time.time() - ABANDONED_AFTER_S
    abandoned = [folder for folder in _root().iterdir() if _touched_at(folder) < limit]
    for folder in abandoned:
        shutil.rmtree(folder, ignore_errors=True)
    return len(abandoned)


def _touched_at(folder: Path) -> float:
    """When anything of it was last written to: a folder's own time stands still while a part in it grows.

    Never for what cannot be looked at, which another worker may be deleting just now: the next sweep sees.
    """
    try:
        return max(each.stat().st_mtime for each in (folder, *folder.iterdir()))
    except OSError:
        return math.inf


def _root() -> Path:
    return Path(settings.DATA_DIR) / "parts"
