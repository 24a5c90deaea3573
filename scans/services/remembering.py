"""What a person decided about the same sender's words before: proposed again, and never against a birth date."""

import hashlib
import unicodedata
from collections.abc import Iterable

from patients.audit import Actor
from patients.matching.charts import normal_chart_number
from patients.models import Patient
from scans.models import Case, Dismissal, RememberedMatch

SPLIT = "split:"
"""How the order key of a case begins that a person split off."""


def sender_key(case: Case) -> str:
    """Source, account, chart number and name as received.

    Empty where there is neither name nor number to remember, and for scans that were split off: the words they came
    under are another person's.
    """
    if case.order_key.startswith(SPLIT):
        return ""
    name = " ".join(unicodedata.normalize("NFKC", case.received_name).casefold().split())
    chart = normal_chart_number(case.received_chart_number)[1]
    if not name and not chart:
        return ""
    words = (case.source, case.delivery.account, chart, name)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def remember(case: Case, patient: Patient, *, actor: Actor) -> None:
    key = sender_key(case)
    if key:
        RememberedMatch.objects.update_or_create(
            clinic=case.clinic,
            sender_key=key,
            case_uuid=case.uuid,
            defaults={"patient": patient, "decided_by": actor.user},
        )


def forget(case: Case) -> None:
    RememberedMatch.objects.filter(case_uuid=case.uuid).delete()


def all_of(case: Case) -> set[Patient]:
    """Every patient that people filed the same words under."""
    key = sender_key(case)
    found = RememberedMatch.objects.of_clinic(case.clinic).filter(sender_key=key).select_related("patient")
    return {row.patient for row in found} if key else set()


def recall(case: Case) -> Patient | None:
    """The one patient that people filed the same words under; nobody when they disagree."""
    patients = all_of(case)
    return patients.pop() if len(patients) == 1 else None


def ruled_out(case: Case) -> set[int]:
    """Patients whose case this is not, as a person said."""
    return set(Dismissal.objects.filter(case=case).values_list("patient", flat=True))


def carry_over(earlier: Iterable[Case], case: Case) -> None:
    """What was ruled out for a version of an order holds for the next one, and for what is split off or merged."""
    found = Dismissal.objects.filter(case__in=[old.pk for old in earlier]).order_by("pk")
    by_patient = {row.patient_id: row for row in found}
    Dismissal.objects.bulk_create(
        (Dismissal(case=case, patient_id=key, dismissed_by=row.dismissed_by) for key, row in by_patient.items()),
        ignore_conflicts=True,
    )
