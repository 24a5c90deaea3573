"""The questions asked of cases, scans and jobs."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Lower, NullIf

from patients.querysets import ClinicRows, days_meant, search_words

SHOWN_CANDIDATES = 5
"""As many as a row of the queue offers, one for each of the keys 1 to 5."""


class CaseQuerySet(ClinicRows):
    def pending(self) -> Self:
        """Cases that wait for a person, held ones not included."""
        return self.filter(state=self.model.State.PENDING)

    def open(self) -> Self:
        """Cases nobody has filed or rejected yet."""
        return self.filter(state__in=[self.model.State.PENDING, self.model.State.HELD])

    def for_queue(self) -> Self:
        """With all that a row of the queue shows, in a constant number of statements."""
        likeliest = self._candidates().filter(rank__lte=SHOWN_CANDIDATES).select_related("patient").order_by("rank")
        return self.select_related("clinic", "patient", "decided_by", "occlusion").prefetch_related(
            "scans", Prefetch("candidates", queryset=likeliest, to_attr="best_candidates")
        )

    def _candidates(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.candidates.rel.related_model.objects.all()
        return rows

    def search(self, words: str) -> Self:
        """Cases whose name, chart number, order or birth date hold every word, in any order."""
        days = days_meant(words.strip())
        if days and " " in words.strip():
            return self.filter(received_birth_date__in=days)
        found = self
        for word in search_words(words.replace(",", " ")):
            found = found.filter(
                Q(received_full_name__icontains=word)
                | Q(received_first_name__icontains=word)
                | Q(received_last_name__icontains=word)
                | Q(received_chart_number__istartswith=word)
                | Q(order_id__istartswith=word)
                | Q(received_birth_date__in=days_meant(word))
            )
        return found

    def waiting_for(self, code: str) -> Self:
        """Cases with this reason among theirs. As text, because SQLite cannot look into a JSON list."""
        return self.alias(codes=Cast("wait_codes", TextField())).filter(codes__contains=f'"{code}"')

    def best_first(self) -> Self:
        """The likeliest candidates first: what can be filed at a glance."""
        score = self._candidates().filter(case=OuterRef("pk")).order_by("rank").values("score")[:1]
        return self.alias(best=Subquery(score)).order_by(F("best").desc(nulls_last=True), "received_at", "pk")

    def by_name(self) -> Self:
        parts = Concat("received_last_name", Value(", "), "received_first_name")
        name = Lower(Coalesce(NullIf(F("received_full_name"), Value("")), parts))
        return self.alias(name=name).order_by("name", "received_at", "pk")

    def facets(self, *, today: datetime, week: datetime, user: Any) -> list[dict[str, Any]]:
        """How many cases there are of each clinic, source and list of reasons, and of which age: one statement."""
        rows = self.order_by().values("clinic", "source", "wait_codes")
        return list(
            rows.annotate(
                count=Count("pk"),
                today=Count("pk", filter=Q(received_at__gte=today)),
                week=Count("pk", filter=Q(received_at__gte=week)),
                older=Count("pk", filter=Q(received_at__lt=week)),
                mine=Count("pk", filter=Q(decided_by=user)),
            )
        )

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
