"""Numbers in text, many at once: exactly what Python's own float and int make of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.meshes.readers.text import UnreadableNumber, parse_numbers

FORMS = st.sampled_from(["{:.6f}", "{:.1f}", "{:.9g}", "{!r}", "{:e}", "{:.8E}", "{:+.3f}", "{:.0f}", "{:.0f}."])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(values=st.lists(st.one_of(FLOATS, st.floats(-100, 100, width=32)), min_size=1, max_size=30), form=FORMS)
def test_decimals_are_rounded_as_python_rounds_them(values: list[float], form: str) -> None:
    words = [form.format(value) for value in values]
    numbers = parse_numbers(" ".join(words).encode(), np.float64)
    assert numbers.tobytes() == np.array([float(word) for word in words]).tobytes()


@pytest.mark.parametrize(
    "word",
    [
        *("0", "-0.0", ".5", "5.", "+1.25", "00000001.50000000", "123456789.5", "0.123456789", "1e22", "1e23", "1e-22"),
        *("99999999.99999999", "90071992.54740993", "1.5e+007", "1.5E-05", "2.5e-310", "1e400", "-1e5", "12345678"),
    ],
)
def test_numbers_at_the_edges_are_exact(word: str) -> None:
    for text in (word, f"1.5 {word}", f"1.5e+00 {word} 2", f"{word} 1.5e-005"):
        assert parse_numbers(text.encode(), np.float64).tolist() == [float(w) for w in text.split()]


@pytest.mark.parametrize(
    "word", ["1.2.3", "1,5", "1-2", "--1", "e5", "1e", "1e+", ".", "-", "+.", "0x10", "1_0", "1:2"]
)
def test_what_is_no_number_is_refused_wherever_it_stands(word: str) -> None:
    for text in (word, f"1.5 {word} 2.5", f"{word} 1.5e-05", f"1 2 3\n4 {word} 6\n"):
        with pytest.raises(UnreadableNumber):
            parse_numbers(text.encode(), np.float64)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_whole_numbers_are_exact(values: list[int]) -> None:
    assert parse_numbers("\t".join(map(str, values)).encode(), np.int64).tolist() == values


@given(rows=st.lists(st.tuples(st.integers(0, 255), st.floats(-9, 9, width=32)), min_size=1), form=FORMS)
def test_columns_with_and_without_points_are_told_apart(rows: list[tuple[int, float]], form: str) -> None:
    text = "".join(f"{form.format(b)} {a}  {form.format(-b)}\n" for a, b in rows)
    assert parse_numbers(text.encode(), np.float64).tolist() == [float(word) for word in text.split()]
