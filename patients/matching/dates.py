"""Birth dates: reading them from text, telling a typing slip from another date."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import product

from patients.matching.codes import DateCode
from patients.matching.identity import Identity
from patients.matching.weights import POINTS

# Written where nobody knew: the first days of Excel, SQL, Unix and the fill-in form.
PLACEHOLDER_DATES = frozenset(
    {date(1, 1, 1), date(1111, 11, 11), date(1753, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(1970, 1, 1)}
)

_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4}|\d{2})")

# A wider gap of years with one other digit is rather a father and a son of one name than a slip.
_WIDEST_YEAR_SLIP = 9


def birth_dates(identity: Identity) -> tuple[date, ...]:
    """Every date the identity's birth date can mean: several when day and month or the century are open."""
    known = identity.birth_date
    if known is not None:
        return () if known in PLACEHOLDER_DATES else (known,)
    return read_birth_date(identity.birth_date_text)


@lru_cache(maxsize=1 << 14)
def read_birth_date(text: str) -> tuple[date, ...]:
    """ISO, DICOM's YYYYMMDD, DD.MM.YYYY; with slash or hyphen both orders; two-digit years in both centuries."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _valid([(year, month, day)])
    if not (found := _YEAR_LAST.fullmatch(text)):
        return ()
    first, separator, second, year_text = found.groups()
    years = [int(year_text)] if len(year_text) == 4 else [1900 + int(year_text), 2000 + int(year_text)]
    orders = [(int(second), int(first))]
    if separator != ".":
        orders.append((int(first), int(second)))
    return _valid([(year, month, day) for year, (month, day) in product(years, orders)])


def _valid(parts: list[tuple[int, int, int]]) -> tuple[date, ...]:
    found = {_date(*part) for part in parts} - PLACEHOLDER_DATES - {None}
    return tuple(sorted(day for day in found if day is not None))


def _date(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None


def compare_dates(received: tuple[date, ...], known: tuple[date, ...]) -> DateCode:
    """Symmetric; the kindest of all pairs of readings."""
    if not received or not known:
        return DateCode.MISSING
    code = max((_compare(one, other) for one, other in product(received, known)), key=POINTS.__getitem__)
    if code is DateCode.EQUAL and len(received) + len(known) > 2:
        return DateCode.ONE_READING
    return code


@lru_cache(maxsize=1 << 16)
def _compare(one: date, other: date) -> DateCode:
    if one == other:
        return DateCode.EQUAL
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return DateCode.SWAPPED
    if _digits_swapped(_digits(one), _digits(other)):
        return DateCode.TRANSPOSED
    if (one.month, one.day) == (other.month, other.day):
        return _compare_years(abs(one.year - other.year))
    return DateCode.ONE_DIGIT if one.year == other.year and _one_digit(one, other) else DateCode.CONFLICT


def _compare_years(gap: int) -> DateCode:
    known = {1: DateCode.YEAR_OFF_ONE, 10: DateCode.YEAR_OFF_TEN, 100: DateCode.CENTURY}
    return known.get(gap, DateCode.ONE_DIGIT if gap <= _WIDEST_YEAR_SLIP else DateCode.CONFLICT)


def _digits(day: date) -> str:
    """YYYYMMDD; strftime does not pad the years before 1000."""
    return day.isoformat().replace("-", "")


def _digits_swapped(one: str, other: str) -> bool:
    """Whether two neighbouring digits changed places within the year, the month or the day."""
    differing = [index for index in range(8) if one[index] != other[index]]
    if len(differing) != 2 or differing not in ([0, 1], [1, 2], [2, 3], [4, 5], [6, 7]):
        return False
    first, second = differing
    return one[first] == other[second] and one[second] == other[first]


def _one_digit(one: date, other: date) -> bool:
    return sum(a != b for a, b in zip(_digits(one), _digits(other), strict=True)) == 1


def birth_date_variants(day: date) -> set[date]:
    """Every date that compare_dates does not call a conflict with this one: the dates to look up in a register."""
    near: set[date | None] = {day, *_year_variants(day)}
    near.update(_digit_variants(_digits(day)))
    near.add(_date(day.year, day.day, day.month))
    return {found for found in near if found and _compare(day, found) is not DateCode.CONFLICT}


def _year_variants(day: date) -> Iterator[date | None]:
    for gap in (*range(1, _WIDEST_YEAR_SLIP + 1), 10, 100):
        yield _date(day.year - gap, day.month, day.day)
        yield _date(day.year + gap, day.month, day.day)


def _digit_variants(text: str) -> Iterator[date | None]:
    for index in range(7):
        yield _from_digits(text[:index] + text[index + 1] + text[index] + text[index + 2 :])
    for index, digit in product(range(4, 8), "0123456789"):
        yield _from_digits(text[:index] + digit + text[index + 1 :])


def _from_digits(text: str) -> date | None:
    return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
