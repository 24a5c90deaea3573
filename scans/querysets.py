"""The questions asked of cases, scans and jobs."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Prefetch, Q

from patients.querysets import ClinicRows, search_words


class CaseQuerySet(ClinicRows):
    def pending(self) -> Self:
        """Cases that wait for a person, held ones not included."""
        return self.filter(state=self.model.State.PENDING)

    def open(self) -> Self:
        """Cases nobody has filed or rejected yet."""
        return self.filter(state__in=[self.model.State.PENDING, self.model.State.HELD])

    def for_queue(self) -> Self:
        """With all that a row of the queue shows, in a constant number of statements."""
        best = self.model.candidates.rel.related_model.objects.filter(rank=1).select_related("patient")
        return self.select_related("clinic", "patient", "decided_by", "occlusion").prefetch_related(
            "scans", Prefetch("candidates", queryset=best, to_attr="best_candidates")
        )

    def search(self, words: str) -> Self:
        found = self
        for word in search_words(words):
            found = found.filter(
                Q(received_full_name__icontains=word)
                | Q(received_first_name__icontains=word)
                | Q(received_last_name__icontains=word)
                | Q(received_chart_number__istartswith=word)
                | Q(order_id__istartswith=word)
            )
        return found

    def counts_by_state(self) -> dict[str, int]:
        return dict(self.order_by().values_list("state").annotate(Count("pk")))


class ScanQuerySet(ClinicRows):
    def usable(self) -> Self:
        return self.filter(state=self.model.State.READY)


class DeliveryQuerySet(ClinicRows):
    def sent_by(self, user: Any) -> Self:
        """What this user sends by the upload page; another's is none of a user's business, of the clinic or not."""
        return self.visible_to(user).filter(received_by=user, channel=self.model.Channel.UPLOAD)

    def silent(self, *, since: datetime) -> Self:
        """Announced, not all here, and nothing was heard of it for a while: its page was closed."""
        return self.filter(state=self.model.State.RECEIVING, heard_at__lt=since)


class LeasedRows(ClinicRows):
    """Work that a worker holds by a lease; the model has state, lease_until and woken_at."""

    def stale(self, *, now: datetime, queued_before: datetime) -> Self:
        """What nobody works on although it is not done: the lease ran out, or no worker ever took it."""
        states = self.model.State
        return self.filter(
            Q(state=states.RUNNING, lease_until__lt=now) | Q(state=states.QUEUED, woken_at__lt=queued_before)
        )
