"""Folders are called for at the start, after changes, when they rest, now and then; they may vanish and come back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from integrations.watching import AGAIN_S, PAUSE_S, Schedule, watch

LIMIT_S = 20
QUICKLY_S = 0.2
ONE, OTHER = Path("one"), Path("other")


def _schedule() -> Schedule:
    """After the calls of the start."""
    schedule = Schedule([ONE, OTHER], rescan_every_s=600, now=0)
    assert schedule.take_due(0) == [ONE, OTHER]
    assert schedule.take_due(AGAIN_S) == [ONE, OTHER]
    return schedule


def test_a_change_is_called_for_at_once_and_again_when_it_rests() -> None:
    schedule = _schedule()
    schedule.changed(ONE, 100)
    assert schedule.take_due(100) == [ONE]
    assert schedule.take_due(100 + AGAIN_S - 0.1) == []
    assert schedule.take_due(100 + AGAIN_S) == [ONE]
    assert schedule.take_due(500) == []


def test_changes_without_end_do_not_call_without_end() -> None:
    schedule = _schedule()
    calls = 0
    for tenth in range(1_000, 1_100):
        schedule.changed(ONE, tenth / 10)
        calls += len(schedule.take_due(tenth / 10))
    assert calls == 10 / PAUSE_S


def test_missed_events_are_made_up_for_every_ten_minutes() -> None:
    schedule = _schedule()
    assert schedule.take_due(AGAIN_S + 599) == []
    assert schedule.take_due(AGAIN_S + 600) == [ONE, OTHER]


@pytest.fixture
def calls(tmp_path: Path) -> Iterator["Calls"]:
    found = Calls(tmp_path / "watched")
    found.folder.mkdir()
    found.start()
    yield found
    found.stop()


class Calls:
    """A real watch in a thread, and the calls that it makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._queue: Queue[Path] = Queue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        watch([self.folder], self._stop, self._queue.put, tick_ms=100, again_s=QUICKLY_S)

    def start(self) -> None:
        self._thread.start()
        self.next()
        self.next()  # the second look of the start

    def next(self) -> Path:
        return self._queue.get(timeout=LIMIT_S)

    def drain(self) -> None:
        while True:
            try:
                self._queue.get(timeout=PAUSE_S + 1)
            except Empty:
                return

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()


def test_a_new_file_is_called_for(calls: Calls) -> None:
    (calls.folder / "upper.stl").write_bytes(b"mesh")
    assert calls.next() == calls.folder


def test_what_goes_on_in_done_is_not(calls: Calls) -> None:
    (calls.folder / "done").mkdir()
    (calls.folder / "done/upper.stl").write_bytes(b"mesh")
    (calls.folder / ".archway-1.moving").write_bytes(b"")
    with pytest.raises(Empty):
        calls._queue.get(timeout=1)


def test_a_folder_that_vanishes_and_comes_back_as_another_is_watched_again(calls: Calls) -> None:
    calls.folder.rename(calls.folder.with_name("away"))
    assert calls.next() == calls.folder
    calls.folder.mkdir()
    calls.drain()
    (calls.folder / "upper.stl").write_bytes(b"mesh")
    assert calls.next() == calls.folder


def test_a_watch_may_begin_before_its_folder_is_there(tmp_path: Path) -> None:
    calls = Calls(tmp_path / "later")
    calls.start()
    calls.folder.mkdir()
    assert calls.next() == calls.folder
    calls.stop()


def test_a_watch_that_looks_by_itself_sees_changes_too(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    calls = Calls(tmp_path)
    calls.start()
    (tmp_path / "upper.stl").write_bytes(b"mesh")
    assert calls.next() == tmp_path
    calls.stop()
