"""What requests say in the same words: which clinic, which patient, which treatment."""

from typing import Any

from rest_framework.request import Request

from patients.errors import Missing, Refused
from patients.models import Clinic, Patient, Treatment


def clinic_of(request: Request, wanted: Any) -> Clinic:
    """The clinic that is named, else the user's only one."""
    visible = Clinic.objects.visible_to(request.user)
    clinics: list[Clinic] = list((visible.filter(uuid=wanted) if wanted else visible)[:2])
    if wanted and not clinics:
        raise Missing("no_such_clinic", "There is no such clinic.")
    if len(clinics) != 1:
        raise Refused("which_clinic", "Please name the clinic: this user does not belong to exactly one.")
    return clinics[0]


def patient_and_treatment(clinic: Clinic, patient: Any, treatment: Any) -> tuple[Patient | None, Treatment | None]:
    """Both must be of the clinic; a treatment alone names its patient."""
    plan = None
    if treatment:
        plan = Treatment.objects.of_clinic(clinic).filter(uuid=treatment).select_related("patient").first()
        if plan is None:
            raise Missing("no_such_treatment", "There is no such treatment in this clinic.")
        if patient and plan.patient.uuid != patient:
            raise Refused("treatment_of_other_patient", "This treatment belongs to another patient.")
        return plan.patient, plan
    if not patient:
        return None, None
    found = Patient.objects.of_clinic(clinic).filter(uuid=patient).first()
    if found is None:
        raise Missing("no_such_patient", "There is no such patient in this clinic.")
    return found, plan
