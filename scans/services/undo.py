"""Taking a decision back: the rows stand as they did before it, the trail and the ledger aside."""

import uuid
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Conflict, DomainError
from patients.models import Patient
from patients.services import withdraw_patient
from scans.models import Case, Decision
from scans.services import snapshot
from scans.services.ledger import already_decided, touching

UNDO_FOR = timedelta(days=7)


def undo(decision: Decision, *, actor: Actor) -> Decision:
    """Take a decision back. Raises Conflict when it was taken back, when something was decided after it, or too late.

    A patient that the decision created goes too, unless something hangs on the record by now.
    """
    with transaction.atomic():
        decision = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
        cases = list(Case.objects.select_for_update(no_key=True).filter(pk__in=decision.after["cases"]).order_by("pk"))
        _require_undoable(decision, cases)
        snapshot.put_back(decision.before, decision.after)
        for patient in Patient.objects.filter(uuid__in=decision.after["patients"]):
            withdraw_patient(patient, actor=actor)
        decision.undone_by, decision.undone_at = actor.user, timezone.now()
        decision.save(update_fields=["undone_by", "undone_at"])
        record("decision.undone", "case", decision.case_uuid, clinic=decision.clinic, actor=actor, kind=decision.kind)
    return decision


def undoable(decision: Decision) -> bool:
    """Whether it is the last word on its cases and not too old."""
    return decision.undone_at is None and not _is_too_old(decision) and _is_last(decision)


def last_of(user: User) -> Decision | None:
    """What this user decided last and may still take back."""
    newest = Decision.objects.visible_to(user).filter(made_by=user, undone_at=None)
    return next((decision for decision in newest[:20] if undoable(decision)), None)


def undo_batch(batch: uuid.UUID, *, actor: Actor) -> tuple[list[Decision], list[tuple[Decision, str]]]:
    """Take back what was decided at once: what could be, and what could not with the reason."""
    done, kept = [], []
    for decision in Decision.objects.filter(batch=batch, undone_at=None):
        try:
            done.append(undo(decision, actor=actor))
        except DomainError as error:
            kept.append((decision, error.message))
    return done, kept


def _require_undoable(decision: Decision, cases: list[Case]) -> None:
    if decision.undone_at:
        raise Conflict("already_undone", _("This was taken back already. Nothing was changed."))
    if _is_too_old(decision):
        raise Conflict("too_late_to_undo", _("This was decided too long ago to undo. Put the case back instead."))
    if not cases or not _is_last(decision):
        raise Conflict("decided_since", _("Something was decided about this case since. Undo that first."))
    if not snapshot.is_as(decision.after):
        raise Conflict("already_decided", already_decided(cases[0]))


def _is_too_old(decision: Decision) -> bool:
    return decision.made_at < timezone.now() - UNDO_FOR


def _is_last(decision: Decision) -> bool:
    uuids = [key for key in (decision.case_uuid, decision.other_uuid) if key]
    return not touching(*uuids).filter(undone_at=None, pk__gt=decision.pk).exists()
