"""Taking a decision back: the rows stand as they did before it, the trail and the ledger aside."""

import uuid
from collections.abc import Callable
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
from scans.services import bites, snapshot
from scans.services.ledger import touching

UNDO_FOR = timedelta(days=7)


def undo(decision: Decision, *, actor: Actor) -> Decision:
    """Take a decision back. Raises Conflict when it was taken back, when something was decided after it, or too late.

    A patient that the decision created goes too, unless something hangs on the record by now.
    """
    with transaction.atomic():
        decision = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
        keys = snapshot.cases_of(decision.after)
        held = list(Case.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        _require_undoable(decision)
        snapshot.put_back(decision.before, decision.after)
        for case in Case.objects.filter(pk__in=[case.pk for case in held]):
            bites.link(case)
        for patient in Patient.objects.filter(uuid__in=decision.after["patients"]):
            withdraw_patient(patient, actor=actor)
        decision.undone_by, decision.undone_at = actor.user, timezone.now()
        decision.save(update_fields=["undone_by", "undone_at"])
        record("decision.undone", "case", decision.case_uuid, clinic=decision.clinic, actor=actor, kind=decision.kind)
    return decision


def undoable(decision: Decision) -> bool:
    """Whether it is the last word on its cases, not too old, and stands as it was made."""
    return _why_not(decision) is None


def last_of(user: User) -> Decision | None:
    """What this user decided last and may still take back."""
    newest = Decision.objects.visible_to(user).filter(made_by=user, undone_at=None)
    return next((decision for decision in newest[:20] if undoable(decision)), None)


def forget_what_is_over() -> int:
    """What cannot be undone any more keeps no words of a person: the fact of the decision is enough."""
    over = Decision.objects.filter(made_at__lt=timezone.now() - UNDO_FOR).exclude(before={})
    return int(over.update(before={}, after={}))


def undo_batch(batch: uuid.UUID, *, actor: Actor) -> tuple[list[Decision], list[tuple[Decision, str]]]:
    """Take back what was decided at once: what could be, and what could not with the reason."""
    done, kept = [], []
    for decision in Decision.objects.filter(batch=batch, undone_at=None):
        try:
            done.append(undo(decision, actor=actor))
        except DomainError as error:
            kept.append((decision, error.message))
    return done, kept


def _require_undoable(decision: Decision) -> None:
    code = _why_not(decision)
    if code:
        raise Conflict(code, _SENTENCES[code]())


def _why_not(decision: Decision) -> str | None:
    """A code for why it cannot be taken back, None where it can."""
    if decision.undone_at:
        return "already_undone"
    if _is_too_old(decision):
        return "too_late_to_undo"
    if not _is_last(decision):
        return "decided_since"
    if snapshot.names_the_gone(decision.before):
        return "patient_is_gone"
    return None if snapshot.is_as(decision.after) else "changed_since"


_SENTENCES: dict[str, Callable[[], str]] = {
    "already_undone": lambda: _("This was taken back already. Nothing was changed."),
    "too_late_to_undo": lambda: _("This was decided too long ago to undo. Decide anew on the page of the case."),
    "decided_since": lambda: _("Something was decided about this case since. Undo that first."),
    "patient_is_gone": lambda: _("The patient of that time is no longer in the register. Nothing was changed."),
    "changed_since": lambda: _("The case was read again since, so this cannot be undone. Decide anew on its page."),
}


def _is_too_old(decision: Decision) -> bool:
    return decision.made_at < timezone.now() - UNDO_FOR


def _is_last(decision: Decision) -> bool:
    uuids = [key for key in (decision.case_uuid, decision.other_uuid) if key]
    return not touching(*uuids).filter(undone_at=None, pk__gt=decision.pk).exists()
