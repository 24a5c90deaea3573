"""The patients a waiting case may belong to."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient
from patients.querysets import ClinicRows
from scans.models.cases import Case


def outcomes_by_field(reasons: list[dict[str, Any]]) -> list[dict[str, str]]:
    order = ["different", "similar", "equal", "missing"]
    found: dict[str, str] = {}
    for reason in reasons:
        known = found.get(reason["field"], "missing")
        found[reason["field"]] = min(known, reason["outcome"], key=order.index)
    return [{"field": field, "outcome": outcome} for field, outcome in found.items()]


class MatchCandidate(models.Model):
    """A patient a waiting case may belong to, with the reasons for every point."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="candidates")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.FloatField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["case", "rank"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(fields=["case", "patient"], name="candidate_once"),
            models.UniqueConstraint(fields=["case", "rank"], name="candidate_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.score:.2f}"

    @property
    def chips(self) -> list[dict[str, str]]:
        """One outcome a field, the worst of its reasons: what a row of the queue has room for."""
        return outcomes_by_field(self.reasons)

    @property
    def contradicts(self) -> bool:
        """Something about the patient is another: to be compared, never filed at a glance."""
        return any(chip["outcome"] == "different" for chip in self.chips)
