"""What a person decides about a waiting case: whose it is, whose it is not, hold, reject, put back, which type.

Every decision is one conditional UPDATE inside an entry of the ledger: of two people on one case the second is told who
was first, with what and when; and each can be undone.
"""

import uuid
from collections.abc import Mapping
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Conflict, Missing, Refused
from patients.models import Patient, Treatment
from patients.services import PersonWords, create_patient
from scans.classification.verdict import MEANT_BY, Arch, Category, Role, category_of
from scans.models import Case, Decision, Dismissal, Scan
from scans.services import bites, deciding, remembering
from scans.services.ledger import Kind, already_decided, entry
from scans.wait_reasons import PUT_BACK, READY_TO_FILE

OPEN = (Case.State.PENDING, Case.State.HELD)
DECIDED = (Case.State.HELD, Case.State.REJECTED, Case.State.FILED)


def assign(
    case: Case, patient: Patient, *, treatment: Treatment | None = None, seen: int | None = None, actor: Actor
) -> Decision:
    """File a waiting case under a patient of its clinic."""
    with entry(Kind.LINK, case, seen=seen, actor=actor) as made:
        _file(made.case, patient, treatment, actor)
    return made.decision


def create_patient_and_assign(
    case: Case, *, seen: int | None = None, actor: Actor, **person: Unpack[PersonWords]
) -> Decision:
    """File a case under a patient who is new in the register. Raises Conflict when the chart number is taken."""
    with entry(Kind.CREATE, case, seen=seen, actor=actor) as made:
        patient = create_patient(case.clinic, **person, actor=actor)
        made.made_patients.append(patient)
        _file(made.case, patient, None, actor)
    return made.decision


def _file(case: Case, patient: Patient, treatment: Treatment | None, actor: Actor) -> None:
    _require_of_clinic(case, patient)
    if treatment and treatment.patient_id != patient.pk:
        raise Refused("treatment_of_other_patient", _("This treatment belongs to another patient."))
    change(case, OPEN, actor, state=Case.State.FILED, patient=patient, treatment=treatment, **NO_REASON)
    Dismissal.objects.filter(case=case, patient=patient).delete()
    remembering.remember(case, patient, actor=actor)
    record("case.assigned", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid))


def _require_of_clinic(case: Case, patient: Patient) -> None:
    if patient.clinic_id != case.clinic_id:
        raise Missing("no_such_patient", _("There is no such patient in this clinic."))


NO_REASON = {"state_code": "", "state_reason": ""}


def rank_again(case: Case) -> None:
    """Compare with the register as it is now: patients may have been added since the case came."""
    with transaction.atomic():
        held = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        if held.state in OPEN:
            deciding.rank(held)


def hold(case: Case, code: str = "", words: str = "", *, seen: int | None = None, actor: Actor) -> Decision:
    """Keep a case for later. code: a Case.StateCode; words: a person's own. One of the two is needed."""
    reason = _reason(code, words)
    with entry(Kind.HOLD, case, seen=seen, actor=actor) as made:
        change(made.case, (Case.State.PENDING,), actor, state=Case.State.HELD, **reason)
        record("case.held", "case", case.uuid, clinic=case.clinic, actor=actor, code=code)
    return made.decision


def reject(case: Case, code: str = "", words: str = "", *, seen: int | None = None, actor: Actor) -> Decision:
    """Take a case out of the queue; its originals stay and it can be put back."""
    reason = _reason(code, words)
    with entry(Kind.REJECT, case, seen=seen, actor=actor) as made:
        change(made.case, OPEN, actor, state=Case.State.REJECTED, **reason)
        record("case.rejected", "case", case.uuid, clinic=case.clinic, actor=actor, code=code)
    return made.decision


def _reason(code: str, words: str) -> dict[str, str]:
    if not code and not words.strip():
        raise Refused("no_reason", _("Please say why, so that a colleague understands it tomorrow."))
    if code and code not in Case.StateCode.values:
        raise Refused("no_such_reason", _("Please choose one of the reasons."))
    return {"state_code": code, "state_reason": words.strip()[:300]}


