"""Which upper, lower and bite of a case belong together, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scans.classification.verdict import WORKING_ROLES, Arch, Role, Side


@dataclass(frozen=True, slots=True)
class BiteScan:
    """A scan of one case, as classified. `key` is the caller's."""

    key: str
    arch: Arch
    role: Role
    side: Side = Side.NONE
    index: int | None = None
    captured: datetime | None = None


@dataclass(frozen=True, slots=True)
class BiteGroup:
    """A bite and the jaws it relates. A jaw that is not there, or that cannot be told, is in `missing`."""

    bite_key: str
    upper_key: str | None
    lower_key: str | None
    evidence: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    key: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Jaws:
    """The working scans of the jaws of one case."""

    upper: Choice
    lower: Choice


def jaws_of(scans: Sequence[BiteScan]) -> Jaws:
    """Which upper and which lower count. All scans are of one case."""
    return Jaws(_choose(Arch.UPPER, scans), _choose(Arch.LOWER, scans))


def belongs_together(scans: Sequence[BiteScan]) -> list[BiteGroup]:
    """One group for every bite, in the order given. All scans are of one case."""
    jaws = jaws_of(scans)
    upper, lower = jaws.upper, jaws.lower
    missing = tuple(name for name, choice in (("upper", upper), ("lower", lower)) if choice.key is None)
    return [
        BiteGroup(bite.key, upper.key, lower.key, f"{_described(bite)}: {upper.reason}; {lower.reason}", missing)
        for bite in scans
        if bite.role is Role.BITE
    ]


def _choose(arch: Arch, scans: Sequence[BiteScan]) -> Choice:
    """The working scan of a jaw: the preparation before a plain arch, then the latest repeat."""
    jaw = [scan for scan in scans if scan.arch is arch]
    working = sorted((scan for scan in jaw if scan.role in WORKING_ROLES), key=_rank, reverse=True)
    if not working:
        return Choice(None, _why_none(arch, jaw))
    best, *others = working
    equals = [scan for scan in others if _rank(scan) == _rank(best)]
    if equals:
        return Choice(None, f"ambiguous: {len(equals) + 1} {arch} scans and nothing tells which one counts")
    return Choice(best.key, _why(arch, best, others, has_pre_op=len(jaw) > len(working)))


def _rank(scan: BiteScan) -> tuple[bool, int, datetime]:
    moment = scan.captured or datetime.min.replace(tzinfo=UTC)
    # Cases mix naive and aware times; only their order matters here.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return scan.role is Role.PREPARATION, scan.index or 0, aware


def _why_none(arch: Arch, jaw: Sequence[BiteScan]) -> str:
    if any(scan.role is Role.PRE_PREPARATION for scan in jaw):
        return f"the only {arch} scan is from before the preparation"
    return f"no {arch} scan in this case"


def _why(arch: Arch, best: BiteScan, others: Sequence[BiteScan], *, has_pre_op: bool) -> str:
    if others and best.role is Role.PREPARATION and others[0].role is not Role.PREPARATION:
        return f"the {arch} preparation, before {len(others)} other {arch} scan(s)"
    if others:
        return f"the latest of {len(others) + 1} {arch} scans"
    return f"the only working {arch} scan" if has_pre_op else f"the only {arch} scan"


def _described(bite: BiteScan) -> str:
    words = [str(bite.side), "bite", str(bite.index) if bite.index is not None else ""]
    return " ".join(word for word in words if word) + " of the same case"
