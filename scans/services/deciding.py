"""Whose case is it? Scores the candidates, files what is certain, and says in words why anything else waits."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import cast

from django.utils import timezone

from patients.audit import Actor, record
from patients.matching.decide import Candidate, Decision
from patients.matching.decide import decide as decide_between
from patients.matching.score import Score, score
from patients.models import Patient, Treatment
from patients.services import candidates_for
from scans.models import Case, MatchCandidate, Scan
from scans.wait_reasons import (
    FILE_REJECTED,
    NEEDS_KEY,
    STATED_PATIENT_DIFFERS,
    TOO_MANY_CANDIDATES,
    TYPE_CONFLICT,
    TYPE_UNSURE,
)

KEPT_CANDIDATES = 10


def decide(
    case: Case, *, earlier: Sequence[Case], wanted: Mapping[str, str], is_whole: bool = True, actor: Actor
) -> None:
    """File a new case if its patient and its scans are certain, else let it wait with its reasons.

    is_whole: whether every file of its delivery could at least be unpacked.
    """
    decision = rank(case)
    type_codes = codes_of_scans(case)
    if not is_whole and FILE_REJECTED not in type_codes:
        type_codes.append(FILE_REJECTED)
    patient, codes, evidence = _patient_of(case, decision, earlier, wanted)
    case.wait_codes = [*codes, *type_codes]
    if patient is None or case.wait_codes:
        case.save(update_fields=["wait_codes"])
        return
    _file(case, patient, _wanted_treatment(patient, wanted))
    record(
        "case.filed", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid), evidence=evidence
    )


def rank(case: Case) -> Decision:
    """Score the clinic's candidates and keep the best with their reasons."""
    identity = case.identity()
    found = candidates_for(case.clinic, identity)
    patients: dict[Hashable, Patient] = {patient.pk: patient for patient in found.patients}
    decision = decide_between(
        identity, [Candidate(key, score(identity, patient.as_identity())) for key, patient in patients.items()]
    )
    if not found.is_complete and decision.is_automatic:
        decision = replace(decision, patient_key=None, reasons=(TOO_MANY_CANDIDATES,))
    MatchCandidate.objects.filter(case=case).delete()
    MatchCandidate.objects.bulk_create(
        MatchCandidate(
            case=case,
            patient=patients[candidate.key],
            rank=place,
            score=candidate.score.value,
            reasons=[asdict(reason) for reason in candidate.score.reasons],
        )
        for place, candidate in enumerate(decision.ranked[:KEPT_CANDIDATES], start=1)
    )
    return decision


def codes_of_scans(case: Case) -> list[str]:
    """What about the scans themselves needs a person."""
    scans = list(case.scans.all())
    found = {
        FILE_REJECTED: any(scan.state == Scan.State.REJECTED for scan in scans),
        NEEDS_KEY: any(scan.state == Scan.State.NEEDS_KEY for scan in scans),
        TYPE_CONFLICT: any(scan.has_type_conflict for scan in scans),
        TYPE_UNSURE: any(scan.is_type_unsure for scan in scans),
    }
    return [code for code, applies in found.items() if applies]


def _patient_of(
    case: Case, decision: Decision, earlier: Sequence[Case], wanted: Mapping[str, str]
) -> tuple[Patient | None, Sequence[str], str]:
    """The patient, why there is none, and what decided: the sender's word, the same order before, or the match."""
    if "patient" in wanted:
        stated = Patient.objects.of_clinic(case.clinic).get(uuid=wanted["patient"])
        if _speaks_against(case, stated):
            return None, [STATED_PATIENT_DIFFERS], ""
        return stated, [], "stated by the sender"
    before = next((old for old in earlier if old.patient and old.identity() == case.identity()), None)
    if before and before.patient and not _speaks_against(case, before.patient):
        return before.patient, [], f"version {before.version} of the same order"
    if decision.patient_key is None:
        return None, decision.reasons, ""
    return Patient.objects.get(pk=cast(int, decision.patient_key)), [], "match"


def _speaks_against(case: Case, patient: Patient) -> bool:
    """Whether what came with the scan contradicts this patient: another name, or another birth date."""
    reasons = score(case.identity(), patient.as_identity()).reasons
    return any(reason.field in {"name", "birth_date"} and reason.outcome == "different" for reason in reasons)


def _wanted_treatment(patient: Patient, wanted: Mapping[str, str]) -> Treatment | None:
    return patient.treatments.filter(uuid=wanted["treatment"]).first() if "treatment" in wanted else None


def _file(case: Case, patient: Patient, treatment: Treatment | None) -> None:
    case.state, case.patient, case.treatment, case.decided_at = Case.State.FILED, patient, treatment, timezone.now()
    case.save(update_fields=["state", "patient", "treatment", "decided_at", "wait_codes"])


def compare(case: Case, patient: Patient) -> Score:
    """How a patient that a person looked up compares with what came with the case."""
    return score(case.identity(), patient.as_identity())
