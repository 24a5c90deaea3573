"""How a clinic stands today: what came, what waits, what failed, and what needs a person first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Min, Q
from django.utils import timezone

from patients.models import Clinic
from scans.models import Case, Delivery, Job, PendingCase, Scan
from scans.wait_reasons import sentences

FIRST = 5
LATEST = 6
Anybody = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Today:
    """waiting_since: when the case came that waits longest. has_any: whether a case ever came.

    given_up: jobs that were tried too often. refused: what came today and could not be taken.
    first: waiting cases, oldest first, each with `wait_sentences`. arrivals: deliveries of today, newest first.
    """

    scans: int
    cases: int
    waiting: int
    waiting_since: datetime | None
    held: int
    given_up: int
    refused: int
    has_any: bool
    first: list[PendingCase]
    arrivals: list[Delivery]

    @property
    def failed(self) -> int:
        return self.given_up + self.refused


def today_of(clinic: Clinic, user: Anybody) -> Today:
    """A constant number of statements, whatever the clinic holds."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    arrivals = Delivery.objects.visible_to(user).of_clinic(clinic).filter(received_at__gte=midnight)
    jobs = Job.objects.visible_to(user).of_clinic(clinic)
    return Today(
        scans=Scan.objects.visible_to(user).of_clinic(clinic).filter(created_at__gte=midnight).count(),
        given_up=jobs.filter(state=Job.State.QUARANTINED).count(),
        refused=arrivals.filter(state=Delivery.State.REJECTED).exclude(code="stopped").count(),
        first=_first(clinic, user),
        arrivals=list(arrivals.select_related("received_by").order_by("-received_at", "-pk")[:LATEST]),
        **_cases(clinic, user, midnight),
    )


def _cases(clinic: Clinic, user: Anybody, midnight: datetime) -> dict[str, Any]:
    waits = Q(state=Case.State.PENDING)
    found: dict[str, Any] = (
        Case.objects.visible_to(user)
        .of_clinic(clinic)
        .aggregate(
            has_any=Count("pk"),
            cases=Count("pk", filter=Q(received_at__gte=midnight)),
            waiting=Count("pk", filter=waits),
            waiting_since=Min("received_at", filter=waits),
            held=Count("pk", filter=Q(state=Case.State.HELD)),
        )
    )
    return {**found, "has_any": bool(found["has_any"])}


def _first(clinic: Clinic, user: Anybody) -> list[PendingCase]:
    rows = PendingCase.objects.visible_to(user).of_clinic(clinic).pending().for_queue()
    cases = list(rows.order_by("received_at", "pk")[:FIRST])
    for case in cases:
        case.wait_sentences = sentences(case.wait_codes)
    return cases
