"""What of the queue a person wants to see: filters from the address, which carries codes only; the order is kept."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.models import Clinic
from scans.exports.manifest import Source
from scans.models import Case
from scans.models.choices import choices_of
from scans.querysets import CaseQuerySet
from scans.said import said
from scans.wait_reasons import WAIT_REASONS

AGES: dict[str, str | Promise] = {
    "today": gettext_lazy("today"),
    "week": gettext_lazy("in the last seven days"),
    "older": gettext_lazy("before that"),
}
ORDERS: dict[str, str | Promise] = {
    "oldest": gettext_lazy("Oldest first"),
    "newest": gettext_lazy("Newest first"),
    "best": gettext_lazy("Best match first"),
    "name": gettext_lazy("By name"),
}
MINE = "1"
KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of one look at the queue; empty where all are wanted."""

    state: str
    clinic: str = ""
    source: str = ""
    reason: str = ""
    age: str = ""
    mine: str = ""
    order: str = "oldest"

    @property
    def active(self) -> int:
        return sum(bool(value) for value in (self.clinic, self.source, self.reason, self.age, self.mine))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter; `count` None where counting is not cheap."""

    code: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    chosen: str
    options: list[Option]

    @property
    def chosen_label(self) -> str:
        return next((option.label for option in self.options if option.code == self.chosen), self.chosen)


def read(request: HttpRequest, state: str, clinics: Iterable[Clinic]) -> Wanted:
    """What is not a known code is no filter."""
    known: dict[str, Iterable[str]] = {
        "clinic": [str(clinic.uuid) for clinic in clinics],
        "source": [code for code, _label in _sources()],
        "reason": WAIT_REASONS,
        "age": AGES,
        "mine": [MINE],
    }
    chosen = {name: request.GET.get(name, "") for name in known}
    valid = {name: value for name, value in chosen.items() if value in known[name]}
    return Wanted(state, **valid, order=_order(request, state))


def apply(cases: CaseQuerySet, wanted: Wanted, user: Any) -> CaseQuerySet:
    today, week = _days()
    rows = cases.filter(state=wanted.state)
    if wanted.clinic:
        rows = rows.filter(clinic__uuid=wanted.clinic)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.reason:
        rows = rows.waiting_for(wanted.reason)
    if wanted.mine:
        rows = rows.filter(decided_by=user)
    ages = {
        "today": {"received_at__gte": today},
        "week": {"received_at__gte": week},
        "older": {"received_at__lt": week},
    }
    return rows.filter(**ages.get(wanted.age, {}))


def ordered(cases: CaseQuerySet, wanted: Wanted) -> CaseQuerySet:
    orders: dict[str, Callable[[], CaseQuerySet]] = {
        "oldest": lambda: cases.order_by("received_at", "pk"),
        "newest": lambda: cases.order_by("-received_at", "-pk"),
        "best": cases.best_first,
        "name": cases.by_name,
    }
    return orders[wanted.order]()


def filters(cases: CaseQuerySet, wanted: Wanted, clinics: list[Clinic], user: Any) -> list[Filter]:
    """Every filter with its choices; how many there are of each is told for open cases, which are few."""
    today, week = _days()
    is_open = wanted.state in (Case.State.PENDING, Case.State.HELD)
    facets = cases.filter(state=wanted.state).facets(today=today, week=week, user=user) if is_open else None
    found = [
        Filter("reason", _("Why it waits"), wanted.reason, _reasons(facets, wanted.reason)),
        Filter("source", _("Source"), wanted.source, _counted(_sources(), facets, "source", wanted.source)),
        Filter("age", _("Came in"), wanted.age, _summed(AGES.items(), facets)),
        Filter("mine", _("Decided by"), wanted.mine, _mine(facets)),
    ]
    if len(clinics) > 1:
        choices = [(str(clinic.uuid), clinic.name, clinic.pk) for clinic in clinics]
        counts = _counts(facets, "clinic")
        options = [Option(code, name, counts.get(pk, 0) if counts is not None else None) for code, name, pk in choices]
        found.insert(0, Filter("clinic", _("Clinic"), wanted.clinic, options))
    return [one for one in found if one.options]


def address_without(request: HttpRequest, name: str) -> str:
    """The same list without one of its filters, from its first page."""
    query = request.GET.copy()
    for gone in (name, "page"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"


Facets = list[dict[str, Any]] | None


def _reasons(facets: Facets, chosen: str) -> list[Option]:
    counts: Counter[str] = Counter()
    for row in facets or []:
        for code in set(row["wait_codes"]):
            counts[code] += row["count"]
    codes = [code for code in WAIT_REASONS if counts[code] or code == chosen]
    return [Option(code, said(WAIT_REASONS[code]), counts[code]) for code in codes]


def _counted(choices: Iterable[tuple[str, Any]], facets: Facets, column: str, chosen: str) -> list[Option]:
    counts = _counts(facets, column)
    if counts is None:
        return [Option(code, str(label)) for code, label in choices]
    return [Option(code, str(label), counts[code]) for code, label in choices if counts[code] or code == chosen]


def _counts(facets: Facets, column: str) -> Counter[Any] | None:
    if facets is None:
        return None
    counts: Counter[Any] = Counter()
    for row in facets:
        counts[row[column]] += row["count"]
    return counts


def _summed(choices: Iterable[tuple[str, Any]], facets: Facets) -> list[Option]:
    return [
        Option(code, str(label), None if facets is None else sum(row[code] for row in facets))
        for code, label in choices
    ]


def _mine(facets: Facets) -> list[Option]:
    return [Option(MINE, _("me"), None if facets is None else sum(row["mine"] for row in facets))]


def _sources() -> list[tuple[str, Any]]:
    return [(str(code), label) for code, label in choices_of(Source)]


def _days() -> tuple[datetime, datetime]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight - timedelta(days=6)


# --- the order is a habit of a person: it outlives the session, and carries a code only ------------------------------


def _order(request: HttpRequest, state: str) -> str:
    order = request.GET.get("order", "")
    if order not in ORDERS:
        order = _kept_order(request)
    return order if order in ORDERS else ("oldest" if state == Case.State.PENDING else "newest")


def _cookie(request: HttpRequest) -> str:
    """By user, because the front desk shares a browser."""
    return f"queue_order_{request.user.pk}"


def _kept_order(request: HttpRequest) -> str:
    try:
        return str(request.get_signed_cookie(_cookie(request), default="", salt="queue"))
    except BadSignature:
        return ""


def keep_order(request: HttpRequest, response: HttpResponse) -> None:
    order = request.GET.get("order", "")
    if order in ORDERS and order != _kept_order(request):
        response.set_signed_cookie(
            _cookie(request),
            order,
            salt="queue",
            max_age=KEPT_FOR,
            path=reverse("admin:scans_pendingcase_changelist"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
