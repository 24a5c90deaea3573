"""What a case still lacks for its purpose: asking for a rescan now beats a remake in ten days."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scans.bites import BiteScan
from scans.classification.verdict import WORKING_ROLES, Arch, Role


class Purpose(StrEnum):
    """What the scans are for: it decides which of them are needed."""

    BOTH_JAWS = "both_jaws"
    ONE_JAW = "one_jaw"


ONE_JAW_WORDS = ("retainer", "night guard", "nightguard", "bleaching", "whitening", "mouthguard", "sports guard")
"""Case types of vendors for which one jaw is enough: an appliance that fits one arch and opposes nothing."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is not there; `code` for programs, `message` for the front desk."""

    code: str
    message: str


NO_JAW = Lack("jaw", "No scan of a jaw that can be worked on. Ask for a rescan now.")
UNPLACED = Lack(
    "bite", "No bite scan places these jaws for certain. Look at how they meet, or ask for a new bite scan now."
)
NO_BITE = Lack("bite", "No bite: nothing says how the upper and the lower teeth meet. Ask for a bite scan now.")


def purpose_of(case_type: str) -> Purpose:
    """From the words of the order; whatever is not known to need less needs both jaws and how they meet."""
    words = case_type.casefold()
    return Purpose.ONE_JAW if any(known in words for known in ONE_JAW_WORDS) else Purpose.BOTH_JAWS


def lacks(scans: Sequence[BiteScan], purpose: Purpose, *, relation_known: bool | None) -> tuple[Lack, ...]:
    """What is missing from the usable scans of one case. relation_known: whether it is known how the jaws meet (they
    share a frame, or a matrix or a confirmed bite relates them), so that no bite is needed; None before it was checked.
    """
    missing = [arch for arch in (Arch.UPPER, Arch.LOWER) if not _has_working(scans, arch)]
    if purpose is Purpose.ONE_JAW:
        return (NO_JAW,) if len(missing) == 2 else ()
    found = [_lack_of(arch, scans) for arch in missing]
    has_bite = any(scan.role is Role.BITE for scan in scans)
    if not relation_known and not has_bite:
        found.append(NO_BITE)
    elif relation_known is False and not missing:
        found.append(UNPLACED)
    return tuple(found)


def _has_working(scans: Sequence[BiteScan], arch: Arch) -> bool:
    return any(scan.arch is arch and scan.role in WORKING_ROLES for scan in scans)


def _lack_of(arch: Arch, scans: Sequence[BiteScan]) -> Lack:
    if any(scan.arch is arch and scan.role is Role.PRE_PREPARATION for scan in scans):
        return Lack(
            str(arch), f"The only {arch} scan is from before the preparation. Ask for one of the prepared teeth."
        )
    return Lack(str(arch), f"No scan of the {arch} jaw. Ask for a rescan now.")
