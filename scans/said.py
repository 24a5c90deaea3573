"""Sentences of pure code in the reader's language. They are stored in plain English and translated when they are shown.

A sentence is looked up as it is, else by the shapes of `sentences`, in which `{}` stands for a value. Values are
translated the same way: "No scan of the {} jaw." and "upper". What is not known stays as it is.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, npgettext_lazy

from scans.sentences import SENTENCES, WORDS

KNOWN = frozenset(SENTENCES) | frozenset(WORDS)
NUMBER = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?![\w.])")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LIST = re.compile(r"(, | and |(?<=%) )")
"""Several values, and shares: 70% upper, 20% bite."""
DEEPEST = 6
"""Sentences within sentences; the deepest that is written has three."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A sentence with gaps, cut at them. `is_name`: what stands in the gap is a version, not a number."""

    msgid: str
    start: str
    end: str
    pattern: re.Pattern[str]
    is_name: bool


def _shape(msgid: str) -> Shape:
    parts = msgid.split("{}")
    pattern = re.compile("(.*?)".join(map(re.escape, parts)), re.DOTALL)
    return Shape(msgid, parts[0], parts[-1], pattern, "version {}" in msgid)


SHAPES = tuple(_shape(msgid) for msgid in sorted(KNOWN, key=len, reverse=True) if "{}" in msgid)
"""The most particular first."""


def said(text: str) -> str:
    """`text` in the language of this request."""
    return _said(str(text), get_language() or "", DEEPEST) if text else ""


AGES: dict[str, Any] = {
    "year": npgettext_lazy("ago", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("ago", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("ago", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("ago", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("ago", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("ago", "%(num)d minute", "%(num)d minutes", "num"),
}
"""Languages bend these after "ago"."""


def ago(moment: datetime) -> str:
    """How long ago, in one unit: to the minute nobody needs to know it."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(age)s ago") % {"age": timesince(moment, depth=1, time_strings=AGES)}


@lru_cache(maxsize=8192)
def _said(text: str, language: str, depth: int) -> str:
    if language.startswith("en"):
        return text
    if text in KNOWN:
        return gettext(text)
    for shape in SHAPES if depth else ():
        if text.startswith(shape.start) and text.endswith(shape.end):
            found = shape.pattern.fullmatch(text)
            if found:
                told = (
                    found.groups() if shape.is_name else (_value(part, language, depth - 1) for part in found.groups())
                )
                return gettext(shape.msgid).format(*told)
    return text


def _value(text: str, language: str, depth: int) -> str:
    """What stood in a gap: a day, a number, words, or several of them."""
    told = _said(text, language, depth)
    if told != text:
        return told
    if DAY.fullmatch(text):
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    parts = LIST.split(text)
    if len(parts) > 1:
        joints = (gettext(joint) if joint in KNOWN else joint for joint in parts[1::2])
        values = (_value(part, language, depth) for part in parts[::2])
        return "".join(piece for pair in zip_longest(values, joints, fillvalue="") for piece in pair)
    return NUMBER.sub(rf"\1{get_format('DECIMAL_SEPARATOR')}\2", text)
