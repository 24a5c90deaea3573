"""Watching folders: a call soon after something changed, one when it rests, and one now and then whatever happened.

Events are a hint only: a network drive may send none, a folder may vanish and come back as another one under its
name. Where the system sends no events at all, WATCHFILES_FORCE_POLLING=1 makes watchfiles look by itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import watchfiles

RESCAN_EVERY_S = 600.0
AGAIN_S = 6.0
"""After a change: an export is taken at the second of two looks that are five seconds apart."""
PAUSE_S = 2.0
"""Between two calls for one folder, however much changes in it."""
TICK_MS = 1_000
OURS = frozenset({"done", "failed"})

# At DEBUG watchfiles writes every path, and a path may name a patient.
logging.getLogger("watchfiles").setLevel(logging.WARNING)


class Schedule:
    """When which folder is due. PURE but for what it remembers; times are seconds of a clock that never goes back."""

    def __init__(self, folders: Sequence[Path], *, rescan_every_s: float, now: float, again_s: float = AGAIN_S) -> None:
        self._rescan_every_s = rescan_every_s
        self._again_s = again_s
        self._due = dict.fromkeys(folders, now)
        self._called = dict.fromkeys(folders, now - PAUSE_S)
        self._again = dict.fromkeys(folders, now + again_s)

    def changed(self, folder: Path, now: float) -> None:
        self._due[folder] = min(self._due[folder], max(now, self._called[folder] + PAUSE_S))
        self._again[folder] = now + self._again_s

    def take_due(self, now: float) -> list[Path]:
        """Folders to call for now; each is then due again."""
        due = [folder for folder, moment in self._due.items() if moment <= now]
        for folder in due:
            self._called[folder] = now
            again = self._again[folder]
            self._due[folder] = again if again > now else now + self._rescan_every_s
        return due


def watch(
    folders: Sequence[Path],
    stop_event: threading.Event,
    on_change: Callable[[Path], None],
    *,
    rescan_every_s: float = RESCAN_EVERY_S,
    again_s: float = AGAIN_S,
    tick_ms: int = TICK_MS,
) -> None:
    """Calls on_change(folder), one at a time, until stop_event is set; for every folder once at the start.

    It is called for a folder that is not there, too. What on_change raises ends the watch.
    """
    schedule = Schedule(folders, rescan_every_s=rescan_every_s, again_s=again_s, now=time.monotonic())
    while not stop_event.is_set():
        there = {folder: identity for folder in folders if (identity := _identity(folder))}
        for changed in _changes(there, stop_event, tick_ms):
            for folder in changed:
                schedule.changed(folder, time.monotonic())
            for folder in schedule.take_due(time.monotonic()):
                on_change(folder)
            moved = _otherwise(folders, there)
            if moved or stop_event.is_set():
                break
        for folder in _otherwise(folders, there):
            schedule.changed(folder, time.monotonic())


def _identity(folder: Path) -> tuple[int, int] | None:
    """Tells a folder that came back from the one that was watched; None when there is none now."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _otherwise(folders: Sequence[Path], there: dict[Path, tuple[int, int]]) -> list[Path]:
    return [folder for folder in folders if _identity(folder) != there.get(folder)]


def _changes(there: Iterable[Path], stop_event: threading.Event, tick_ms: int) -> Iterator[set[Path]]:
    """Folders with changes, at every tick; where nothing can be watched, ticks alone."""
    places: dict[Path, Path] = {}
    try:
        # Some systems name what changed by its real place, whatever link led to it.
        places |= {folder.resolve(): folder for folder in there}
        for changes in watchfiles.watch(
            *places,
            watch_filter=lambda _, path: any(_concerns(place, path) for place in places),
            stop_event=stop_event,
            rust_timeout=tick_ms,
            yield_on_timeout=True,
            ignore_permission_denied=True,
            debug=False,
        ):
            yield {folder for place, folder in places.items() for _, path in changes if _concerns(place, path)}
    except (OSError, RuntimeError):
        # A folder vanished, a drive did, or the system watches no more folders: each of them is called for on and on.
        stop_event.wait(tick_ms / 1000)
        yield set(places.values())


def _concerns(folder: Path, path: str) -> bool:
    """Changes in done/ and failed/ and of hidden files are ours, or nobody's."""
    try:
        inside = Path(path).relative_to(folder).parts
    except ValueError:
        return False
    return bool(inside) and inside[0].casefold() not in OURS and not inside[-1].startswith(".")
