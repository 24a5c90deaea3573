"""Scans that came together and do not belong together, or came apart and do: split, move, merge. Open cases only."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Missing, Refused
from scans.models import Case, Decision, Scan
from scans.services import deciding, remembering
from scans.services.ledger import Kind, entry
from scans.services.pending import NO_REASON, OPEN, change, require_open, scans_changed
from scans.services.remembering import SPLIT
from scans.wait_reasons import SCANS_MOVED, SPLIT_OFF

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
            order_key=f"{SPLIT}{uuid.uuid4()}", **{name: getattr(made.case, name) for name in COPIED}
        )
        Case.objects.filter(pk=new.pk).update(received_at=made.case.received_at)
        new.refresh_from_db()
        made.cases.append(new)
        _take_over(chosen, new)
        remembering.carry_over([made.case], new)
        new.wait_codes = [SPLIT_OFF, *deciding.rank(new).reasons]
        scans_changed(new)
        _note_changed(made.case)
        record("case.split", "case", case.uuid, clinic=case.clinic, actor=actor, into=str(new.uuid), scans=len(chosen))
    return made.decision


def move(case: Case, scans: Collection[Scan], target: Case, *, seen: int | None = None, actor: Actor) -> Decision:
    """Some scans of a case go to another one of the clinic."""
    with entry(Kind.MOVE, case, target, seen=seen, actor=actor) as made:
        source, goal = made.cases
        _require_beside(source, goal)
        chosen = _chosen(source, scans)
        _take_over(chosen, goal)
        _note_changed(source)
        _note_changed(goal)
        record("case.scans_moved", "case", case.uuid, clinic=case.clinic, actor=actor, to=str(target.uuid))
    return made.decision


def merge(case: Case, target: Case, *, seen: int | None = None, actor: Actor) -> Decision:
    """All of a case goes into another one, and it says where. What the other holds already stays behind."""
    with entry(Kind.MERGE, case, target, seen=seen, actor=actor) as made:
        source, goal = made.cases
        _require_beside(source, goal)
        known = goal.scans.filter(state=Scan.State.READY).values("sha256")
        if goal.scans.exclude(state=Scan.State.READY).filter(sha256__in=source.scans.values("sha256")).exists():
            raise Refused(
                "read_again_first",
                _("A scan is in both cases and was not read here. Have it read again first."),
            )
        source.scans.exclude(sha256__in=known).update(case=goal)
        scans_changed(source)
        change(source, OPEN, actor, state=Case.State.MERGED, merged_into=goal, **NO_REASON)
        remembering.carry_over([source], goal)
        _note_changed(goal)
        record("case.merged", "case", case.uuid, clinic=case.clinic, actor=actor, into=str(target.uuid))
    return made.decision


def _note_changed(case: Case) -> None:
    """Whose words the scans of a case came under is no longer one thing: from now on only a person files it."""
    case.wait_codes = [SCANS_MOVED, *(code for code in case.wait_codes if code != SCANS_MOVED)]
    scans_changed(case)


def _chosen(case: Case, scans: Collection[Scan]) -> list[Scan]:
    """The chosen scans of an open case, some but not all of them."""
    require_open(case)
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
        require_open(one)
