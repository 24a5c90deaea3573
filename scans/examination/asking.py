"""The parent's side of a limited child process: say a line, get a line, or the reason why there is none."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scans.examination.examination import READY_LINE

ROOT = Path(__file__).resolve().parents[2]
TICK_S = 1.0
LEAN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""One thread in libraries, and one heap for all threads: what one gave back another can use, a tenth less memory."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    memory_bytes: int = 6 * 1024**3
    seconds: int = 120


class ChildDidNotStart(RuntimeError):
    """The child process cannot even start: a fault of the installation, never of a file."""


class ChildTooSlow(Exception):
    """It worked longer than it may and was ended."""


class ChildEnded(Exception):
    """It died over a request. A negative exit code is the signal that ended it."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Asker:
    """Asks a child process of one module, one request after the other; starts a new child when a file killed the last.

    `on_wait` is called about once a second while it waits: a job renews its lease there.
    """

    def __init__(self, module: str, limits: ChildLimits, on_wait: Callable[[], None] = lambda: None) -> None:
        self._module = module
        self._limits = limits
        self._on_wait = on_wait
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._end_child()

    def ask(self, line: str) -> str:
        """One request, one answer. Raises ChildTooSlow, ChildEnded, and ChildDidNotStart when it cannot run at all."""
        child = self._running_child()
        try:
            child.ask(line)
            answer = self._wait_for_line(child)
        except BrokenPipeError:
            answer = ""
        except TimeoutError as error:
            self._end_child()
            raise ChildTooSlow from error
        if not answer.endswith("\n"):
            exit_code = self._end_child()
            raise ChildTooSlow if exit_code == -signal.SIGXCPU else ChildEnded(exit_code)
        return answer

    def _running_child(self) -> "_Child":
        if self._child is None or not self._child.is_alive:
            self._end_child()
            self._child = _Child(self._module, self._limits)
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

    def __init__(self, module: str, limits: ChildLimits) -> None:
        # A bare environment: no secret of ours is within reach of whatever a file may do to a reader.
        environment = {"PATH": os.environ.get("PATH", ""), **LEAN}
        asked_r, asked_w = os.pipe()
        answered_r, answered_w = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", module, str(limits.memory_bytes), str(limits.seconds)],
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
