"""Before a patient is added: who in the register may be the same person."""

from collections.abc import Sequence

from patients.matching.decide import PLAUSIBLE
from patients.matching.identity import Identity
from patients.matching.score import Score
from patients.models import Clinic, Patient
from scans.services.deciding import ranking

SHOWN = 5


def likely_duplicates(clinic: Clinic, identity: Identity) -> Sequence[tuple[Patient, Score]]:
    """Whoever owns the chart number, however little else fits, then the likest."""
    ranked = ranking(clinic, identity)
    likely = [one for one in ranked.decision.ranked if one.score.value >= PLAUSIBLE or one.score.chart_equal]
    likely.sort(key=lambda one: not one.score.chart_equal)
    return [(ranked.patients[one.key], one.score) for one in likely[:SHOWN]]
