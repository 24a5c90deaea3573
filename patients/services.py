"""Finding, adding and changing patients. Search keys are kept here, so that a misspelt name still finds its patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from patients.audit import Actor, record
from patients.errors import Conflict, Refused
from patients.matching.blocking import birth_date_variants, blocking_keys, chart_keys, lookup_keys
from patients.matching.dates import birth_dates
from patients.matching.identity import Identity
from patients.models import Clinic, Patient, SearchKey

CANDIDATE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Candidates:
    """is_complete: whether these are all; a decision on a part of them could miss the right one or a rival."""

    patients: list[Patient]
    is_complete: bool


def candidates_for(clinic: Clinic, identity: Identity) -> Candidates:
    """Patients of the clinic worth comparing: a shared name key, a like birth date, or the chart number."""
    keys = lookup_keys(identity) | chart_keys(identity.chart_number)
    dates = {near for day in birth_dates(identity) for near in birth_date_variants(day)}
    found = Q(pk__in=SearchKey.objects.filter(clinic=clinic, key__in=keys).values("patient"))
    found |= Q(birth_date__in=dates)
    patients = Patient.objects.of_clinic(clinic).filter(found).prefetch_related("aliases")
    rows = list(patients.order_by("pk")[: CANDIDATE_LIMIT + 1])
    return Candidates(rows[:CANDIDATE_LIMIT], is_complete=len(rows) <= CANDIDATE_LIMIT)


def index_patient(patient: Patient) -> None:
    """Renew the search keys of a patient after a name, an alias or the chart number changed."""
    SearchKey.objects.filter(patient=patient).delete()
    SearchKey.objects.bulk_create(_search_keys(patient))


def _search_keys(patient: Patient) -> Iterable[SearchKey]:
    keys = blocking_keys(patient.as_identity()) | chart_keys(patient.chart_number)
    return (SearchKey(clinic_id=patient.clinic_id, patient=patient, key=key) for key in keys)


class PersonWords(TypedDict):
    """What is written down of a new patient."""

    first_name: str
    last_name: str
    birth_date: date | None
    chart_number: str


def create_patient(clinic: Clinic, *, actor: Actor, **person: Unpack[PersonWords]) -> Patient:
    """Raises Refused without a surname, Conflict when the chart number is taken."""
    if not person["last_name"].strip():
        raise Refused("no_last_name", "A patient needs a last name.")
    if person["birth_date"] and person["birth_date"] > timezone.localdate():
        raise Refused("born_tomorrow", "This birth date lies in the future.")
    try:
        with transaction.atomic():
            patient = Patient.objects.create(
                clinic=clinic,
                first_name=person["first_name"].strip(),
                last_name=person["last_name"].strip(),
                birth_date=person["birth_date"],
                chart_number=person["chart_number"].strip(),
            )
            index_patient(patient)
            record("patient.created", "patient", patient.uuid, clinic=clinic, actor=actor)
    except IntegrityError as error:
        raise Conflict("chart_number_taken", "Another patient of this clinic has this chart number.") from error
    return patient


def create_patients(clinic: Clinic, identities: Sequence[Identity], *, actor: Actor) -> list[Patient]:
    """Many at once, as a register is taken over."""
    with transaction.atomic():
        patients = Patient.objects.bulk_create(
            Patient(
                clinic=clinic,
                first_name=identity.first_name,
                last_name=identity.last_name,
                birth_date=identity.birth_date,
                chart_number=identity.chart_number,
            )
            for identity in identities
        )
        SearchKey.objects.bulk_create(key for patient in patients for key in _search_keys(patient))
        record("patients.created", "clinic", clinic.uuid, clinic=clinic, actor=actor, count=len(patients))
    return patients


def withdraw_patient(patient: Patient, *, actor: Actor) -> bool:
    """Take a record back that was made by mistake; False, and it stays, once anything hangs on it."""
    if patient.aliases.exists() or _was_edited(patient):
        return False
    try:
        with transaction.atomic():
            patient.delete()
            record("patient.withdrawn", "patient", patient.uuid, clinic=patient.clinic, actor=actor)
    except ProtectedError:
        return False
    return True


def _was_edited(patient: Patient) -> bool:
    return patient.updated_at - patient.created_at > timedelta(seconds=1)


def patient_changed(patient: Patient, *, actor: Actor) -> None:
    """After an edit in the admin: renew the keys and write the trail."""
    with transaction.atomic():
        index_patient(patient)
        record("patient.changed", "patient", patient.uuid, clinic=patient.clinic, actor=actor)
