"""What one look at a waiting case says: filed with one press, or worth a thought, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from scans.models import Case, MatchCandidate
from scans.services.bulk import why_not_safe

CLEAR, THINK, NOBODY = "clear", "think", "nobody"

WHY = {
    "": _("Name and number or birth date fit, and nothing speaks against it."),
    "no_candidate": _("No patient fits. Search, or create the patient."),
    "contradicts": _("Something speaks against the best candidate. Open the case and compare."),
    "too_little": _("Only one thing fits. Open the case and compare."),
    "several": _("More than one patient fits. Choose the right one."),
    "reasons": _("Why it waits speaks against a quick decision. Open the case and look."),
}


@dataclass(frozen=True, slots=True)
class Glance:
    level: str
    code: str

    @property
    def sentence(self) -> str:
        return str(WHY[self.code])

    @property
    def is_clear(self) -> bool:
        return self.level == CLEAR


def glance(case: Case, candidates: Sequence[MatchCandidate]) -> Glance:
    """candidates: the case's likeliest, best first, as they were fetched; no further query."""
    first, second = [*candidates[:2], None, None][:2]
    code = why_not_safe(case, first, second)
    if code == "no_candidate":
        return Glance(NOBODY, code)
    return Glance(THINK if code else CLEAR, code)
