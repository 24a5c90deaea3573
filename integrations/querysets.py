"""The questions asked of connections, runs and orders."""

from datetime import datetime, timedelta
from typing import Self

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from integrations.planning import Standing
from patients.querysets import ClinicRows
from scans.querysets import LeasedRows


class ConnectionQuerySet(ClinicRows):
    def without_secrets(self) -> Self:
        """What pages need: a lost encryption key must not lock the admin."""
        return self.defer("credentials")

    def working(self) -> Self:
        """Connections from which scans come by themselves."""
        return self.filter(is_active=True, state=self.model.State.CONNECTED)


class RunQuerySet(LeasedRows):
    def open(self) -> Self:
        return self.filter(state__in=[self.model.State.QUEUED, self.model.State.RUNNING])


ASKED_FOR = timedelta(days=14)
"""How long an order that never becomes ready is asked for."""


class OrderQuerySet(ClinicRows):
    def with_standing(self) -> Self:
        """Adds `standing`, in words of `integrations.planning.Standing`: how each order stands to what is here."""
        cases = self.model.delivery.field.related_model.cases.rel.related_model.objects
        filed = Exists(cases.filter(delivery=OuterRef("delivery"), state="FILED"))
        return self.annotate(
            standing=Case(
                When(Q(taken_revision="", is_ready=False), then=Value(str(Standing.NOT_READY))),
                When(taken_revision="", then=Value(str(Standing.NEW))),
                When(Q(is_ready=True) & ~Q(revision=F("taken_revision")), then=Value(str(Standing.CHANGED))),
                When(delivery__state__in=["REJECTED", "FAILED"], then=Value(str(Standing.FAILED))),
                When(Q(delivery__state="DUPLICATE") | filed, then=Value(str(Standing.IMPORTED))),
                default=Value(str(Standing.PENDING)),
                output_field=CharField(),
            )
        )

    def to_fetch(self, now: datetime) -> Self:
        """Orders whose files are ready and not here yet, or were not ready; where it is time to ask (again)."""
        is_open = Q(is_ready=True) & ~Q(revision=F("taken_revision"))
        may_be_ready = Q(is_ready=False, changed_at__gt=now - ASKED_FOR)
        open_revision = self.filter(is_open | may_be_ready)
        return open_revision.filter(Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now))

    def to_settle(self) -> Self:
        """Orders that were handed over and read since, whose other side has not heard of it."""
        return self.filter(delivery__isnull=False, is_settled=False).exclude(delivery__state="RECEIVED")
