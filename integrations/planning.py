"""What a listing means against what is known: from when to ask, what is new, when to try again. Values only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

OVERLAP = timedelta(minutes=10)
"""Clocks differ and lists lag: every look starts a little before the end of the last one."""
PATIENCE_WITH_FAULTS = timedelta(days=1)
MARK, STUCK_SINCE = "changed_at", "stuck_since"
"""What a cursor holds: how far the last complete listing came, and since when something in it cannot be read."""
MOST_FAILURES = 1000
"""No more are counted: a column has its limits."""
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
    mark = cursor.get(MARK)
    try:
        return datetime.fromisoformat(mark) - OVERLAP if mark else None
    except (ValueError, OverflowError):  # a mark of nonsense is none
        return None


def advanced(
    cursor: Mapping[str, Any], newest: datetime | None, *, began: datetime, has_faults: bool
) -> dict[str, Any]:
    """The cursor after a complete listing that began then and whose newest order changed then; it never goes back.

    It never passes the moment when the listing began: an order may have changed behind the page that was read, and a
    cloud's clock may be wrong. An entry that could not be read may be fine tomorrow, so the mark stays for a day.
    """
    stuck = cursor.get(STUCK_SINCE, began.isoformat())
    if has_faults and began - datetime.fromisoformat(stuck) < PATIENCE_WITH_FAULTS:
        return {**cursor, STUCK_SINCE: stuck}
    kept = {name: value for name, value in cursor.items() if name != STUCK_SINCE or has_faults}
    mark = cursor.get(MARK)
    new = min(newest, began) if newest else None
    if new is None or (mark and datetime.fromisoformat(mark) >= new):
        return kept
    return {**kept, MARK: new.isoformat()}


def after_failure(failures: int, now: datetime, retry_at: datetime | None) -> dict[str, Any]:
    """One more failure in a row, and when the next attempt is. failures: so far."""
    count = min(failures + 1, MOST_FAILURES)
    return {"failures": count, "next_attempt_at": next_attempt(now, count, retry_at)}


def next_attempt(now: datetime, failures: int, retry_at: datetime | None) -> datetime:
    """When the other side said, else after a wait that doubles with every failure in a row, up to an hour."""
    wait = min(FIRST_WAIT * 2 ** min(max(failures - 1, 0), 10), LONGEST_WAIT)
    return max(retry_at, now) if retry_at else now + wait
