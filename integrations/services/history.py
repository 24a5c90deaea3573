"""What earlier looks brought, and what became of it, for a page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from integrations.models import ScannerIntegration, SyncItem, SyncRun
from scans.models import Case, Delivery

CASE_WORDS: dict[str, Any] = {
    Case.State.PENDING: _("waits in the queue"),
    Case.State.FILED: _("filed under its patient"),
    Case.State.HELD: _("on hold"),
    Case.State.REJECTED: _("rejected by a person"),
    Case.State.MERGED: _("merged into another case"),
}
DELIVERY_WORDS: dict[str, Any] = {
    Delivery.State.RECEIVED: _("stored, being read"),
    Delivery.State.PROCESSED: _("read"),
    Delivery.State.DUPLICATE: _("was here already"),
    Delivery.State.REJECTED: _("refused: no scan in it could be read"),
    Delivery.State.FAILED: _("could not be read"),
}
RUNS_SHOWN = 20
ITEMS_SHOWN = 50
"""Of a run; a first look may bring thousands."""


@dataclass(frozen=True, slots=True)
class Line:
    """One order of a run. fate: what became of its delivery, in words, "" where nothing was handed over."""

    item: SyncItem
    fate: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Look:
    run: SyncRun
    lines: tuple[Line, ...]
    left_out: int


def looks_of(connection: ScannerIntegration) -> list[Look]:
    """The newest runs, failures first in each, in a constant number of statements."""
    items = SyncItem.objects.select_related("order__delivery").prefetch_related("order__delivery__cases")
    shown = Prefetch("items", queryset=items.order_by("outcome", "pk")[:ITEMS_SHOWN], to_attr="shown_items")
    runs = SyncRun.objects.filter(connection=connection).select_related("requested_by").prefetch_related(shown)
    return [_look(run) for run in runs.order_by("-created_at", "-pk")[:RUNS_SHOWN]]


def _look(run: SyncRun) -> Look:
    items: list[SyncItem] = run.shown_items  # type: ignore[attr-defined]
    return Look(run, tuple(map(_line, items)), max(run.taken + run.failed - len(items), 0))


def _line(item: SyncItem) -> Line:
    delivery = item.order.delivery if item.order else None
    if delivery is None or item.outcome != SyncItem.Outcome.TAKEN:
        return Line(item, "", ())
    cases = tuple(delivery.cases.all())
    return Line(item, fate_of(delivery, cases), cases)


def fate_of(delivery: Delivery, cases: tuple[Case, ...]) -> str:
    """What became of the order's newest delivery."""
    if delivery.state == Delivery.State.PROCESSED and cases:
        states = {case.state for case in cases}
        return ", ".join(str(words) for state, words in CASE_WORDS.items() if state in states)
    return str(DELIVERY_WORDS[delivery.state])
