"""What a listing means against what is known: from when to ask, what is new, when to try again. Values only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

OVERLAP = timedelta(minutes=10)
"""Clocks differ and lists lag: every look starts a little before the end of the last one."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Standing(StrEnum):
    """How an order of the other side stands to what is here."""

    NOT_READY = "not_ready"
    NEW = "new"
    CHANGED = "changed"
    PENDING = "pending"  # here, and being read or waiting for a person
    IMPORTED = "imported"
    FAILED = "failed"  # here, and nothing in it could be read


def since(cursor: Mapping[str, Any]) -> datetime | None:
    """From when to ask; None for everything."""
    mark = cursor.get("changed_at")
    return datetime.fromisoformat(mark) - OVERLAP if mark else None


def advanced(cursor: Mapping[str, Any], newest: datetime | None) -> dict[str, Any]:
    """The cursor after a complete listing whose newest order changed then; it never goes back."""
    mark = cursor.get("changed_at")
    if newest is None or (mark and datetime.fromisoformat(mark) >= newest):
        return dict(cursor)
    return {**cursor, "changed_at": newest.isoformat()}


def next_attempt(now: datetime, failures: int, retry_at: datetime | None) -> datetime:
    """When the other side said, else after a wait that doubles with every failure in a row, up to an hour."""
    wait = min(FIRST_WAIT * 2 ** min(max(failures - 1, 0), 10), LONGEST_WAIT)
    return max(retry_at, now) if retry_at else now + wait
