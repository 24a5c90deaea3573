"""Scores a received identity against a patient: a number between 0 and 1 and a reason for every point."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from patients.matching.charts import compare_chart_numbers
from patients.matching.codes import ChartCode, Code, DateCode, GivenCode, NameCode, NameStrength, SurnameCode
from patients.matching.dates import birth_dates, compare_dates
from patients.matching.identity import Identity
from patients.matching.name_compare import compare_names
from patients.matching.names import names_of
from patients.matching.weights import POINTS, PRIOR_POINTS, SENTENCES, TEMPERATURE

Field = Literal["name", "birth_date", "chart_number", "remembered"]
Outcome = Literal["equal", "similar", "different", "missing"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison: which field, a stable code, how it came out, its points and a sentence without personal data."""

    field: Field
    code: str
    outcome: Outcome
    points: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """value = 1 / (1 + 2 ** -((PRIOR_POINTS + points) / TEMPERATURE)), points being the sum over the reasons."""

    value: float
    reasons: tuple[Reason, ...]
    name_strength: NameStrength
    birth_date: DateCode
    chart_number: ChartCode
    suffix_conflict: bool

    @property
    def points(self) -> float:
        return sum(reason.points for reason in self.reasons)

    @property
    def name_points(self) -> float:
        return sum(reason.points for reason in self.reasons if reason.field == "name")

    @property
    def birth_date_conflict(self) -> bool:
        return self.birth_date is DateCode.CONFLICT

    @property
    def birth_date_slip(self) -> bool:
        """The birth dates differ, but by no more than a slip of the keyboard."""
        return self.birth_date in _DATE_SLIPS

    @property
    def chart_conflict(self) -> bool:
        return self.chart_number in (ChartCode.DIFFERENT, ChartCode.SLIP)

    @property
    def chart_equal(self) -> bool:
        return self.chart_number in (ChartCode.EQUAL, ChartCode.PREFIX)


_DATE_SLIPS = frozenset(
    {DateCode.TRANSPOSED, DateCode.ONE_DIGIT, DateCode.YEAR_OFF_ONE, DateCode.YEAR_OFF_TEN, DateCode.CENTURY}
)


def score(received: Identity, patient: Identity) -> Score:
    """Symmetric. Cheap: names, dates and chart numbers are read once per distinct value and cached."""
    name = compare_names(names_of(received), names_of(patient))
    day = compare_dates(birth_dates(received), birth_dates(patient))
    chart = compare_chart_numbers(received.chart_number, patient.chart_number)
    return Score(
        value=_value(name.points + POINTS[day] + POINTS[chart]),
        reasons=tuple(REASONS[code] for code in (*name.codes, day, chart)),
        name_strength=name.strength,
        birth_date=day,
        chart_number=chart,
        suffix_conflict=NameCode.SUFFIX_CONFLICT in name.codes,
    )


@lru_cache(maxsize=1024)
def _value(points: float) -> float:
    return float(1 / (1 + 2 ** -((PRIOR_POINTS + points) / TEMPERATURE)))


def _reason(code: Code) -> Reason:
    field: Field = "name"
    if isinstance(code, DateCode):
        field = "birth_date"
    elif isinstance(code, ChartCode):
        field = "chart_number"
    return Reason(field, code.value, _outcome(code), POINTS[code], SENTENCES[code])


def _outcome(code: Code) -> Outcome:
    if code in _EQUAL:
        return "equal"
    if code in _DIFFERENT:
        return "different"
    return "missing" if code.name == "MISSING" else "similar"


_EQUAL: frozenset[Code] = frozenset(
    {SurnameCode.EQUAL, GivenCode.EQUAL, NameCode.SUFFIX_EQUAL, DateCode.EQUAL, ChartCode.EQUAL}
)
_DIFFERENT: frozenset[Code] = frozenset(
    {
        SurnameCode.DIFFERENT,
        GivenCode.DIFFERENT,
        NameCode.MIDDLE_DIFFERENT,
        NameCode.SUFFIX_CONFLICT,
        DateCode.CONFLICT,
        ChartCode.DIFFERENT,
    }
)

REASONS: dict[Code, Reason] = {code: _reason(code) for code in POINTS}
