"""Files a scan by itself, or says why a person must look."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from patients.matching.charts import normal_chart_number
from patients.matching.codes import ChartCode, DateCode, NameStrength
from patients.matching.dates import birth_dates
from patients.matching.identity import Identity
from patients.matching.names import names_of
from patients.matching.placeholders import is_test_identity
from patients.matching.score import Score
from patients.matching.weights import POINTS

# Set on generated registers (patients.measurement) with seeds 1 to 5, 31 and 32; the rules too. Held on others.
AUTO_THRESHOLD = 0.95

# A runner-up this near in value makes the best candidate one of several.
RUNNER_UP_MARGIN = 0.1

# In points of the name alone.
NAMESAKE_MARGIN = 1.5

# Below this a candidate is not worth a look.
PLAUSIBLE = 0.1

NO_IDENTITY = "NO_IDENTITY"
TEST_PATIENT = "TEST_PATIENT"
NO_CANDIDATE = "NO_CANDIDATE"
BIRTH_DATE_CONFLICT = "BIRTH_DATE_CONFLICT"
CHART_CONFLICT = "CHART_CONFLICT"
SUFFIX_CONFLICT = "SUFFIX_CONFLICT"
SEVERAL_CANDIDATES = "SEVERAL_CANDIDATES"
NAME_DIFFERENT = "NAME_DIFFERENT"
NAME_ALONE = "NAME_ALONE"
NOT_SURE = "NOT_SURE"

WAIT_REASONS = {
    NO_IDENTITY: "The scan does not say whose it is.",
    TEST_PATIENT: "The name looks like a test or a placeholder.",
    NO_CANDIDATE: "No patient in the register fits.",
    BIRTH_DATE_CONFLICT: "The name fits a patient, but the birth date is another.",
    CHART_CONFLICT: "The chart number belongs to a patient with another name or another birth date.",
    SUFFIX_CONFLICT: "The name fits, but one is Jr and the other Sr.",
    SEVERAL_CANDIDATES: "More than one patient fits.",
    NAME_DIFFERENT: "The best candidate has a name that may be another person's, such as a twin's.",
    NAME_ALONE: "Only the name fits; a birth date or a chart number is needed as well.",
    NOT_SURE: "The evidence is not enough to file without a person.",
}

_SAME_DATE = frozenset({DateCode.EQUAL, DateCode.ONE_READING, DateCode.SWAPPED})


@dataclass(frozen=True, slots=True)
class Candidate:
    key: Hashable
    score: Score


@dataclass(frozen=True, slots=True)
class Decision:
    """patient_key: whom to file under without asking, or None. reasons: then why it waits, codes of WAIT_REASONS.

    ranked: all candidates, best first.
    """

    patient_key: Hashable | None
    reasons: tuple[str, ...]
    ranked: tuple[Candidate, ...]

    @property
    def is_automatic(self) -> bool:
        return not self.reasons

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(WAIT_REASONS[reason] for reason in self.reasons)


def decide(received: Identity, scored: Sequence[Candidate]) -> Decision:
    """Automatic only if nothing speaks against it. The order of the candidates does not matter.

    `scored` must hold every patient who shares a blocking key, a near birth date or the chart number: the rules on
    runners-up and on somebody else's chart number see only what they are given.
    """
    ranked = tuple(sorted(scored, key=lambda candidate: (-candidate.score.value, str(candidate.key))))
    reasons = _received_reasons(received) or _candidate_reasons(ranked)
    return Decision(None if reasons else ranked[0].key, reasons, ranked)


def _received_reasons(received: Identity) -> tuple[str, ...]:
    if is_test_identity(received):
        return (TEST_PATIENT,)
    if not (names_of(received) or birth_dates(received) or normal_chart_number(received.chart_number)[1]):
        return (NO_IDENTITY,)
    return ()


def _candidate_reasons(ranked: tuple[Candidate, ...]) -> tuple[str, ...]:
    if not ranked:
        return (NO_CANDIDATE,)
    best = ranked[0].score
    conflicts = _conflicts(ranked)
    if best.value < PLAUSIBLE:
        return conflicts or (NO_CANDIDATE,)
    several = (SEVERAL_CANDIDATES,) if _has_rival(ranked) else ()
    if best.value >= AUTO_THRESHOLD and is_sufficient(best):
        # A namesake with another birth date does not hold up the one whose birth date fits.
        return tuple(reason for reason in conflicts if reason == CHART_CONFLICT) + several
    return conflicts + several or (_shortfall(best),)


def is_sufficient(score: Score) -> bool:
    """Whether the kinds of evidence suffice, whatever the value.

    A name that agrees needs the birth date, or the chart number where the birth date is missing or mistyped. A
    name that may be a relative's needs both. No name, no filing.
    """
    if score.birth_date_conflict or score.suffix_conflict or score.name_strength is NameStrength.WEAK:
        return False
    if score.name_strength is NameStrength.COMPATIBLE:
        return score.chart_equal and score.birth_date in _SAME_DATE
    return score.birth_date in _SAME_DATE or score.chart_equal


def _conflicts(ranked: tuple[Candidate, ...]) -> tuple[str, ...]:
    """What contradicts: the birth date or the suffix of a patient of that name, the owner of the chart number."""
    best = ranked[0]
    reasons = []
    if best.score.birth_date_conflict or _only_namesakes_of_other_dates(ranked):
        reasons.append(BIRTH_DATE_CONFLICT)
    if any(_owns_chart_only(entry, best) for entry in ranked):
        reasons.append(CHART_CONFLICT)
    if best.score.suffix_conflict:
        reasons.append(SUFFIX_CONFLICT)
    return tuple(reasons)


def _only_namesakes_of_other_dates(ranked: tuple[Candidate, ...]) -> bool:
    """The name agrees with somebody, and everybody it may agree with was born on another day."""
    named = [entry.score for entry in ranked if not _is_another(entry.score)]
    agrees = any(score.name_strength is NameStrength.STRONG for score in named)
    return agrees and all(score.birth_date_conflict for score in named)


def _owns_chart_only(entry: Candidate, best: Candidate) -> bool:
    """A patient has the chart number but is not, or is not surely, the person."""
    if not entry.score.chart_equal:
        return False
    if entry is not best:
        closer = POINTS[entry.score.chart_number] > POINTS[best.score.chart_number]
        return closer and not (_explains_chart(best.score) and _is_another(entry.score))
    return entry.score.birth_date_conflict or _is_another(entry.score)


def _is_another(score: Score) -> bool:
    return score.name_strength is NameStrength.WEAK


def _explains_chart(score: Score) -> bool:
    """Name and birth date are this patient's and the number a slip of this patient's, though it hit another's."""
    strong = score.name_strength is NameStrength.STRONG and score.birth_date is DateCode.EQUAL
    return strong and score.chart_number is ChartCode.SLIP


