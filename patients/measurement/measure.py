"""Measures automatic filing on generated cases: every case meets the whole register and is decided as in production."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from patients.matching.decide import AUTO_THRESHOLD, Decision, is_sufficient
from patients.measurement.population import Town, registered_identity
from patients.measurement.received import Case, Scanner
from patients.measurement.register import Register
from patients.measurement.report import DESCRIPTION, Report, ThresholdRow, TrapRow
from patients.measurement.statistics import rate

# Decided nothing while the weights and rules were set; seeds 1 to 5, 31 and 32 did.
HELD_OUT_SEED = 20260

TOWN_SIZE = 6000

_THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999)


@dataclass
class _Tally:
    """What was counted so far."""

    cases: int = 0
    eligible: int = 0
    right: int = 0
    wrong: int = 0
    caught_eligible: int = 0
    registered: int = 0
    met: int = 0
    candidates: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    traps: dict[str, Counter[str]] = field(default_factory=dict)
    histogram: Counter[str] = field(default_factory=Counter)
    best: list[tuple[float, bool, bool, bool]] = field(default_factory=list)
    mistakes: list[tuple[str, ...]] = field(default_factory=list)


def measure(pairs: int = 10_000, seed: int = HELD_OUT_SEED) -> Report:
    """Draw a town and `pairs` received identities from one seed, file them, and count."""
    started = perf_counter()
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    people = Town(rng).people(TOWN_SIZE)
    register = Register({person.number: registered_identity(person, rng) for person in people if person.registered})
    scanner, tally = Scanner(people, rng), _Tally()
    for _ in range(pairs):
        case = scanner.case()
        candidates = register.candidates(case.received)
        _count(tally, case, register.decide(case.received, candidates), candidates)
    return _report(tally, seed, len(register), perf_counter() - started)


def _count(tally: _Tally, case: Case, decision: Decision, candidates: set[int]) -> None:
    outcome = _outcome(case, decision)
    tally.cases += 1
    tally.candidates += len(candidates)
    tally.right += outcome == "right"
    tally.wrong += outcome == "wrong"
    tally.reasons.update(decision.reasons)
    if case.truth is not None:
        tally.registered += 1
        tally.met += case.truth in candidates
        tally.eligible += case.complete
        tally.caught_eligible += case.complete and outcome == "right"
    for trap in case.traps:
        tally.traps.setdefault(trap, Counter()).update((outcome, "cases"))
    if outcome == "wrong":
        tally.mistakes.append(tuple(sorted(case.traps)))
    _count_value(tally, case, decision)


def _count_value(tally: _Tally, case: Case, decision: Decision) -> None:
    best = decision.ranked[0] if decision.ranked else None
    value = best.score.value if best else 0.0
    tally.histogram[f"{min(int(value * 10), 9) / 10:.1f}"] += 1
    if best:
        unopposed = decision.is_automatic or not set(decision.reasons) - {"NOT_SURE"}
        tally.best.append((value, best.key == case.truth, is_sufficient(best.score) and unopposed, case.complete))


def _outcome(case: Case, decision: Decision) -> str:
    if not decision.is_automatic:
        return "waits"
    return "right" if decision.patient_key == case.truth else "wrong"


def _report(tally: _Tally, seed: int, register_size: int, seconds: float) -> Report:
    return Report(
        description=DESCRIPTION,
        seed=seed,
        pairs=tally.cases,
        register_size=register_size,
        threshold=AUTO_THRESHOLD,
        filed_right=tally.right,
        filed_wrong=tally.wrong,
        eligible=tally.eligible,
        eligible_filed=tally.caught_eligible,
        registered=tally.registered,
        met_by_blocking=tally.met,
        candidates_per_case=tally.candidates / max(tally.cases, 1),
        wait_reasons=tuple(tally.reasons.most_common()),
        traps=tuple(_trap_row(name, counts) for name, counts in sorted(tally.traps.items())),
        thresholds=tuple(_threshold_row(tally, threshold) for threshold in _THRESHOLDS),
        distribution=tuple(sorted(tally.histogram.items())),
        mistakes=tuple(tally.mistakes),
        seconds=seconds,
    )


def _trap_row(name: str, counts: Counter[str]) -> TrapRow:
    return TrapRow(name, counts["cases"], counts["right"], counts["wrong"], counts["waits"])


def _threshold_row(tally: _Tally, threshold: float) -> ThresholdRow:
    """By value alone, and with the rules about kinds of evidence and rivals on top."""
    above = [entry for entry in tally.best if entry[0] >= threshold]
    right = sum(entry[1] for entry in above)
    ruled = [entry for entry in above if entry[2]]
    ruled_right = sum(entry[1] for entry in ruled)
    caught = sum(entry[1] for entry in ruled if entry[3])
    return ThresholdRow(
        threshold=threshold,
        value_alone_filed=len(above),
        value_alone_ppv=rate(right, len(above)),
        filed=len(ruled),
        ppv=rate(ruled_right, len(ruled)),
        sensitivity=rate(caught, tally.eligible),
    )
