"""A few hundred changed files a reader in the suite; `python -m tests.fuzz` does the same for hours."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated
from tests.fuzz.oracle import check_scan
from tests.fuzz.targets import TARGETS

FEW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DIGITS = st.text("0123456789", max_size=9)
NUMBERS = st.builds(
    lambda sign, before, behind, exponent: f"{sign}{before}.{behind}{exponent}",
    st.sampled_from(["", "-", "+"]),
    DIGITS.filter(bool),
    DIGITS,
    st.sampled_from(["", "", "", "e+00", "e-05", "E+007", "e3"]),
)
BLANKS = st.sampled_from([" ", "  ", "\t"])
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=3, max_size=9)


@pytest.mark.parametrize("name", TARGETS)
@FEW
@given(place=st.floats(0, 1), removed=st.integers(0, 30), put=st.binary(max_size=30), seed=st.integers(0, 2**32))
def test_a_changed_file_keeps_the_promise(
    name: str, place: float, removed: int, put: bytes, seed: int, tmp_path: Path
) -> None:
    source = random.Random(seed)
    content = source.choice(TARGETS[name].make())
    at = int(place * len(content))
    spliced = content[:at] + put + content[at + removed :]
    TARGETS[name].check(spliced if seed % 2 else mutated(content, source), tmp_path)


def obj(points: list[tuple[str, str, str]], blank: str) -> str:
    return "".join(f"v {blank.join(p)}\n" for p in points) + f"f 1{blank}2{blank}3\n"


def ply(points: list[tuple[str, str, str]], blank: str) -> str:
    head = f"ply\nformat ascii 1.0\nelement vertex {len(points)}\n"
    head += "".join(f"property float {axis}\n" for axis in "xyz")
    head += "element face 1\nproperty list uchar int vertex_indices\nend_header\n"
    return head + "".join(f"{blank.join(p)}\n" for p in points) + f"3{blank}0 1 2\n"


def stl(points: list[tuple[str, str, str]], blank: str) -> str:
    vertices = "".join(f"  vertex {blank.join(p)}\n" for p in points[:3])
    return "solid\n" + f"facet normal 0 0 1\nouter loop\n{vertices}endloop\nendfacet\n" * 2 + "endsolid\n"


@pytest.mark.parametrize("write", [obj, ply, stl])
@FEW
@given(points=POINTS, blank=BLANKS)
def test_numbers_written_in_any_way_are_read_as_python_reads_them(
    write: Callable[..., str], points: list[tuple[str, str, str]], blank: str, tmp_path: Path
) -> None:
    assert check_scan(write(points, blank).encode(), tmp_path)
