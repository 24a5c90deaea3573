"""Each export of the demonstration clinic is what its label says."""

import io
import zipfile
from datetime import datetime

import pytest

from scans.synthetic.demo import DemoExport, Expectation, demo_cases
from scans.synthetic.people import BY_CHART

CASES = demo_cases(faces=1_500)


def names(case: DemoExport) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(case.zip_bytes())) as archive:
        return archive.namelist()


def test_every_way_a_case_can_go_is_there() -> None:
    assert {case.expectation for case in CASES} == set(Expectation)
    assert len({case.file_name for case in CASES}) == len({case.label for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_packs_scans(case: DemoExport) -> None:
    assert sum(name.endswith((".stl", ".obj")) for name in names(case)) >= 2
    assert case.chart_number == "" or case.chart_number in BY_CHART


def test_what_files_itself_belongs_to_somebody() -> None:
    assert all(case.chart_number for case in CASES if case.expectation is Expectation.FILED)


def test_one_file_is_cut_off() -> None:
    (case,) = [case for case in CASES if case.expectation is Expectation.FILE_REJECTED]
    claimed = {
        path: 84 + 50 * int.from_bytes(content[80:84], "little") == len(content)
        for path, content in case.build().items()
    }
    assert sorted(claimed.values()) == [False, True]


def test_the_same_seed_gives_the_same_archive() -> None:
    again = demo_cases(faces=1_500)
    assert CASES[0].zip_bytes() == again[0].zip_bytes()
    assert demo_cases(seed=5, faces=1_500)[0].zip_bytes() != CASES[0].zip_bytes()


def test_exports_are_of_the_days_before() -> None:
    moment = datetime(2030, 6, 1, 12)  # noqa: DTZ001 - the clinic's local time
    (medit,) = [case for case in demo_cases(until=moment) if case.expectation is Expectation.NAMESAKES]
    assert medit.file_name.startswith("2030-05-29-")
