"""Asking the limited process to open a 7z archive."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scans.examination.asking import Asker, ChildEnded, ChildLimits, ChildTooSlow
from scans.meshes.archive_entries import Extracted, Member
from scans.meshes.errors import ArchiveError


def unpack_7z(path: Path, folder: Path, limits: ChildLimits, on_wait: Callable[[], None]) -> list[Extracted]:
    """What became of every member. Raises ArchiveError where the archive as a whole is refused."""
    request = json.dumps({"path": str(path), "folder": str(folder)})
    with Asker("scans.examination.unpacking", limits, on_wait) as asker:
        try:
            answer: dict[str, Any] = json.loads(asker.ask(request))
        except ChildTooSlow:
            raise _too_slow(limits.seconds) from None
        except ChildEnded:
            raise _crashed() from None
    if "failure" in answer:
        raise _error(*answer["failure"])
    return [_extracted(values, folder) for values in answer["members"]]


def _extracted(values: dict[str, Any], folder: Path) -> Extracted:
    file, error = values.pop("file"), values.pop("error")
    return Extracted(Member(**values), folder / file if file else None, _error(*error) if error else None)


def _error(code: str, message: str) -> ArchiveError:
    return ArchiveError(message, code=code)


def _too_slow(seconds: int) -> ArchiveError:
    return _error(
        "too_slow", f"Opening this archive took longer than {seconds} seconds and was stopped. Please send it as a ZIP."
    )


def _crashed() -> ArchiveError:
    return _error("reader_crashed", "Opening this archive ended our program. Please send it as a ZIP.")
