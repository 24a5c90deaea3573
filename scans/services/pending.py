"""What a person does with a waiting case: assign, create the patient, hold, reject, put back, correct a type.

Every decision is one conditional UPDATE: of two people on one case the second is told who was first, and when.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Conflict, Missing, Refused
from patients.models import Patient, Treatment
from patients.services import create_patient
from scans.classification.verdict import MEANT_BY, Arch, Category, Role, category_of
from scans.models import Case, Scan
from scans.services import bites, deciding
from scans.wait_reasons import PUT_BACK, READY_TO_FILE

OPEN = (Case.State.PENDING, Case.State.HELD)


def assign(case: Case, patient: Patient, *, treatment: Treatment | None = None, actor: Actor) -> Case:
    """File a waiting case under a patient of its clinic."""
    if patient.clinic_id != case.clinic_id:
        raise Missing("no_such_patient", "There is no such patient in this clinic.")
    if treatment and treatment.patient_id != patient.pk:
        raise Refused("treatment_of_other_patient", "This treatment belongs to another patient.")
    with transaction.atomic():
        _decide(case, OPEN, actor, state=Case.State.FILED, patient=patient, treatment=treatment, state_reason="")
        record("case.assigned", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid))
    return case


def create_patient_and_assign(
    case: Case, *, first_name: str, last_name: str, birth_date: date | None, chart_number: str, actor: Actor
) -> Case:
    with transaction.atomic():
        patient = create_patient(
            case.clinic,
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            chart_number=chart_number,
            actor=actor,
        )
        return assign(case, patient, actor=actor)


def rank_again(case: Case) -> None:
    """Compare with the register as it is now: patients may have been added since the case came."""
    with transaction.atomic():
        case = _locked(case)
        if case.state in OPEN:
            deciding.rank(case)


def hold(case: Case, reason: str, *, actor: Actor) -> Case:
    _needs_reason(reason)
    with transaction.atomic():
        _decide(case, (Case.State.PENDING,), actor, state=Case.State.HELD, state_reason=reason)
        record("case.held", "case", case.uuid, clinic=case.clinic, actor=actor)
    return case


def reject(case: Case, reason: str, *, actor: Actor) -> Case:
    """Take a case out of the queue; its originals stay and it can be put back."""
    _needs_reason(reason)
    with transaction.atomic():
        _decide(case, OPEN, actor, state=Case.State.REJECTED, state_reason=reason)
        record("case.rejected", "case", case.uuid, clinic=case.clinic, actor=actor)
    return case


def put_back(case: Case, *, actor: Actor) -> Case:
    """Back into the queue: from hold or rejection, or out of a patient's file when it was filed wrongly."""
    decided = (Case.State.HELD, Case.State.REJECTED, Case.State.FILED)
    was = str(case.patient.uuid) if case.patient else None
    with transaction.atomic():
        _decide(case, decided, actor, state=Case.State.PENDING, patient=None, treatment=None, state_reason="")
        case = _locked(case)
        decision = deciding.rank(case)
        case.wait_codes = [PUT_BACK, *decision.reasons, *deciding.codes_of_scans(case)]
        case.save(update_fields=["wait_codes"])
        record("case.put_back", "case", case.uuid, clinic=case.clinic, actor=actor, patient=was)
    return case


def set_categories(case: Case, categories: Mapping[uuid.UUID, str], *, actor: Actor) -> int:
    """Take over the types that a person chose for scans of a case; returns how many changed or were confirmed."""
    changed = 0
    with transaction.atomic():
        case = _locked(case)
        for scan in case.scans.filter(uuid__in=categories):
            changed += _set_category(scan, Category(categories[scan.uuid]), actor)
        bites.link(case)
        kept = [code for code in case.wait_codes if not code.startswith("TYPE_")]
        still = [code for code in deciding.codes_of_scans(case) if code.startswith("TYPE_")]
        if case.state in OPEN:
            case.wait_codes = [*kept, *still] or [READY_TO_FILE]
            case.save(update_fields=["wait_codes"])
    return changed


def _set_category(scan: Scan, category: Category, actor: Actor) -> bool:
    """A choice is final: it survives every reading of the same file."""
    if scan.decided_by_person and scan.category == category:
        return False
    if category_of(Arch(scan.arch), Role(scan.role)) is not category:
        arch, role = MEANT_BY[category]
        scan.arch, scan.role = str(arch), str(role)
    before, scan.category = scan.category, str(category)
    scan.confidence, scan.decided_by_person = 1.0, True
    scan.save(update_fields=["arch", "role", "category", "confidence", "decided_by_person"])
    record(
        "scan.type_chosen", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor, before=before, after=str(category)
    )
    return True


def _locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    locked: Case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    return locked


def _decide(case: Case, from_states: tuple[str, ...], actor: Actor, **changes: Any) -> None:
    changes |= {"decided_by": actor.user, "decided_at": timezone.now()}
    if not Case.objects.filter(pk=case.pk, state__in=from_states).update(**changes):
        case.refresh_from_db()
        raise Conflict("already_decided", _already_decided(case), state=case.state)
    case.refresh_from_db()


def _already_decided(case: Case) -> str:
    if case.state == Case.State.PENDING:
        return _("This case waits already. Nothing was changed.")
    who = case.decided_by.get_username() if case.decided_by else _("Archway")
    when = date_format(timezone.localtime(case.decided_at), "DATETIME_FORMAT") if case.decided_at else ""
    return _("Already decided: %(state)s, by %(who)s, %(when)s – nothing was changed.") % {
        "who": who,
        "state": case.get_state_display(),
        "when": when,
    }


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", "Please say why, so that a colleague understands it tomorrow.")
