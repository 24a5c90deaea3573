"""Folders for unpacked files: in the data folder, one a run, and swept when a killed run left one behind."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

ABANDONED_AFTER_S = 24 * 3600


@contextmanager
def workspace() -> Iterator[Path]:
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_root()) as folder:
        yield Path(folder)


def sweep_workspaces() -> int:
    """Delete what runs left that were killed; returns how many folders."""
    if not _root().exists():
        return 0
    limit = time.time() - ABANDONED_AFTER_S
    abandoned = [folder for folder in _root().iterdir() if folder.stat().st_mtime < limit]
    for folder in abandoned:
        shutil.rmtree(folder, ignore_errors=True)
    return len(abandoned)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "work"
