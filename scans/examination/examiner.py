"""The parent's side of the child process: ask about a file, get an answer or the reason why there is none."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from scans.examination.examination import READY_LINE, REJECTED, Examination, Request

ROOT = Path(__file__).resolve().parents[2]
TICK_S = 1.0
CRASHED = "reader_crashed"


@dataclass(frozen=True, slots=True)
class ChildLimits:
    memory_bytes: int = 6 * 1024**3
    seconds: int = 120


class ChildDidNotStart(RuntimeError):
    """The reading process cannot even start: a fault of the installation, never of a file."""


class Examiner:
    """Asks a limited child process about files, one after the other; starts a new child when a file killed the last.

    `on_wait` is called about once a second while a file is looked at: a job renews its lease there.
    """

    def __init__(self, limits: ChildLimits, on_wait: Callable[[], None] = lambda: None) -> None:
        self._limits = limits
        self._on_wait = on_wait
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._end_child()

    def examine(self, request: Request) -> Examination:
        """Ask about one file. A child that dies is given a second chance: only a file that kills twice is to blame.

        Raises ChildDidNotStart when the reading process cannot run at all.
        """
        answer = self._ask(request)
        return self._ask(request) if answer.code == CRASHED else answer

    def _ask(self, request: Request) -> Examination:
        child = self._running_child()
        try:
            child.ask(json.dumps(asdict(request)))
            line = self._wait_for_line(child)
        except BrokenPipeError:
            line = ""
        except TimeoutError:
            self._end_child()
            return _too_slow(self._limits.seconds)
        if line.endswith("\n"):
            return Examination(**json.loads(line))
        return _crashed(self._end_child())

    def _running_child(self) -> "_Child":
        if self._child is None or not self._child.is_alive:
            self._end_child()
            self._child = _Child(self._limits)
            if self._wait_for_line(self._child) != READY_LINE:
                raise ChildDidNotStart
        return self._child

    def _wait_for_line(self, child: "_Child") -> str:
        """The next line of the child; empty when it died. Raises TimeoutError past the wall limit."""
        deadline = time.monotonic() + self._limits.seconds * 1.5
        with selectors.DefaultSelector() as selector:
            selector.register(child.answers, selectors.EVENT_READ)
            while not selector.select(TICK_S):
                self._on_wait()
                if time.monotonic() > deadline:
                    raise TimeoutError
        return child.answers.readline()

    def _end_child(self) -> int:
        child, self._child = self._child, None
        return child.end() if child else 0


class _Child:
    """A running child process and its two pipes."""

    def __init__(self, limits: ChildLimits) -> None:
        # A bare environment: no secret of ours is within reach of whatever a file may do to a reader.
        environment = {"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        asked_r, asked_w = os.pipe()
        answered_r, answered_w = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", "scans.examination.child", str(limits.memory_bytes), str(limits.seconds)],
            cwd=ROOT,
            env=environment,
            stdin=asked_r,
            stdout=answered_w,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(asked_r)
        os.close(answered_w)
        self._requests = os.fdopen(asked_w, "w", encoding="utf-8")
        self.answers = os.fdopen(answered_r, encoding="utf-8")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, line: str) -> None:
        self._requests.write(line + "\n")
        self._requests.flush()

    def end(self) -> int:
        """End it and return its exit code; a negative one is the signal that ended it before we did."""
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        self.answers.close()
        try:
            return self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _too_slow(seconds: int) -> Examination:
    return Examination(
        REJECTED,
        "too_slow",
        f"Reading this file took longer than {seconds} seconds and was stopped. Please export it in a smaller size.",
    )


def _crashed(exit_code: int) -> Examination:
    return Examination(
        REJECTED,
        CRASHED,
        "Reading this file ended our reader. The original is kept; please export the scan again.",
        metadata={"exit_code": exit_code},
    )
