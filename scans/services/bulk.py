"""One decision on several cases: each for itself, and a line for each in the report."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError, Refused
from patients.matching.decide import RUNNER_UP_MARGIN
from patients.models import Patient
from scans.models import Case, Decision, MatchCandidate
from scans.services import pending
from scans.services.ledger import Kind
from scans.wait_reasons import SPEAKS_AGAINST

FIELDS = ("name", "birth_date", "chart_number")
LEAST_FIELDS = 2
"""A name alone is not filed by the dozen, not even one that was filed before."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What became of one case: its decision, or a code and a sentence that say why there is none."""

    case: Case
    decision: Decision | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class BulkReport:
    batch: uuid.UUID
    lines: list[BulkLine]

    @property
    def done(self) -> int:
        return sum(line.decision is not None for line in self.lines)


def decide_many(
    cases: Iterable[Case],
    kind: Kind,
    *,
    proposed: Mapping[uuid.UUID, str] | None = None,
    reason: tuple[str, str] = ("", ""),
    seen: Mapping[uuid.UUID, int],
    actor: Actor,
) -> BulkReport:
    """kind: LINK (each under its own best candidate), HOLD, REJECT or PUT_BACK.

    proposed: for LINK, uuid of the patient whom the person saw proposed for each case; nobody else is taken.
    reason: code and own words, for HOLD and REJECT. seen: the mark of each case as the person saw it.
    """
    batch = uuid.uuid4()
    decide = _deciders(proposed or {}, reason, actor)[kind]
    return BulkReport(batch, [_line(case, decide, seen.get(case.uuid), batch) for case in cases])


Decide = Callable[[Case, int | None], Decision]


def _deciders(proposed: Mapping[uuid.UUID, str], reason: tuple[str, str], actor: Actor) -> dict[Kind, Decide]:
    code, words = reason
    return {
        Kind.LINK: lambda case, seen: pending.assign(
            case, safe_best(case, proposed.get(case.uuid, "")), seen=seen, actor=actor
        ),
        Kind.HOLD: lambda case, seen: pending.hold(case, code, words, seen=seen, actor=actor),
        Kind.REJECT: lambda case, seen: pending.reject(case, code, words, seen=seen, actor=actor),
        Kind.PUT_BACK: lambda case, seen: pending.put_back(case, seen=seen, actor=actor),
    }


def _line(case: Case, decide: Decide, seen: int | None, batch: uuid.UUID) -> BulkLine:
    try:
        decision = decide(case, seen)
    except DomainError as error:
        return BulkLine(case, code=error.code, message=error.message)
    decision.batch = batch
    decision.save(update_fields=["batch"])
    return BulkLine(case, decision)


def safe_best(case: Case, proposed: str = "") -> Patient:
    """The best candidate, where one look at a list suffices. Raises Refused where a person should look closer.

    proposed: uuid of the patient that the list showed, who must still be the best.
    """
    pending.rank_again(case)
    candidates = list(case.candidates.select_related("patient").order_by("rank")[:2])
    first, second = [*candidates, None, None][:2]
    refusal = why_not_safe(case, first, second)
    if not refusal and proposed and str(candidates[0].patient.uuid) != proposed:
        refusal = "another_now"
    if refusal:
        raise Refused(refusal, _SENTENCES[refusal]())
    patient: Patient = candidates[0].patient
    return patient


def why_not_safe(case: Case, first: MatchCandidate | None, second: MatchCandidate | None) -> str:
    """A code for why the best candidate is not filed together with others; empty where it may be."""
    if first is None:
        return "no_candidate"
    outcomes = {chip["field"]: chip["outcome"] for chip in first.chips if chip["field"] in FIELDS}
    if "different" in outcomes.values():
        return "contradicts"
    if sum(outcome in ("equal", "similar") for outcome in outcomes.values()) < LEAST_FIELDS:
        return "too_little"
    if second is not None and second.score >= first.score - RUNNER_UP_MARGIN:
        return "several"
    return "reasons" if SPEAKS_AGAINST & set(case.wait_codes) else ""


_SENTENCES: dict[str, Callable[[], str]] = {
    "no_candidate": lambda: _("No patient fits. Please open the case."),
    "contradicts": lambda: _("Something speaks against the best candidate. Please open the case."),
    "too_little": lambda: _("Only one thing fits, which is too little without a closer look. Please open the case."),
    "another_now": lambda: _("Another patient fits better by now. Please open the case."),
    "reasons": lambda: _("Why it waits needs a closer look. Please open the case."),
    "several": lambda: _("More than one patient fits. Please open the case."),
}
