"""What came in, the cases it became, their scans, and the ledger of background work."""

from scans.models.candidates import MatchCandidate
from scans.models.cases import Case, PendingCase
from scans.models.decisions import Decision, Dismissal, RememberedMatch
from scans.models.deliveries import DeliveredFile, Delivery
from scans.models.jaws import BiteLink, Occlusion
from scans.models.jobs import Job
from scans.models.looking import Measurement, SavedView
from scans.models.scans import Scan

__all__ = [
    "BiteLink",
    "Case",
    "Decision",
    "DeliveredFile",
    "Delivery",
    "Dismissal",
    "Job",
    "MatchCandidate",
    "Measurement",
    "Occlusion",
    "PendingCase",
    "RememberedMatch",
    "SavedView",
    "Scan",
]
