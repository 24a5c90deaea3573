"""Whose case is it? Scores the candidates, files what is certain, and says in words why anything else waits."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import cast

from django.utils import timezone

from patients.audit import Actor, record
from patients.matching.codes import DateCode
from patients.matching.contradiction import contradicts
from patients.matching.decide import NAME_ALONE, NAME_DIFFERENT, NO_CANDIDATE, NOT_SURE, Candidate, Decision
from patients.matching.decide import decide as decide_between
from patients.matching.identity import Identity, is_same_identity
from patients.matching.score import Reason, Score, score
from patients.models import Clinic, Patient, Treatment
from patients.services import candidates_for
from scans.models import Case, MatchCandidate, Scan
from scans.services import remembering
from scans.wait_reasons import (
    BY_PERSON,
    DOUBTFUL_FILE,
    EARLIER_VERSION,
    FILE_REJECTED,
    NEEDS_KEY,
    PUT_BACK,
    REMEMBERED_OTHER,
    RULED_OUT,
    SCAN_OF_ANOTHER,
    STATED_PATIENT_DIFFERS,
    TOO_MANY_CANDIDATES,
    TYPE_CONFLICT,
    TYPE_UNSURE,
)

KEPT_CANDIDATES = 10
DOUBTS = {"missing_end", "suspected_unit", "unit_not_mm"}
"""Findings of a readable file that a person must have seen before the case is filed."""

ONLY_LITTLE = {NO_CANDIDATE, NAME_ALONE, NAME_DIFFERENT, NOT_SURE}
"""Reasons to wait that say too little is known, not that something contradicts."""

REMEMBERED = Reason(
    "remembered", "REMEMBERED", "equal", 0.0, "A person filed the same name and number from this sender here before."
)


def decide(
    case: Case,
    *,
    earlier: Sequence[Case],
    wanted: Mapping[str, str],
    doubts: Sequence[str],
    may_file: bool = True,
    actor: Actor,
) -> None:
    """File a waiting case if its patient and its scans are certain, else let it wait with its reasons.

    The caller made the case in this transaction or holds its row. doubts: codes about the delivery as a whole.
    may_file: False once a person put the case back or split it off; from then on only a person files it.
    """
    decision = rank(case)
    remembered = remembering.recall(case)
    about_files = dict.fromkeys([*codes_of_scans(case), *doubts])
    patient, codes, evidence = _patient_of(case, decision, earlier, wanted)
    if patient is None and remembered and "patient" not in wanted and _may_be_filed_again(case, remembered, codes):
        patient, codes, evidence = remembered, [], "a person filed the same name and chart number before"
    if patient:
        codes = [*codes, *_against(case, patient)]
    by_person = [] if may_file else [code for code in case.wait_codes if code in BY_PERSON]
    case.wait_codes = [*by_person, *codes, *about_files]
    if patient is None or case.wait_codes:
        case.save(update_fields=["wait_codes"])
        return
    _file(case, patient, _wanted_treatment(patient, wanted))
    record(
        "case.filed", "case", case.uuid, clinic=case.clinic, actor=actor, patient=str(patient.uuid), evidence=evidence
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The clinic's patients beside an identity, and what would be decided."""

    decision: Decision
    patients: Mapping[Hashable, Patient]

    @property
    def best(self) -> tuple[Patient, Score] | None:
        """The likest patient, whether or not that is enough."""
        first = next(iter(self.decision.ranked), None)
        return (self.patients[first.key], first.score) if first else None


def ranking(clinic: Clinic, identity: Identity) -> Ranking:
    found = candidates_for(clinic, identity)
    patients: dict[Hashable, Patient] = {patient.pk: patient for patient in found.patients}
    decision = decide_between(
        identity, [Candidate(key, score(identity, patient.as_identity())) for key, patient in patients.items()]
    )
    if not found.is_complete and decision.is_automatic:
        decision = replace(decision, patient_key=None, reasons=(TOO_MANY_CANDIDATES,))
    return Ranking(decision, patients)


def rank(case: Case) -> Decision:
    """Score the clinic's candidates and keep the best with their reasons; what a person ruled out is none.

    Whom people filed the same words under before comes first, unless the birth date speaks against it.
    """
    ranked = ranking(case.clinic, case.identity())
    ruled_out = remembering.ruled_out(case)
    kept = {candidate.key: candidate.score for candidate in ranked.decision.ranked if candidate.key not in ruled_out}
    scores = [(cast(int, key), found) for key, found in kept.items()]
    remembered = remembering.recall(case)
    if remembered and remembered.pk not in ruled_out:
        found = compare(case, remembered)
        scores = [pair for pair in scores if pair[0] != remembered.pk]
        scores.insert(0 if not found.birth_date_conflict else len(scores), (remembered.pk, found))
    _keep(case, scores[:KEPT_CANDIDATES], remembered)
    return ranked.decision


