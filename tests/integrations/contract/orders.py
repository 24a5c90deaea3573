"""Orders for the contract suite, an hour apart, and where their files go."""

import random
from datetime import UTC, datetime, timedelta

from tests.integrations.contract.harness import Harness
from tests.meshes.seven_zips import STORED, sevenzipped

FIRST = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CAP = 10_000_000


def archive(seed: int = 1, size: int = 600_000) -> bytes:
    return sevenzipped(("upper.stl", random.Random(seed).randbytes(size)), packing=STORED)


def fill(harness: Harness, count: int) -> list[str]:
    """Ids, oldest first."""
    names = [f"order-{number}" for number in range(count)]
    for number, name in enumerate(names):
        harness.put(name, FIRST + timedelta(hours=number), archive(number, 1_000))
    return names
