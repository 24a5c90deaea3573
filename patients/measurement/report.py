"""The figures of one measurement, as data and as Markdown."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from patients.measurement.statistics import rate, wilson_lower_bound

DESCRIPTION = (
    "Generated, fictional people from one seed: families in ten languages with twins (three in ten with near "
    "names), fathers and sons of one name, namesakes, changed surnames; half the surnames are common ones; about "
    "one person in five is not registered. Each case is one identity as a scanner would send it, against the whole "
    "register through the blocking keys, decided as in production. Names, birth dates and chart numbers are "
    "mistyped, left out, swapped, another person's, or from another office; twins and namesakes come more often "
    "than in life. The rates are our assumptions and the generator was written beside the matcher: these figures "
    "show that the rules hold against the traps we know, not how often a clinic meets them. What is filed wrong is "
    "mostly a scan that carries name and birth date, or name and chart number, of a relative of the same name: "
    "nothing in it could tell."
)


@dataclass(frozen=True, slots=True)
class TrapRow:
    name: str
    cases: int
    right: int
    wrong: int
    waits: int


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """value_alone_*: if the value alone decided; the others with the rules on top, as in production."""

    threshold: float
    value_alone_filed: int
    value_alone_ppv: float
    filed: int
    ppv: float
    sensitivity: float


@dataclass(frozen=True, slots=True)
class Report:
    """eligible: cases of registered people that carry a name and a birth date or a chart number, right or wrong.

    mistakes: the traps of every case that was filed under the wrong patient.
    """

    description: str
    seed: int
    pairs: int
    register_size: int
    threshold: float
    filed_right: int
    filed_wrong: int
    eligible: int
    eligible_filed: int
    registered: int
    met_by_blocking: int
    candidates_per_case: float
    wait_reasons: tuple[tuple[str, int], ...]
    traps: tuple[TrapRow, ...]
    thresholds: tuple[ThresholdRow, ...]
    distribution: tuple[tuple[str, int], ...]
    mistakes: tuple[tuple[str, ...], ...]
    seconds: float

    @property
    def filed(self) -> int:
        return self.filed_right + self.filed_wrong

    @property
    def ppv(self) -> float:
        """Of the cases filed automatically, the share filed under the right patient."""
        return rate(self.filed_right, self.filed)

    @property
    def ppv_lower_bound(self) -> float:
        return wilson_lower_bound(self.filed_right, self.filed)

    @property
    def sensitivity(self) -> float:
        return rate(self.eligible_filed, self.eligible)

    @property
    def blocking_recall(self) -> float:
        return rate(self.met_by_blocking, self.registered)

    def as_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        derived = ("filed", "ppv", "ppv_lower_bound", "sensitivity", "blocking_recall")
        return asdict(self) | {name: getattr(self, name) for name in derived}

    def as_markdown(self) -> str:
        return "\n\n".join((self.description, *self._tables())) + "\n"

    def _tables(self) -> Iterable[str]:
        yield _table(("figure", "value"), self._figures())
        yield _table(("why cases wait", "cases"), self.wait_reasons)
        yield _table(
            ("trap", "cases", "filed right", "filed wrong", "wait"),
            ((row.name, row.cases, row.right, row.wrong, row.waits) for row in self.traps),
        )
        yield _table(
            ("threshold", "filed by value alone", "PPV by value alone", "filed", "PPV", "sensitivity"),
            (
                (
                    row.threshold,
                    row.value_alone_filed,
                    f"{row.value_alone_ppv:.5f}",
                    row.filed,
                    f"{row.ppv:.5f}",
                    f"{row.sensitivity:.4f}",
                )
                for row in self.thresholds
            ),
        )
        yield _table(("best value from", "cases"), self.distribution)

    def _figures(self) -> tuple[tuple[str, object], ...]:
        return (
            ("seed", self.seed),
            ("cases", self.pairs),
            ("patients in the register", self.register_size),
            ("threshold", self.threshold),
            ("filed automatically", self.filed),
            ("filed under the wrong patient", self.filed_wrong),
            ("PPV", f"{self.ppv:.5f}"),
            ("PPV, lower end of the 95 % interval (Wilson)", f"{self.ppv_lower_bound:.5f}"),
            ("sensitivity where name and birth date or chart number came", f"{self.sensitivity:.4f}"),
            ("blocking recall", f"{self.blocking_recall:.5f}"),
            ("candidates scored per case", f"{self.candidates_per_case:.1f}"),
            ("seconds", f"{self.seconds:.1f}"),
        )


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