def _has_rival(ranked: tuple[Candidate, ...]) -> bool:
    best, others = ranked[0].score, ranked[1:]
    if any(best.value - other.score.value <= RUNNER_UP_MARGIN for other in others[:1]):
        return True
    # Without a birth date, a namesake is told apart by the chart number alone: too little.
    without_date = best.birth_date is DateCode.MISSING
    return any(
        _is_namesake(other.score, best) if without_date else _is_named_better(other.score, best) for other in others
    )


def _is_named_better(other: Score, best: Score) -> bool:
    """The name fits the other more exactly, who is behind only because the register lacks the birth date."""
    return other.birth_date is DateCode.MISSING and other.name_points > best.name_points and not _is_another(other)


def _is_namesake(other: Score, best: Score) -> bool:
    """The name fits the other as well, give or take a Jr; one that fits clearly worse is no namesake."""
    if other.name_strength is not NameStrength.STRONG or other.birth_date_conflict:
        return False
    return other.name_points >= best.name_points - NAMESAKE_MARGIN


def _shortfall(best: Score) -> str:
    if best.name_strength is not NameStrength.STRONG and best.birth_date in _SAME_DATE:
        return NAME_DIFFERENT
    if best.birth_date is DateCode.MISSING and not best.chart_equal and best.name_strength is not NameStrength.WEAK:
        return NAME_ALONE
    return NOT_SURE
