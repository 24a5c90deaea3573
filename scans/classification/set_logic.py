"""What the other files of a case say of the one that is left."""

from collections.abc import Mapping

from scans.classification.verdict import CONFIDENT, WORKING_ROLES, Arch, Category, Method, Role, Verdict, Vote

LEFT_OVER = 0.65
"""One unknown beside one known jaw. Never more than 0.7: it needs a second witness."""
LEFT_OVER_BITE = 0.5
OPPOSITE = {Arch.UPPER: Arch.LOWER, Arch.LOWER: Arch.UPPER}


def by_set(verdicts: Mapping[str, Verdict]) -> dict[str, Vote]:
    """Vote for the one file of a case that is still open; nothing when two or more are."""
    waiting = [key for key, verdict in verdicts.items() if _is_open(verdict)]
    if len(waiting) != 1:
        return {}
    key = waiting[0]
    # A jaw that waits for a person is neither open nor known.
    known = {
        verdict.arch for verdict in verdicts.values() if not verdict.needs_person and verdict.role in WORKING_ROLES
    }
    if known == set(OPPOSITE):
        return _bite(key, verdicts)
    if len(known) == 1 and (arch := known.pop()) in OPPOSITE:
        return _opposite(key, verdicts[key], OPPOSITE[arch])
    return {}


def _is_open(verdict: Verdict) -> bool:
    return verdict.confidence < CONFIDENT and not verdict.conflict


def _opposite(key: str, verdict: Verdict, arch: Arch) -> dict[str, Vote]:
    if verdict.role not in WORKING_ROLES | {Role.UNKNOWN}:
        return {}
    role = Role.ARCH if verdict.role is Role.UNKNOWN else verdict.role
    evidence = f"it is the one file left in this case beside the {OPPOSITE[arch]} jaw"
    return {key: Vote(Method.SET, arch, role, confidence=LEFT_OVER, evidence=evidence)}


def _bite(key: str, verdicts: Mapping[str, Verdict]) -> dict[str, Vote]:
    has_bite = any(verdict.category is Category.BITE for other, verdict in verdicts.items() if other != key)
    if has_bite or verdicts[key].role not in (Role.UNKNOWN, Role.BITE) or verdicts[key].arch in OPPOSITE:
        return {}
    evidence = "it is the one file left in a case that has both jaws and no bite"
    return {key: Vote(Method.SET, Arch.BOTH, Role.BITE, confidence=LEFT_OVER_BITE, evidence=evidence)}
