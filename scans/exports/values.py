"""Dates, numbers and matrices as vendors write them. A value that makes no sense is None, never an error."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from scans.meshes.rigid import is_rigid

MATRIX_VALUES = 16
NOT_RIGID = "matrix_not_rigid"
US_FORMATS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y")
CLOCK_OFFSET = re.compile(r"([+-]?)(\d{1,2}):(\d{2})(?::\d{2})?", re.ASCII)
NUMBER_OFFSET = re.compile(r"[+-]?\d{1,4}(?:\.\d+)?", re.ASCII)
LARGEST_OFFSET_H = 14
FIRST_SCANNER = 1985
"""Programs write 1601, 1899, 0001 or 9999 for "no date"; at both ends of the calendar a change of zone overflows."""
LAST_YEAR = 2100
OLDEST_PATIENT = 1880
SECONDS = re.compile(r"\d{9,10}", re.ASCII)


def us_datetime(text: str, utc_offset: str = "") -> datetime | None:
    """iTero's MM/DD/YYYY; aware when the export gives its offset. Programs' "no date" is None."""
    for form in US_FORMATS:
        try:
            moment = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - local time of the clinic unless an offset is given
        except ValueError:
            continue
        zone = _zone(utc_offset)
        return _plausible(moment.replace(tzinfo=zone) if zone else moment)
    return None


def _plausible(moment: datetime) -> datetime | None:
    return moment if FIRST_SCANNER <= moment.year <= LAST_YEAR else None


def _zone(text: str) -> timezone | None:
    """Hours ("-5", "5.5"), minutes ("-300") or a clock ("-05:00"): seen or inferred, none of it documented."""
    if clock := CLOCK_OFFSET.fullmatch(text.strip()):
        sign, hours, minutes = clock.group(1, 2, 3)
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    elif NUMBER_OFFSET.fullmatch(text.strip()):
        value = float(text)
        offset = timedelta(hours=value) if abs(value) <= LARGEST_OFFSET_H else timedelta(minutes=value)
    else:
        return None
    return timezone(offset) if abs(offset) <= timedelta(hours=LARGEST_OFFSET_H) else None


def unix_datetime(text: str) -> datetime | None:
    return _plausible(datetime.fromtimestamp(int(text), UTC)) if SECONDS.fullmatch(text) else None


def iso_datetime(text: str) -> datetime | None:
    """An aware time where the text has an offset, else the clinic's local time. Programs' "no date" is None."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return _plausible(moment)


def iso_date(text: str) -> date | None:
    """A birth date in ISO form, with or without a time; anything else stays text."""
    try:
        day = datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None
    return day if OLDEST_PATIENT < day.year <= LAST_YEAR else None


def numbers_in(text: str) -> list[float] | None:
    """Sixteen finite numbers of a 4x4 matrix, else None."""
    parts = re.split(r"[\s,;]+", text.strip())
    if len(parts) != MATRIX_VALUES:
        return None
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    return values if all(math.isfinite(value) for value in values) else None


def matrix(values: Sequence[float], *, stored: str) -> dict[str, object]:
    """A transform for column vectors, translation in mm in the last column, and how the vendor stored it.

    stored: "last_column" (iTero, 3Shape) or "last_row" (exocad's .matrix4), which is turned over here. One that is no
    rotation and shift has the code "matrix_not_rigid" and places nothing.
    """
    rows = [list(values[at : at + 4]) for at in range(0, MATRIX_VALUES, 4)]
    if stored == "last_row":
        rows = [list(row) for row in zip(*rows, strict=True)]
    remark = {} if is_rigid(np.array(rows, np.float64)) else {"code": NOT_RIGID}
    return {"matrix": rows, "translation_mm": [row[3] for row in rows[:3]], "stored": stored, **remark}
