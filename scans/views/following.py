"""The waiting cases before and after one, in the queue's order."""

from typing import cast

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from scans.models import Case, PendingCase


def next_case(request: HttpRequest, case: Case) -> Case | None:
    after = Q(received_at=case.received_at, pk__gt=case.pk) | Q(received_at__gt=case.received_at)
    rows = PendingCase.objects.visible_to(request.user).pending().exclude(pk=case.pk).order_by("received_at", "pk")
    return cast(Case | None, rows.filter(after).first())


def case_before(request: HttpRequest, case: Case) -> Case | None:
    before = Q(received_at=case.received_at, pk__lt=case.pk) | Q(received_at__lt=case.received_at)
    rows = PendingCase.objects.visible_to(request.user).pending().exclude(pk=case.pk).order_by("-received_at", "-pk")
    return cast(Case | None, rows.filter(before).first())


def address_after(request: HttpRequest, case: Case) -> str:
    """Where a person goes on: the next waiting case, else the first that waits, else the empty queue."""
    first = PendingCase.objects.visible_to(request.user).pending().exclude(pk=case.pk).order_by("received_at", "pk")
    following = next_case(request, case) or first.first()
    if following:
        return reverse("admin:scans_pendingcase_case", args=[following.uuid])
    return reverse("admin:scans_pendingcase_changelist")
