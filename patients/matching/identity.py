"""A patient as a scanner names one: every field as it came, nothing repaired."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a scan says it belongs to, or who a patient is. Empty means "not given".

    full_name: one string where the source gives only one ("Surname, First", "First Surname", ...).
    birth_date: only where the source's format is known; birth_date_text keeps it as it came.
    other_names: further (first, last) names a patient is known by: maiden name, alias.
    """

    first_name: str = ""
    last_name: str = ""
    full_name: str = ""
    birth_date: date | None = None
    birth_date_text: str = ""
    chart_number: str = ""
    other_names: tuple[tuple[str, str], ...] = ()

    @property
    def has_name(self) -> bool:
        return bool(self.first_name.strip() or self.last_name.strip() or self.full_name.strip())

    @property
    def is_empty(self) -> bool:
        return not (self.has_name or self.birth_date or self.birth_date_text or self.chart_number)


def is_same_identity(one: Identity, other: Identity) -> bool:
    """Field by field the same; a chart number counts only where both give one: not every way in carries it."""
    if one.chart_number and other.chart_number:
        return one == other
    return replace(one, chart_number="") == replace(other, chart_number="")
