"""PURE: texts and moments of another side, made fit to be kept, or refused.

A lone surrogate breaks SQLite, a NUL PostgreSQL; and whatever has no end will one day not fit where it is kept.
"""

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from scans.examination.storable import storable_text

LONGEST_PERSON_NAME = 200
LONGEST_FULL_NAME = 300
LONGEST_CHART_NUMBER = 100
LONGEST_ORDER_ID = 100
LONGEST_FILE_NAME = 255
LONGEST_ENDING = 20
LONGEST_ACCOUNT = 100
LONGEST_ACCOUNT_NAME = 200
LONGEST_REGION = 40
LONGEST_ADDRESS = 300
LONGEST_LINK = 8_000
"""A link that a storage signed carries its whole permission."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How much another clock may be ahead, with a time zone that was taken for UTC."""


def kept(text: str, longest: int) -> str:
    """What is said of a person or a thing: cleaned and cut."""
    return storable_text(text).strip()[:longest]


def kept_file_name(name: str) -> str:
    """As `kept`; what is too long loses its middle: folders before it and the ending behind it tell what it is."""
    clean = kept(name, len(name))
    ending = kept(PurePosixPath(name).suffix, LONGEST_ENDING)
    return clean if len(clean) <= LONGEST_FILE_NAME else clean[: LONGEST_FILE_NAME - len(ending)] + ending


def is_identifier(text: str, longest: int) -> bool:
    """Whether it can be kept, and sent back, as it is: an id that was repaired would be another one's."""
    return 0 < len(text) <= longest and text.isprintable() and text == text.strip()


def is_address(text: str, longest: int) -> bool:
    return is_identifier(text, longest) and text.isascii()


def is_plausible(moment: datetime, now: datetime) -> bool:
    """Whether something can have changed then. Both aware. One moment of the year 9999 would end all looking."""
    return EARLIEST <= moment <= now + AHEAD
