"""PURE: when an export is taken: when it rests and is complete.

It rests when two looks at least five seconds apart saw the same names, sizes and times: a single time says nothing,
because a copy may keep the old one. What earlier looks saw is passed in and out, under hashes instead of names, so
that it may be kept anywhere as JSON.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

STABLE_S = 5.0
PATIENCE_S = 600.0
"""What stays incomplete this long is taken as it is: reading it then says what is wrong, instead of nobody."""

EMPTY_FILE = "empty_file"
ARRIVING = "arriving"
CUT_OFF = "cut_off"
MISSING_FILE = "missing_file"


class Rest(TypedDict):
    """mark: of the export as it was seen; since: when that was seen first, in seconds of the epoch."""

    mark: str
    since: float


Looks = dict[str, Rest]


@dataclass(frozen=True, slots=True)
class Contents:
    """What completeness is judged by. cut, missing: files without their end, files that the order names in vain."""

    sizes: tuple[int, ...]
    is_arriving: bool = False
    cut: int = 0
    missing: int = 0


BLANK = b"\xef\xbb\xbf\0 \t\r\n"
STL_HEAD, STL_FACET, SOLID = 84, 50, b"solid"
EDGE = 96
"""How much of a file's beginning and end is looked at."""


def is_cut(head: bytes, tail: bytes, size: int, *, is_stl: bool) -> bool:
    """Whether a file lacks the end that its beginning announces. Where nothing announces one, it is believed.

    A copying program may give a file its full size first and fill it later: its end is nothing but NUL until then.
    """
    if size >= EDGE and not tail.strip(b"\0"):
        return True
    if head.lstrip(BLANK + b"\xff\xfe").startswith(b"<"):
        return not tail.rstrip(BLANK).endswith(b">")
    if is_stl and size >= STL_HEAD and not head.startswith(SOLID):
        return size < STL_HEAD + STL_FACET * int.from_bytes(head[STL_HEAD - 4 : STL_HEAD], "little")
    return False


def key_of(order_id: str) -> str:
    return hashlib.sha256(order_id.encode()).hexdigest()


def remember(seen: Mapping[str, str], looks: Mapping[str, Rest], now: float) -> Looks:
    """seen: the mark of every export by its key. What is not there any more is forgotten."""
    return {key: _rest(mark, looks.get(key), now) for key, mark in seen.items()}


def _rest(mark: str, earlier: Rest | None, now: float) -> Rest:
    """A clock that was put back starts anew."""
    if earlier and earlier["mark"] == mark and earlier["since"] <= now:
        return earlier
    return {"mark": mark, "since": now}


def is_stable(rest: Rest, now: float) -> bool:
    return now - rest["since"] >= STABLE_S


def is_overdue(rest: Rest, now: float) -> bool:
    return now - rest["since"] >= PATIENCE_S


def lack_of(contents: Contents) -> str:
    """Why an export is not complete, "" when it is."""
    if contents.is_arriving:
        return ARRIVING
    if not all(contents.sizes):
        return EMPTY_FILE
    if contents.cut:
        return CUT_OFF
    return MISSING_FILE if contents.missing else ""


def next_look(looks: Mapping[str, Rest], now: float) -> float | None:
    """When something that does not rest yet may rest; None when there is nothing to wait for."""
    moments = [rest["since"] + STABLE_S for rest in looks.values() if not is_stable(rest, now)]
    return min(moments, default=None)
