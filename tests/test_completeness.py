"""A case knows what it lacks for its purpose."""

from scans.bites import BiteScan
from scans.classification.verdict import Arch, Role
from scans.completeness import Purpose, lacks, purpose_of

UPPER = BiteScan("u", Arch.UPPER, Role.ARCH)
LOWER = BiteScan("l", Arch.LOWER, Role.PREPARATION)
BITE = BiteScan("b", Arch.BOTH, Role.BITE)


def missing(*scans: BiteScan, purpose: Purpose = Purpose.BOTH_JAWS, relation_known: bool | None = None) -> list[str]:
    return [lack.code for lack in lacks(scans, purpose, relation_known=relation_known)]


def test_two_jaws_and_a_bite_are_complete() -> None:
    assert missing(UPPER, LOWER, BITE) == []


def test_what_is_not_there_is_named() -> None:
    assert missing(UPPER) == ["lower", "bite"]
    assert missing(BITE) == ["upper", "lower"]
    assert missing() == ["upper", "lower", "bite"]


def test_a_known_relation_of_the_jaws_needs_no_bite() -> None:
    assert missing(UPPER, LOWER, relation_known=True) == []
    assert missing(UPPER, LOWER) == ["bite"]


def test_a_scan_from_before_the_preparation_does_not_stand_for_the_jaw() -> None:
    before = BiteScan("p", Arch.UPPER, Role.PRE_PREPARATION)
    [lack] = lacks([before, LOWER, BITE], Purpose.BOTH_JAWS, relation_known=False)
    assert lack.code == "upper"
    assert "before the preparation" in lack.message


def test_a_retainer_needs_one_jaw_only() -> None:
    assert purpose_of("Vivera Retainer") is Purpose.ONE_JAW
    assert missing(LOWER, purpose=Purpose.ONE_JAW) == []
    assert missing(BITE, purpose=Purpose.ONE_JAW) == ["jaw"]


def test_an_order_nobody_knows_needs_both_jaws() -> None:
    assert purpose_of("") is purpose_of("Study Model") is purpose_of("Invisalign") is Purpose.BOTH_JAWS


def test_a_bite_that_places_nothing_is_no_bite() -> None:
    assert missing(UPPER, LOWER, BITE, relation_known=None) == []
    [lack] = lacks([UPPER, LOWER, BITE], Purpose.BOTH_JAWS, relation_known=False)
    assert lack.code == "bite"
    assert "new bite scan" in lack.message
