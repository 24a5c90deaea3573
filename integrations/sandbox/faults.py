"""Faults on demand: which there are, which are ordered, and for how many calls."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from integrations.sandbox import fault_effects as effects
from integrations.sandbox.tokens import TokenStore

ALL = frozenset({"list", "order", "download", "refresh", "exchange", "discovery", "pairing", "push"})
WITH_TOKEN = ALL - {"exchange"}
IN_JSON = ALL - {"download"}
Before = Callable[[TokenStore, dict[str, Any]], Response | None]
After = Callable[[Response, dict[str, Any]], Response]


@dataclass(frozen=True, slots=True)
class Fault:
    """operations: what it can happen to. One of `before` and `after` is there."""

    operations: frozenset[str]
    before: Before | None = None
    after: After | None = None


FAULTS: dict[str, Fault] = {
    "expired_token": Fault(WITH_TOKEN - {"refresh"}, before=effects.expired_token),
    "revoked_grant": Fault(WITH_TOKEN, before=effects.revoked_grant),
    "too_many_requests": Fault(ALL, before=effects.too_many_requests),
    "server_error": Fault(ALL, before=effects.server_error),
    "slow_body": Fault(ALL, after=effects.slow_body),
    "cut_body": Fault(ALL, after=effects.cut_body),
    "wrong_length": Fault(ALL, after=effects.wrong_length),
    "truncated_zip": Fault(frozenset({"download"}), after=effects.truncated_zip),
    "broken_zip": Fault(frozenset({"download"}), after=effects.broken_zip),
    "page_loop": Fault(frozenset({"list"}), after=effects.page_loop),
    "bad_json": Fault(IN_JSON, after=effects.bad_json),
    "bad_item": Fault(frozenset({"list"}), after=effects.bad_item),
    "foreign_host": Fault(frozenset({"discovery"}), after=effects.foreign_host),
}


class UnknownFault(ValueError):
    pass


@dataclass(slots=True)
class Active:
    """An ordered fault. skip: calls that pass before it strikes. left: how often it still does, None until cleared."""

    name: str
    operation: str
    left: int | None = 1
    skip: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)

    def before(self, known: TokenStore) -> Response | None:
        act = FAULTS[self.name].before
        return act(known, self.parameters) if act else None

    def after(self, answer: Response) -> Response:
        act = FAULTS[self.name].after
        return act(answer, self.parameters) if act else answer


class Faults:
    """Safe between threads: a fault that is ordered once strikes once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[Active] = []

    def order(self, fault: Active) -> None:
        """Raises UnknownFault for a name that is not in the table, or an operation that it cannot happen to."""
        known = FAULTS.get(fault.name)
        if known is None or fault.operation not in known.operations:
            raise UnknownFault(f"{fault.name} cannot happen to {fault.operation}")
        with self._lock:
            self._active.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._active.clear()

    def active(self) -> list[Active]:
        with self._lock:
            return list(self._active)

    def take(self, operation: str) -> Active | None:
        """The oldest fault ordered for the operation, used up by this call."""
        with self._lock:
            fault = next((one for one in self._active if one.operation == operation), None)
            if fault is None:
                return None
            if fault.skip:
                fault.skip -= 1
                return None
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._active.remove(fault)
            return fault
