"""What was done to a case and who looks at it now, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models import AuditEvent
from scans.models import Case, Decision
from scans.services import ledger, undo

JUST_NOW = timedelta(minutes=5)
MOST_EVENTS = 30

WORDS = {
    "case.assigned": _("filed it under a patient"),
    "case.filed": _("filed it without a person"),
    "case.jaws_related": _("found out how the jaws meet"),
    "case.received": _("took it in"),
    "case.reprocessed": _("read its files again"),
    "case.held": _("put it on hold"),
    "case.merged": _("merged it into another case"),
    "case.patient_considered": _("said that it may be this patient after all"),
    "case.patient_ruled_out": _("said that it is not this patient"),
    "case.put_back": _("put it back into the queue"),
    "case.rejected": _("rejected it"),
    "case.scans_moved": _("moved scans to another case"),
    "case.split": _("split it in two"),
    "case.viewed": _("looked at it"),
    "decision.undone": _("took a decision back"),
}
"""Verb of the trail -> what a person reads after the name of who did it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A decision, and whether it can be taken back now."""

    decision: Decision
    may_undo: bool


def told(case: Case) -> list[Told]:
    """Newest first."""
    events = AuditEvent.objects.of_clinic(case.clinic).filter(subject_uuid=case.uuid)[:MOST_EVENTS]
    return [Told(event.actor_label, str(WORDS.get(event.verb, _("worked on it"))), event.at) for event in events]


def decisions(case: Case) -> list[Made]:
    """Newest first; only the last one that stands can be taken back."""
    made = ledger.history_of(case)
    last = next((decision for decision in made if decision.undone_at is None), None)
    return [Made(decision, decision is last and undo.undoable(decision)) for decision in made]


def onlookers(case: Case, user: User | AnonymousUser) -> list[Told]:
    """Others who opened the case just now, each once, the latest first."""
    since = timezone.now() - JUST_NOW
    events = AuditEvent.objects.of_clinic(case.clinic).filter(
        subject_uuid=case.uuid, verb="case.viewed", at__gte=since, actor__isnull=False
    )
    latest: dict[str, Told] = {}
    for event in events.exclude(actor=user.pk):
        latest.setdefault(event.actor_label, Told(event.actor_label, "", event.at))
    return list(latest.values())
