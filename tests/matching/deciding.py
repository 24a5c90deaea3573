"""One call from identities to a decision."""

from patients.matching.decide import Candidate, Decision, decide
from patients.matching.identity import Identity
from patients.matching.score import score


def decided(received: Identity, *patients: Identity) -> Decision:
    """Decide between all patients given; the key of a patient is their place."""
    return decide(received, [Candidate(key, score(received, patient)) for key, patient in enumerate(patients)])
