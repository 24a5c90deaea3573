"""A misspelt name still meets its patient, and meets few others."""

import pytest

from patients.matching.blocking import blocking_keys, lookup_keys
from patients.matching.identity import Identity

KNOWN = Identity("Robert", "Schneider")


@pytest.mark.parametrize(
    "received",
    [
        Identity("Robert", "Schnieder"),
        Identity("Robert", "Xchneider"),
        Identity("Robert", "Schneide"),
        Identity("Rboert", "Schneider"),
        Identity("Obert", "Schneider"),
        Identity("Schneider", "Robert"),
        Identity(last_name="SCHNEIDER ROBERT"),
        Identity(full_name="Schneider, R."),
        Identity("Bob", "Schneider"),
        Identity("Bob", "Shneider"),
        Identity("Robert", "Müller-Schneider"),
        Identity(last_name="Schneider"),
    ],
)
def test_meets(received: Identity) -> None:
    assert lookup_keys(received) & blocking_keys(KNOWN)


@pytest.mark.parametrize(
    "other", [Identity("Robert", "Huber"), Identity("Clara", "Schneider"), Identity("Clara", "Berg")]
)
def test_does_not_meet(other: Identity) -> None:
    assert not lookup_keys(other) & blocking_keys(KNOWN)


def test_no_name_has_no_keys() -> None:
    assert blocking_keys(Identity(chart_number="12")) == frozenset()
