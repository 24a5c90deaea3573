"""A case beside a patient, field by field: what a person reads before filing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patients.matching.codes import NameCode
from patients.matching.decide import AUTO_THRESHOLD
from patients.matching.score import Score
from patients.models import Patient
from scans.models import Case
from scans.models.candidates import outcomes_by_field

LIKELY = 0.5
MOST_EARLIER = 6

Reasons = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One field on both sides; `outcome` is equal, similar, different or missing, "" where nothing is compared."""

    field: str
    label: str | Promise
    received: str
    known: str
    outcome: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A patient that a case may be filed under; `earlier` are cases in the patient's file, newest first."""

    number: int
    patient: Patient
    value: float
    reasons: Reasons
    lines: list[Line]
    was_searched: bool = False
    earlier: list[Case] = field(default_factory=list)

    @property
    def percent(self) -> int:
        return round(self.value * 100)

    @property
    def chips(self) -> list[dict[str, str]]:
        return outcomes_by_field(list(self.reasons))

    @property
    def likelihood(self) -> str:
        """very_likely, likely or doubtful; what contradicts is never very likely."""
        contradicts = any(chip["outcome"] == "different" for chip in self.chips)
        if self.value >= AUTO_THRESHOLD and not contradicts:
            return "very_likely"
        return "likely" if self.value >= LIKELY else "doubtful"


@dataclass(frozen=True, slots=True)
class Compared:
    """A patient with how well the case fits, before it has its place on the page."""

    patient: Patient
    value: float
    reasons: Reasons
    was_searched: bool = False

    @classmethod
    def by(cls, patient: Patient, score: Score, *, was_searched: bool = False) -> "Compared":
        return cls(patient, score.value, [asdict(reason) for reason in score.reasons], was_searched)


def choices(case: Case, compared: Iterable[Compared], filed: QuerySet[Case]) -> list[Choice]:
    """Each patient once, numbered from 1. filed: the cases that the person may see in files of patients."""
    once = list({one.patient.pk: one for one in reversed(list(compared))}.values())[::-1]
    earlier = _earlier(case, [one.patient for one in once], filed)
    return [
        Choice(
            number=number,
            patient=one.patient,
            value=one.value,
            reasons=one.reasons,
            lines=_lines(case, one.patient, one.reasons),
            was_searched=one.was_searched,
            earlier=earlier[one.patient.pk],
        )
        for number, one in enumerate(once, start=1)
    ]


def _earlier(case: Case, patients: Sequence[Patient], filed: QuerySet[Case]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = defaultdict(list)
    rows = filed.filter(patient__in=patients).exclude(pk=case.pk).prefetch_related("scans").order_by("-received_at")
    for old in rows[: 20 * MOST_EARLIER]:
        if old.patient_id and len(found[old.patient_id]) < MOST_EARLIER:
            found[old.patient_id].append(old)
    return found


def _lines(case: Case, patient: Patient, reasons: Reasons) -> list[Line]:
    aliases = [reason for reason in reasons if reason["code"] == NameCode.ALIAS]
    others = [reason for reason in reasons if reason not in aliases]
    sides = [
        ("name", _("Name"), case.received_name, str(patient)),
        ("birth_date", _("Birth date"), _received_date(case), _day(patient.birth_date)),
        ("chart_number", _("Chart number"), case.received_chart_number, patient.chart_number),
    ]
    outcomes = {chip["field"]: chip["outcome"] for chip in outcomes_by_field(others)}
    lines = [
        Line(name, label, received, known, outcomes.get(name, "missing"), _sentences(others, name))
        for name, label, received, known in sides
    ]
    names = " · ".join(str(alias) for alias in patient.aliases.all())
    if names:
        outcome = "equal" if aliases else ""
        lines.insert(1, Line("aliases", _("Other names"), "", names, outcome, _sentences(aliases, "name")))
    remembered = _sentences(others, "remembered")
    if remembered:
        lines.append(Line("remembered", _("Decided before"), "", "", "equal", remembered))
    return lines


def _sentences(reasons: Reasons, name: str) -> list[str]:
    return [reason["sentence"] for reason in reasons if reason["field"] == name]


def _received_date(case: Case) -> str:
    return _day(case.received_birth_date) or case.received_birth_date_text


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
