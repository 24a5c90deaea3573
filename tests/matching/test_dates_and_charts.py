"""Slips in dates and numbers are told from other dates and numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.matching.blocking import birth_date_variants, chart_keys
from patients.matching.charts import compare_chart_numbers
from patients.matching.codes import ChartCode, DateCode
from patients.matching.dates import birth_dates, compare_dates, read_birth_date
from patients.matching.identity import Identity

BORN = date(1984, 3, 12)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (date(1984, 3, 12), DateCode.EQUAL),
        (date(1984, 12, 3), DateCode.SWAPPED),
        (date(1984, 3, 21), DateCode.TRANSPOSED),
        (date(1948, 3, 12), DateCode.TRANSPOSED),
        (date(1984, 3, 13), DateCode.ONE_DIGIT),
        (date(1984, 8, 12), DateCode.ONE_DIGIT),
        (date(1987, 3, 12), DateCode.ONE_DIGIT),
        (date(1985, 3, 12), DateCode.YEAR_OFF_ONE),
        (date(1974, 3, 12), DateCode.YEAR_OFF_TEN),
        (date(1884, 3, 12), DateCode.CENTURY),
        (date(1954, 3, 12), DateCode.CONFLICT),
        (date(1985, 3, 13), DateCode.CONFLICT),
    ],
)
def test_codes(other: date, code: DateCode) -> None:
    assert compare_dates((BORN,), (other,)) is compare_dates((other,), (BORN,)) is code


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1984-03-12", {BORN}),
        ("1984-03-12T00:00:00", {BORN}),
        ("19840312", {BORN}),
        ("12.03.1984", {BORN}),
        ("12.3.1984", {BORN}),
        ("03/12/1984", {BORN, date(1984, 12, 3)}),
        ("03/13/1984", {date(1984, 3, 13)}),
        ("12.03.04", {date(1904, 3, 12), date(2004, 3, 12)}),
        ("31.02.1984", set()),
        ("01.01.1900", set()),
        ("unknown", set()),
        ("", set()),
    ],
)
def test_text_is_read_as_every_date_it_can_mean(text: str, readings: set[date]) -> None:
    assert set(read_birth_date(text)) == readings


def test_an_open_reading_is_told_from_an_equal_date() -> None:
    received = Identity(birth_date_text="03/12/1984")
    assert compare_dates(birth_dates(received), (BORN,)) is DateCode.ONE_READING


def test_missing_dates_and_the_dates_forms_are_born_with_are_missing() -> None:
    assert compare_dates((), (BORN,)) is DateCode.MISSING
    assert birth_dates(Identity(birth_date=date(1900, 1, 1))) == ()


@given(st.dates(date(1900, 1, 2), date(2030, 1, 1)), st.dates(date(1900, 1, 2), date(2030, 1, 1)))
def test_the_dates_looked_up_are_exactly_those_that_are_no_conflict(one: date, other: date) -> None:
    near = birth_date_variants(one)
    assert one in near
    assert (other in near) == (compare_dates((one,), (other,)) is not DateCode.CONFLICT)


@given(st.dates(date(1901, 1, 1), date(2030, 1, 1)))
def test_looking_up_works_both_ways(day: date) -> None:
    assert all(day in birth_date_variants(near) for near in birth_date_variants(day))


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("P-00123", "p123", ChartCode.EQUAL),
        ("00123", "123", ChartCode.EQUAL),
        (" 12 3 ", "123", ChartCode.EQUAL),
        ("123", "P123", ChartCode.PREFIX),
        ("A123", "B123", ChartCode.DIFFERENT),
        ("123", "132", ChartCode.SLIP),
        ("123", "1234", ChartCode.SLIP),
        ("12", "13", ChartCode.DIFFERENT),
        ("123", "987", ChartCode.DIFFERENT),
        ("0", "123", ChartCode.MISSING),
        ("N/A", "123", ChartCode.MISSING),
        ("", "", ChartCode.MISSING),
    ],
)
def test_chart_numbers(one: str, other: str, code: ChartCode) -> None:
    assert compare_chart_numbers(one, other) is compare_chart_numbers(other, one) is code


CHARTS = st.text(alphabet="0123 -PpA", max_size=6)


@given(CHARTS, CHARTS)
def test_equal_chart_numbers_share_a_key(one: str, other: str) -> None:
    if compare_chart_numbers(one, other) in {ChartCode.EQUAL, ChartCode.PREFIX}:
        assert chart_keys(one) & chart_keys(other)
    assert bool(chart_keys(one)) == (compare_chart_numbers(one, "Z99") is not ChartCode.MISSING)
