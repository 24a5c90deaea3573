"""What came in, the cases it became, their scans, and the ledger of background work."""

from scans.models.candidates import MatchCandidate
from scans.models.cases import Case, PendingCase
from scans.models.deliveries import DeliveredFile, Delivery
from scans.models.jaws import BiteLink, Occlusion
from scans.models.jobs import Job
from scans.models.scans import Scan

__all__ = [
    "BiteLink",
    "Case",
    "DeliveredFile",
    "Delivery",
    "Job",
    "MatchCandidate",
    "Occlusion",
    "PendingCase",
    "Scan",
]
