"""The ledger of decisions: who decided what about a case, and whether anybody did so since a page was opened."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import Conflict, Missing
from patients.models import Patient
from scans.models import Case, Decision
from scans.services import snapshot

Kind = Decision.Kind


@dataclass
class Entry:
    """A decision while it is made: what it touches, the rows held; `decision` is there once it is through."""

    cases: list[Case]
    made_patients: list[Patient] = field(default_factory=list)
    decision: Decision = field(init=False)

    @property
    def case(self) -> Case:
        return self.cases[0]

    @property
    def other(self) -> Case | None:
        return self.cases[1] if len(self.cases) > 1 else None


@contextmanager
def entry(kind: Kind, *cases: Case, seen: int | None = None, actor: Actor) -> Iterator[Entry]:
    """One transaction: holds the cases, keeps how they were, lets the caller change them, writes the ledger.

    seen: the mark that the person's page carried for the first case; with another one now, somebody was faster.
    Raises Conflict, and nothing is changed.
    """
    with transaction.atomic():
        held = _held(cases)
        _require_seen(held[0], seen)
        before = snapshot.take(held)
        made = Entry(held)
        yield made
        made.decision = _write(kind, made, before, actor)
    for case in cases:
        case.refresh_from_db()


def _held(cases: Sequence[Case]) -> list[Case]:
    """The cases as they are now, held until the transaction ends; in one order, so that nobody waits in a ring."""
    keys = {case.pk for case in cases}
    held = {case.pk: case for case in Case.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    if held.keys() != keys:  # it came of a split that was undone
        raise Missing("no_such_case", _("This case is no longer there."))
    return [held[case.pk] for case in cases]


def _write(kind: Kind, made: Entry, before: snapshot.Snapshot, actor: Actor) -> Decision:
    before, after = snapshot.differences(before, snapshot.take(made.cases))
    after["patients"] = [str(patient.uuid) for patient in made.made_patients]
    return Decision.objects.create(
        clinic=made.case.clinic,
        kind=kind,
        case_uuid=made.case.uuid,
        other_uuid=made.other.uuid if made.other else None,
        made_by=actor.user,
        made_by_label=actor.label,
        before=before,
        after=after,
    )


def touching(*case_uuids: uuid.UUID | str) -> QuerySet[Decision]:
    rows: QuerySet[Decision] = Decision.objects.filter(Q(case_uuid__in=case_uuids) | Q(other_uuid__in=case_uuids))
    return rows


def mark_of(case: Case) -> int:
    """Goes up with every decision on a case and with every undo."""
    return marks_of([case])[case.uuid]


def marks_of(cases: Iterable[Case]) -> dict[uuid.UUID, int]:
    """The marks of many cases in two statements."""
    uuids = [case.uuid for case in cases]
    marks = dict.fromkeys(uuids, 0)
    for column in ("case_uuid", "other_uuid"):
        rows = Decision.objects.filter(**{f"{column}__in": uuids}).order_by().values_list(column)
        for case_uuid, made, undone in rows.annotate(Count("pk"), Count("undone_at")):
            marks[case_uuid] += made + undone
    return marks


def history_of(case: Case) -> list[Decision]:
    """Newest first, the undone ones among them."""
    return list(touching(case.uuid).select_related("made_by", "undone_by"))


def _require_seen(case: Case, seen: int | None) -> None:
    if seen is not None and seen != mark_of(case):
        raise Conflict("already_decided", already_decided(case), state=case.state)


def already_decided(case: Case) -> str:
    """Who was faster, with what, and when."""
    last = touching(case.uuid).first()
    if last is None or (last.undone_at is None and case.decided_at and last.made_at < case.decided_at):
        who = case.decided_by.get_username() if case.decided_by else _("Archway")
        return _sentence(who, case.get_state_display(), case.decided_at)
    if last.undone_at:
        who = last.undone_by.get_username() if last.undone_by else _("Archway")
        return _sentence(who, _("undone: %(what)s") % {"what": last.get_kind_display()}, last.undone_at)
    return _sentence(last.made_by_label, last.get_kind_display(), last.made_at)


def _sentence(who: str, what: str, when: datetime | None) -> str:
    day = date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT") if when else ""
    return _("Already decided by %(who)s: %(what)s, %(when)s. Nothing was changed; please look at it as it is now.") % {
        "who": who,
        "what": what,
        "when": day,
    }
