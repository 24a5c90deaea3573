"""The words of a verdict: arch, role, side, the votes and what they came to. Values only; `classify` weighs them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CONFIDENT = 0.8
"""Below this a person decides."""


class Arch(StrEnum):
    UPPER = "upper"
    LOWER = "lower"
    BOTH = "both"
    UNKNOWN = "unknown"


class Role(StrEnum):
    ARCH = "arch"
    BITE = "bite"
    PREPARATION = "preparation"
    ANTAGONIST = "antagonist"
    PRE_PREPARATION = "pre_preparation"
    SCAN_BODY = "scan_body"
    GINGIVA = "gingiva"
    WAX_UP = "wax_up"
    DENTURE = "denture"
    IMPRESSION = "impression"
    FACE = "face"
    DESIGN = "design"
    UNKNOWN = "unknown"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    NONE = ""


class Category(StrEnum):
    """The brief's types of a scan, derived from arch and role."""

    UPPER = "SCAN_UPPER"
    LOWER = "SCAN_LOWER"
    BITE = "SCAN_BITE"
    OTHER = "SCAN_OTHER"


class Method(StrEnum):
    """Where a vote comes from: the ladder, strongest first."""

    PERSON = "person"
    SIDECAR = "sidecar"
    VENDOR = "vendor_rule"
    FOLDER = "folder"
    TOKENS = "tokens"
    SET = "set_logic"
    GEOMETRY = "geometry"


WORKING_ROLES = frozenset({Role.ARCH, Role.PREPARATION, Role.ANTAGONIST})


def category_of(arch: Arch, role: Role) -> Category:
    """SCAN_UPPER and SCAN_LOWER are the working arches only: a pre-op scan or a scan body never takes their slot."""
    if role is Role.BITE:
        return Category.BITE
    if role in WORKING_ROLES and arch is Arch.UPPER:
        return Category.UPPER
    if role in WORKING_ROLES and arch is Arch.LOWER:
        return Category.LOWER
    return Category.OTHER


MEANT_BY: dict[Category, tuple[Arch, Role]] = {
    Category.UPPER: (Arch.UPPER, Role.ARCH),
    Category.LOWER: (Arch.LOWER, Role.ARCH),
    Category.BITE: (Arch.BOTH, Role.BITE),
    Category.OTHER: (Arch.UNKNOWN, Role.UNKNOWN),
}
"""What a person means by a type, where nothing finer is known."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one method says of one file, how sure it is (0..1) and what it saw.

    `evidence` is a sentence for a person, without any part of a patient's name.
    A vote may be silent on arch or role: UNKNOWN means "I do not know", not "it is something else".
    """

    method: Method
    arch: Arch = Arch.UNKNOWN
    role: Role = Role.UNKNOWN
    side: Side = Side.NONE
    index: int | None = None
    confidence: float = 0.0
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    arch: Arch
    role: Role
    side: Side
    index: int | None
    confidence: float
    votes: tuple[Vote, ...] = ()
    conflict: str = ""
    notes: tuple[str, ...] = ()

    @property
    def category(self) -> Category:
        return category_of(self.arch, self.role)

    @property
    def needs_person(self) -> bool:
        return bool(self.conflict) or self.confidence < CONFIDENT

    @property
    def evidence(self) -> list[str]:
        return [f"{vote.method}: {vote.evidence}" for vote in self.votes if vote.evidence]

    def as_dict(self) -> dict[str, Any]:
        """JSON of the whole verdict, as stored with a scan."""
        return {
            "arch": str(self.arch),
            "role": str(self.role),
            "side": str(self.side),
            "index": self.index,
            "category": str(self.category),
            "confidence": round(self.confidence, 3),
            "conflict": self.conflict,
            "notes": list(self.notes),
            "votes": [
                {
                    "method": str(vote.method),
                    "arch": str(vote.arch),
                    "role": str(vote.role),
                    "side": str(vote.side),
                    "index": vote.index,
                    "confidence": round(vote.confidence, 3),
                    "evidence": vote.evidence,
                }
                for vote in self.votes
            ],
        }


UNDECIDED = Verdict(Arch.UNKNOWN, Role.UNKNOWN, Side.NONE, None, 0.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """What geometry alone saw: a vote and the numbers behind it."""

    vote: Vote
    measures: dict[str, Any] = field(default_factory=dict)
