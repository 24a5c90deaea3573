"""Which upper, lower and bite belong together."""

from datetime import UTC, datetime, timedelta

import pytest

from scans.bites import BiteGroup, BiteScan, belongs_together
from scans.classification.verdict import Arch, Role, Side

MORNING = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
UPPER = BiteScan("u", Arch.UPPER, Role.ARCH)
LOWER = BiteScan("l", Arch.LOWER, Role.ARCH)
BITE = BiteScan("b", Arch.BOTH, Role.BITE)


def one(*scans: BiteScan) -> BiteGroup:
    (group,) = belongs_together(scans)
    return group


def test_a_bite_relates_both_jaws_of_its_case() -> None:
    assert one(UPPER, LOWER, BITE) == BiteGroup(
        "b", "u", "l", "bite of the same case: the only upper scan; the only lower scan", ()
    )


def test_every_bite_gets_its_group_in_the_order_given() -> None:
    left = BiteScan("left", Arch.BOTH, Role.BITE, Side.LEFT, 1)
    right = BiteScan("right", Arch.BOTH, Role.BITE, Side.RIGHT, 2)
    groups = belongs_together([right, UPPER, left, LOWER])
    assert [(group.bite_key, group.upper_key, group.lower_key) for group in groups] == [
        ("right", "u", "l"),
        ("left", "u", "l"),
    ]
    assert groups[1].evidence.startswith("left bite 1 of the same case")


def test_without_a_bite_nothing_is_linked() -> None:
    assert belongs_together([UPPER, LOWER]) == []
    assert belongs_together([]) == []


@pytest.mark.parametrize(("scans", "missing"), [([BITE], ("upper", "lower")), ([BITE, UPPER], ("lower",))])
def test_a_missing_jaw_is_named(scans: list[BiteScan], missing: tuple[str, ...]) -> None:
    assert one(*scans).missing == missing


def test_a_scan_from_before_never_takes_the_working_slot() -> None:
    before = BiteScan("before", Arch.UPPER, Role.PRE_PREPARATION, index=9)
    assert one(before, UPPER, LOWER, BITE).upper_key == "u"
    alone = one(before, LOWER, BITE)
    assert (alone.upper_key, alone.missing) == (None, ("upper",))
    assert "before the preparation" in alone.evidence


@pytest.mark.parametrize("role", [Role.SCAN_BODY, Role.GINGIVA, Role.DENTURE, Role.DESIGN])
def test_other_scans_of_a_jaw_are_not_linked(role: Role) -> None:
    assert one(BiteScan("x", Arch.UPPER, role), LOWER, BITE).upper_key is None


def test_the_preparation_counts_before_a_plain_arch() -> None:
    group = one(
        BiteScan("late", Arch.UPPER, Role.ARCH, index=5), BiteScan("p", Arch.UPPER, Role.PREPARATION), LOWER, BITE
    )
    assert group.upper_key == "p"
    assert "the upper preparation" in group.evidence


def test_of_repeats_the_latest_index_counts() -> None:
    group = one(
        UPPER,
        BiteScan("u2", Arch.UPPER, Role.ARCH, index=2),
        BiteScan("u1", Arch.UPPER, Role.ARCH, index=1),
        LOWER,
        BITE,
    )
    assert group.upper_key == "u2"
    assert "the latest of 3 upper scans" in group.evidence


def test_without_an_index_the_later_time_counts() -> None:
    early = BiteScan("early", Arch.LOWER, Role.ARCH, captured=MORNING)
    late = BiteScan("late", Arch.LOWER, Role.ARCH, captured=(MORNING + timedelta(minutes=5)).replace(tzinfo=None))
    assert one(early, late, UPPER, BITE).lower_key == "late"


def test_equal_scans_are_ambiguous_and_not_chosen() -> None:
    group = one(UPPER, BiteScan("twin", Arch.UPPER, Role.ARCH), LOWER, BITE)
    assert (group.upper_key, group.lower_key, group.missing) == (None, "l", ("upper",))
    assert "ambiguous: 2 upper scans" in group.evidence
