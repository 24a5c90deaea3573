"""Whether two identities speak against each other; silence on a field is no contradiction."""

from patients.matching.identity import Identity
from patients.matching.score import score


def contradicts(one: Identity, other: Identity) -> bool:
    """Another name, another birth date or another chart number."""
    return any(reason.outcome == "different" for reason in score(one, other).reasons)