def put_back(case: Case, *, seen: int | None = None, actor: Actor) -> Decision:
    """Back into the queue: from hold or rejection, or out of a patient's file when it was filed wrongly."""
    with entry(Kind.PUT_BACK, case, seen=seen, actor=actor) as made:
        was = made.case.patient
        change(made.case, DECIDED, actor, state=Case.State.PENDING, patient=None, treatment=None, **NO_REASON)
        remembering.forget(made.case)
        decision = deciding.rank(made.case)
        made.case.wait_codes = [PUT_BACK, *decision.reasons, *deciding.codes_of_scans(made.case)]
        made.case.save(update_fields=["wait_codes"])
        former = str(was.uuid) if was else None
        record("case.put_back", "case", case.uuid, clinic=case.clinic, actor=actor, patient=former)
    return made.decision


def dismiss(case: Case, patient: Patient, *, seen: int | None = None, actor: Actor) -> Decision:
    """Not this patient: never proposed for this case again, nor for its next versions."""
    with entry(Kind.DISMISS, case, seen=seen, actor=actor) as made:
        require_open(made.case)
        _require_of_clinic(case, patient)
        Dismissal.objects.get_or_create(case=case, patient=patient, defaults={"dismissed_by": actor.user})
        deciding.rank(made.case)
        record("case.patient_ruled_out", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid))
    return made.decision


def reconsider(case: Case, patient: Patient, *, seen: int | None = None, actor: Actor) -> Decision:
    """It may be this patient after all."""
    with entry(Kind.RECONSIDER, case, seen=seen, actor=actor) as made:
        require_open(made.case)
        _require_of_clinic(case, patient)
        Dismissal.objects.filter(case=made.case, patient=patient).delete()
        deciding.rank(made.case)
        record("case.patient_considered", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid))
    return made.decision


def set_categories(
    case: Case, categories: Mapping[uuid.UUID, str], *, seen: int | None = None, actor: Actor
) -> Decision:
    """Take over the types that a person chose for scans of a case; choosing what it is already confirms it."""
    with entry(Kind.TYPES, case, seen=seen, actor=actor) as made:
        for scan in made.case.scans.filter(uuid__in=categories):
            _set_category(scan, Category(categories[scan.uuid]), actor)
        scans_changed(made.case)
    return made.decision


def _set_category(scan: Scan, category: Category, actor: Actor) -> None:
    """A choice is final: it survives every reading of the same file."""
    if scan.decided_by_person and scan.category == category:
        return
    if category_of(Arch(scan.arch), Role(scan.role)) is not category:
        arch, role = MEANT_BY[category]
        scan.arch, scan.role = str(arch), str(role)
    before, scan.category = scan.category, str(category)
    scan.confidence, scan.decided_by_person = 1.0, True
    scan.save(update_fields=["arch", "role", "category", "confidence", "decided_by_person"])
    record(
        "scan.type_chosen", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor, before=before, after=str(category)
    )


def scans_changed(case: Case) -> None:
    """After the scans of a case changed, or what they are: link its bites anew and say again why it waits."""
    bites.link(case)
    if case.state in OPEN:
        about_scans = deciding.codes_of_scans(case)
        kept = [code for code in case.wait_codes if code not in deciding.CODES_OF_SCANS | {READY_TO_FILE}]
        case.wait_codes = list(dict.fromkeys([*kept, *about_scans])) or [READY_TO_FILE]
        case.save(update_fields=["wait_codes"])


def change(case: Case, from_states: tuple[str, ...], actor: Actor, **changes: Any) -> None:
    """The conditional UPDATE: who changes the row has decided. Raises Conflict for the second."""
    changes |= {"decided_by": actor.user, "decided_at": timezone.now()}
    changed = Case.objects.filter(pk=case.pk, state__in=from_states).update(**changes)
    case.refresh_from_db()
    if not changed:
        raise Conflict("already_decided", _why_not(case), state=case.state)


def require_open(case: Case) -> None:
    """Raises Conflict for a case that somebody decided."""
    if case.state not in OPEN:
        raise Conflict("already_decided", _why_not(case), state=case.state)


def _why_not(case: Case) -> str:
    if case.state == Case.State.PENDING:
        return _("This case waits already. Nothing was changed.")
    return already_decided(case)
