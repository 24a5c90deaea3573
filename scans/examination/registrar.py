"""Asking the child processes how the jaws of a case meet and whether its bites fit them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from scans.examination.asking import Asker, ChildEnded, ChildLimits, ChildTooSlow
from scans.examination.relation import CheckedBite, Failure, JawsRequest, Relation

ENDED = Failure("registration_crashed", "Laying these scans on each other ended our program. The case stays as it is.")


def relate(request: JawsRequest, limits: ChildLimits, on_wait: Callable[[], None]) -> Relation | Failure:
    """As exported or by matrix; the process that finds out knows no Open3D and starts fast."""
    answer = _asked("scans.examination.relate", request, limits, on_wait)
    return answer if isinstance(answer, Failure) else Relation.of(answer["relation"])


def check_bites(
    request: JawsRequest, limits: ChildLimits, on_wait: Callable[[], None]
) -> dict[str, CheckedBite] | Failure:
    """By the keys of the bites."""
    answer = _asked("scans.examination.register", request, limits, on_wait)
    if isinstance(answer, Failure):
        return answer
    return {key: CheckedBite(**values) for key, values in answer["bites"].items()}


def _asked(
    module: str, request: JawsRequest, limits: ChildLimits, on_wait: Callable[[], None]
) -> dict[str, Any] | Failure:
    with Asker(module, limits, on_wait) as asker:
        try:
            answer: dict[str, Any] = json.loads(asker.ask(json.dumps(asdict(request))))
        except ChildTooSlow:
            return Failure("too_slow", f"Laying these scans on each other took longer than {limits.seconds} seconds.")
        except ChildEnded:
            return ENDED
    return Failure(**answer["failure"]) if "failure" in answer else answer
