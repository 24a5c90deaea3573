"""What the trials say together: shares, errors, refusals, time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scans.measurement.registration.trials import Error, Right, Wrong
from scans.meshes.registration.bite_fit import BiteState

BAR_MM, BAR_DEG = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile of the poses that were found; mm where the bite shows teeth, and over the arch."""

    name: str
    found: int
    mm: tuple[float, float]
    arch_mm: tuple[float, float]
    degrees: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Report:
    """within: pairs whose three errors keep the bar. confirmed_wrongly: confirmed although one of them does not."""

    pairs: int
    within: int
    confirmed: int
    confirmed_wrongly: int
    spreads: tuple[Spread, ...]
    partners: int
    refused: int
    least_wrong_rms_mm: float
    median_s: float
    longest_s: float
    median_wrong_s: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report(results: Sequence[Right | Wrong]) -> Report:
    right = [each for each in results if isinstance(each, Right)]
    wrong = [each for each in results if isinstance(each, Wrong)]
    confirmed = [each for each in right if each.state is BiteState.CONFIRMED]
    seconds = [each.seconds for each in right]
    return Report(
        pairs=len(right),
        within=sum(_is_within(each) for each in right),
        confirmed=len(confirmed),
        confirmed_wrongly=sum(not _is_within(each) for each in confirmed),
        spreads=tuple(
            _spread(name, [getattr(each, name) for each in right]) for name in ("upper", "lower", "relation")
        ),
        partners=len(wrong),
        refused=sum(not each.accepted for each in wrong),
        least_wrong_rms_mm=min((each.rms_mm for each in wrong), default=0.0),
        median_s=float(np.median(seconds)) if seconds else 0.0,
        longest_s=max(seconds, default=0.0),
        median_wrong_s=float(np.median([each.seconds for each in wrong])) if wrong else 0.0,
    )


def _is_within(trial: Right) -> bool:
    errors = (trial.upper, trial.lower, trial.relation)
    return all(error is not None and error.mm <= BAR_MM and error.degrees <= BAR_DEG for error in errors)


def _spread(name: str, errors: Sequence[Error | None]) -> Spread:
    found = [error for error in errors if error is not None]
    mm, arch_mm, degrees = (
        tuple(np.percentile([getattr(error, key) for error in found], (50, 95)).tolist()) if found else (0.0, 0.0)
        for key in ("mm", "arch_mm", "degrees")
    )
    return Spread(name, len(found), mm, arch_mm, degrees)


def as_markdown(found: Report) -> str:
    rows = [
        "| pose | found | mm at the bite's teeth, median / 95 % | mm over the arch | degrees |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {each.name} | {each.found} | {_two(each.mm)} | {_two(each.arch_mm)} | {_two(each.degrees)} |"
            for each in found.spreads
        ),
    ]
    within, refused = _share(found.within, found.pairs), _share(found.refused, found.partners)
    lines = [
        f"Pairs: {found.pairs}; within {BAR_MM} mm and {BAR_DEG} degrees: {found.within} ({within})",
        f"Confirmed: {found.confirmed}, of them not within: {found.confirmed_wrongly}",
        f"Wrong partners: {found.partners}; refused: {found.refused} ({refused})",
        f"Least RMS of a wrong partner: {found.least_wrong_rms_mm:.3f} mm",
        f"Seconds a bite with its arches: median {found.median_s:.1f}, longest {found.longest_s:.1f}",
        f"Seconds against a wrong partner, arches made ready before: median {found.median_wrong_s:.1f}",
    ]
    return "\n".join([*rows, "", *lines])


def _two(values: tuple[float, float]) -> str:
    return f"{values[0]:.3f} / {values[1]:.3f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"
