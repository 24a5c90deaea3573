"""Asking the reading process about a file: an answer, or the reason why there is none."""

import json
from collections.abc import Callable
from dataclasses import asdict

from scans.examination.asking import Asker, ChildDidNotStart, ChildEnded, ChildLimits, ChildTooSlow
from scans.examination.examination import REJECTED, Examination, Request

__all__ = ["ChildDidNotStart", "ChildLimits", "Examiner"]

CRASHED = "reader_crashed"


class Examiner(Asker):
    """Asks about files, one after the other; `on_wait` is called while a file is looked at."""

    def __init__(self, limits: ChildLimits, on_wait: Callable[[], None] = lambda: None) -> None:
        super().__init__("scans.examination.child", limits, on_wait)

    def examine(self, request: Request) -> Examination:
        """Ask about one file. A child that dies is given a second chance: only a file that kills twice is to blame.

        Raises ChildDidNotStart when the reading process cannot run at all.
        """
        answer = self._examined(request)
        return self._examined(request) if answer.code == CRASHED else answer

    def _examined(self, request: Request) -> Examination:
        try:
            return Examination(**json.loads(self.ask(json.dumps(asdict(request)))))
        except ChildTooSlow:
            return _too_slow(self._limits.seconds)
        except ChildEnded as ended:
            return _crashed(ended.exit_code)


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
