"""Dates and matrices as vendors write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.exports.values import iso_date, iso_datetime, matrix, numbers_in, unix_datetime, us_datetime


@pytest.mark.parametrize(
    ("offset", "hours"), [("0", 0), ("-5", -5), ("5.5", 5.5), ("-300", -5), ("-05:30", -5.5), ("+02:00:00", 2)]
)
def test_an_offset_is_hours_minutes_or_a_clock(offset: str, hours: float) -> None:
    moment = us_datetime("03/14/2026 10:05:07", offset)
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("offset", ["", "PST", "99:00", "9999", "1e3"])
def test_without_a_sensible_offset_the_time_is_the_clinic_s(offset: str) -> None:
    moment = us_datetime("03/14/2026 10:05:07 PM", offset)
    assert moment is not None
    assert (moment.hour, moment.tzinfo) == (22, None)


@pytest.mark.parametrize("text", ["", "14/03/2026", "2026-03-14", "03/14/2026 25:00:00"])
def test_another_order_of_day_and_month_is_not_guessed(text: str) -> None:
    assert us_datetime(text) is None


def test_unix_seconds() -> None:
    assert unix_datetime("1773482707") == datetime(2026, 3, 14, 10, 5, 7, tzinfo=UTC)
    assert [unix_datetime(text) for text in ("", "0", "-1", "1773482707000", "٣٣٣٣٣٣٣٣٣")] == [None] * 5


def test_a_program_s_no_date_is_none() -> None:
    assert [iso_datetime(text) for text in ("0001-01-01T00:00:00", "1899-12-30", "2026-02-31", "x")] == [None] * 4
    assert [iso_date(text) for text in ("0001-01-01", "1753-01-01", "31.12.1980", "")] == [None] * 4
    assert iso_date("1934-05-06T00:00:00") == date(1934, 5, 6)


@pytest.mark.parametrize("offset", ["", "-14", "14", "-05:00"])
@pytest.mark.parametrize("text", ["01/01/0001", "12/31/9999 23:00", "12/30/1899", "01/01/2101 10:00:00 AM"])
def test_a_date_before_scanners_or_far_ahead_is_none(text: str, offset: str) -> None:
    assert us_datetime(text, offset) is None


def test_other_implausible_dates_are_none() -> None:
    assert [iso_datetime(text) for text in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00")] == [None] * 2
    assert [unix_datetime(text) for text in ("9999999999", "100000000")] == [None] * 2
    assert iso_date("9999-12-31") is None


DIGITS = st.text("0123456789/:-+.TZ APM", max_size=30)
NUMBERS = st.integers(0, 99)
DATES = st.builds("{:02}/{:02}/{:04} {:02}:{:02}".format, NUMBERS, NUMBERS, st.integers(0, 9999), NUMBERS, NUMBERS)
TEXTS = st.one_of(st.text(), DIGITS, DATES, st.datetimes().map(datetime.isoformat), st.just("\ud800"))


@given(TEXTS, st.one_of(st.text(), DIGITS, st.floats(-1000, 1000).map(str), st.just("-14")))
def test_no_text_breaks_a_date_and_every_moment_can_change_its_zone(text: str, offset: str) -> None:
    iso_date(text)
    for moment in (us_datetime(text, offset), iso_datetime(text), unix_datetime(text)):
        assert moment is None or moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(timezone(timedelta(hours=14)))


@pytest.mark.parametrize("text", ["", "1 " * 15, "1 " * 17, "nan " * 16, "x " * 16])
def test_a_matrix_is_sixteen_finite_numbers(text: str) -> None:
    assert numbers_in(text) is None


def test_both_ways_of_storing_a_translation_give_the_same_matrix() -> None:
    column = matrix([1, 0, 0, 7, 0, 1, 0, 8, 0, 0, 1, 9, 0, 0, 0, 1], stored="last_column")
    row = matrix([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 7, 8, 9, 1], stored="last_row")
    assert column["matrix"] == row["matrix"]
    assert column["translation_mm"] == row["translation_mm"] == [7, 8, 9]
