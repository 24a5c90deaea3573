"""Scans that came together and do not belong together, or came apart and do: split, move, merge. Open cases only."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Conflict, Missing, Refused
from scans.models import Case, Decision, Scan
from scans.services import deciding
from scans.services.ledger import Kind, already_decided, entry
from scans.services.pending import NO_REASON, OPEN, change, scans_changed
from scans.wait_reasons import SPLIT_OFF

COPIED = (
    "clinic", "delivery", "source", "vendor", "order_id", "version", "fingerprint", "received_full_name",
    "received_first_name", "received_last_name", "received_birth_date", "received_birth_date_text",
    "received_chart_number", "captured_at", "metadata",
)  # fmt: skip


def split(case: Case, scans: Collection[Scan], *, seen: int | None = None, actor: Actor) -> Decision:
    """Some scans of a case become a case of their own, which waits under the same words of the scanner."""
    with entry(Kind.SPLIT, case, seen=seen, actor=actor) as made:
        chosen = _chosen(made.case, scans)
        new = Case.objects.create(
            order_key=f"split:{uuid.uuid4()}", **{name: getattr(made.case, name) for name in COPIED}
        )
        Case.objects.filter(pk=new.pk).update(received_at=made.case.received_at)
        new.refresh_from_db()
        made.cases.append(new)
        _take_over(chosen, new)
        new.wait_codes = [SPLIT_OFF, *deciding.rank(new).reasons]
        scans_changed(new)
        scans_changed(made.case)
        record("case.split", "case", case.uuid, clinic=case.clinic, actor=actor, into=str(new.uuid), scans=len(chosen))
    return made.decision


def move(case: Case, scans: Collection[Scan], target: Case, *, seen: int | None = None, actor: Actor) -> Decision:
    """Some scans of a case go to another one of the clinic."""
    with entry(Kind.MOVE, case, target, seen=seen, actor=actor) as made:
        source, goal = made.cases
        _require_beside(source, goal)
        chosen = _chosen(source, scans)
        _take_over(chosen, goal)
        scans_changed(source)
        scans_changed(goal)
        record("case.scans_moved", "case", case.uuid, clinic=case.clinic, actor=actor, to=str(target.uuid))
    return made.decision


def merge(case: Case, target: Case, *, seen: int | None = None, actor: Actor) -> Decision:
    """All of a case goes into another one, and it says where. What the other holds already stays behind."""
    with entry(Kind.MERGE, case, target, seen=seen, actor=actor) as made:
        source, goal = made.cases
        _require_beside(source, goal)
        known = goal.scans.values("sha256")
        source.scans.exclude(sha256__in=known).update(case=goal)
        scans_changed(source)
        change(source, OPEN, actor, state=Case.State.MERGED, merged_into=goal, **NO_REASON)
        scans_changed(goal)
        record("case.merged", "case", case.uuid, clinic=case.clinic, actor=actor, into=str(target.uuid))
    return made.decision


def _chosen(case: Case, scans: Collection[Scan]) -> list[Scan]:
    """The chosen scans of an open case, some but not all of them."""
    if case.state not in OPEN:
        raise Conflict("already_decided", already_decided(case), state=case.state)
    chosen = list(case.scans.filter(pk__in=[scan.pk for scan in scans]))
    if not chosen:
        raise Refused("no_scans", _("Please choose the scans that go."))
    if len(chosen) == case.scans.count():
        raise Refused("all_scans", _("One scan at least must stay. To join two cases, merge them."))
    return chosen


def _take_over(scans: Collection[Scan], case: Case) -> None:
    if case.scans.filter(sha256__in=[scan.sha256 for scan in scans]).exists():
        raise Refused("there_already", _("The other case holds the very same scan already."))
    Scan.objects.filter(pk__in=[scan.pk for scan in scans]).update(case=case)


def _require_beside(case: Case, target: Case) -> None:
    """Both open, two of them, of one clinic."""
    if target.clinic_id != case.clinic_id:
        raise Missing("no_such_case", _("There is no such case in this clinic."))
    if target.pk == case.pk:
        raise Refused("same_case", _("Please choose another case."))
    for one in (case, target):
        if one.state not in OPEN:
            raise Conflict("already_decided", already_decided(one), state=one.state)