def _keep(case: Case, scores: Sequence[tuple[int, Score]], remembered: Patient | None) -> None:
    """Write the candidates only where they differ: looking at a case changes nothing."""
    rows = [
        (place, key, found.value, [asdict(reason) for reason in _reasons(found, remembered, key)])
        for place, (key, found) in enumerate(scores, start=1)
    ]
    columns = ("rank", "patient", "score", "reasons")
    if rows == list(MatchCandidate.objects.filter(case=case).order_by("rank").values_list(*columns)):
        return
    MatchCandidate.objects.filter(case=case).delete()
    MatchCandidate.objects.bulk_create(
        MatchCandidate(case=case, rank=place, patient_id=key, score=value, reasons=reasons)
        for place, key, value, reasons in rows
    )


def _reasons(found: Score, remembered: Patient | None, key: int) -> Sequence[Reason]:
    return (*found.reasons, REMEMBERED) if remembered and remembered.pk == key else found.reasons


CODES_OF_SCANS = frozenset({DOUBTFUL_FILE, NEEDS_KEY, TYPE_CONFLICT, TYPE_UNSURE})
"""Reasons to wait that lie in the scans alone: a delivery as a whole gives none of them."""


def codes_of_scans(case: Case) -> list[str]:
    """What about the scans themselves needs a person."""
    scans = list(case.scans.all())
    found = {
        FILE_REJECTED: any(scan.state == Scan.State.REJECTED for scan in scans),
        DOUBTFUL_FILE: any(finding["code"] in DOUBTS for scan in scans for finding in scan.findings),
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
        known, doubt, evidence = stated, STATED_PATIENT_DIFFERS, "stated by the sender"
    elif any(_is_undone(old) for old in earlier):
        return None, [EARLIER_VERSION], ""
    elif before := next((old for old in earlier if _is_filed_as(old, case.identity())), None):
        known, doubt, evidence = before.patient, EARLIER_VERSION, f"version {before.version} of the same order"
    elif decision.patient_key is None:
        return None, decision.reasons, ""
    else:
        return Patient.objects.get(pk=cast(int, decision.patient_key)), [], "match"
    return (None, [doubt], "") if _speaks_against(case, known) else (known, [], evidence)


def _may_be_filed_again(case: Case, remembered: Patient, codes: Sequence[str]) -> bool:
    """What a person decided before suffices where chart number and birth date are there and nothing contradicts."""
    if not case.received_chart_number or not set(codes) <= ONLY_LITTLE or remembered.pk in remembering.ruled_out(case):
        return False
    return compare(case, remembered).birth_date is DateCode.EQUAL


def _against(case: Case, patient: Patient) -> list[str]:
    """What else than the match speaks against filing by itself."""
    found = {
        SCAN_OF_ANOTHER: _is_filed_elsewhere(case, patient),
        RULED_OUT: patient.pk in remembering.ruled_out(case),
        REMEMBERED_OTHER: any(other != patient for other in remembering.all_of(case)),
    }
    return [code for code, applies in found.items() if applies]


def _is_filed_elsewhere(case: Case, patient: Patient) -> bool:
    """The very same mesh lies under another patient of the clinic: one of the two is wrong."""
    hashes = case.scans.exclude(state=Scan.State.REJECTED).values("sha256")
    elsewhere = Scan.objects.of_clinic(case.clinic).filter(sha256__in=hashes, case__patient__isnull=False)
    return bool(elsewhere.exclude(case=case).exclude(case__patient=patient).exists())


def _speaks_against(case: Case, patient: Patient) -> bool:
    return contradicts(case.identity(), patient.as_identity())


def _is_filed_as(old: Case, identity: Identity) -> bool:
    """A chart number that comes for the first time is news, and is matched like any other."""
    is_news = bool(identity.chart_number) and not old.received_chart_number
    return old.patient is not None and not is_news and is_same_identity(old.identity(), identity)


def _is_undone(old: Case) -> bool:
    """A person took this version out of a patient's file, decided that it must wait or go, or parted its scans."""
    parted = old.arrived_scans.exclude(case=old).exists() or old.scans.exclude(arrived_in=old).exists()
    return parted or (old.state != Case.State.FILED and (PUT_BACK in old.wait_codes or old.decided_at is not None))


def _wanted_treatment(patient: Patient, wanted: Mapping[str, str]) -> Treatment | None:
    return patient.treatments.filter(uuid=wanted["treatment"]).first() if "treatment" in wanted else None


def _file(case: Case, patient: Patient, treatment: Treatment | None) -> None:
    case.state, case.patient, case.treatment = Case.State.FILED, patient, treatment
    case.decided_by, case.decided_at = None, timezone.now()
    case.save(update_fields=["state", "patient", "treatment", "decided_by", "decided_at", "wait_codes"])


def compare(case: Case, patient: Patient) -> Score:
    """How a patient that a person looked up compares with what came with the case."""
    return score(case.identity(), patient.as_identity())
