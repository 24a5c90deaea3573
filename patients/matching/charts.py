"""Chart numbers: the same number however a program pads, prefixes or spaces it."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from patients.matching.codes import ChartCode

_JUNK = re.compile(r"[\W_]+")
_PARTS = re.compile(r"([a-z]*)0*(.*)")
_PLACEHOLDERS = frozenset(
    {
        "",
        "na",
        "nan",
        "none",
        "null",
        "nil",
        "unknown",
        "test",
        "demo",
        "dummy",
        "tba",
        "tbd",
        "xxx",
        "new",
        "patientid",
    }
)
_SHORTEST_WITH_SLIP = 3


@lru_cache(maxsize=1 << 16)
def normal_chart_number(text: str) -> tuple[str, str]:
    """(prefix letters, the rest without leading zeros), small letters; ("", "") for none and for placeholders."""
    tidy = _JUNK.sub("", text).lower()
    found = _PARTS.fullmatch(tidy)
    if found is None or tidy in _PLACEHOLDERS:
        return "", ""
    prefix, number = found.groups()
    if any(letter.isdigit() for letter in number):
        return prefix, number
    return ("", "") if any(letter.isdigit() for letter in tidy) else ("", tidy)


def compare_chart_numbers(received: str, known: str) -> ChartCode:
    """Symmetric. Two different prefixes are two different numbers; a prefix on one side only may be the program's."""
    (prefix, number), (other_prefix, other_number) = normal_chart_number(received), normal_chart_number(known)
    if not number or not other_number:
        return ChartCode.MISSING
    if number == other_number:
        if prefix == other_prefix:
            return ChartCode.EQUAL
        return ChartCode.DIFFERENT if prefix and other_prefix else ChartCode.PREFIX
    alike = min(len(number), len(other_number)) >= _SHORTEST_WITH_SLIP and OSA.distance(number, other_number) == 1
    return ChartCode.SLIP if alike else ChartCode.DIFFERENT


def chart_keys(chart_number: str) -> frozenset[str]:
    """Keys that two numbers share whenever compare_chart_numbers calls them equal; index patients by them."""
    prefix, number = normal_chart_number(chart_number)
    return frozenset({f"{prefix}{number}", number}) if number else frozenset()
