"""What Medit's JSON means: identity, files, names that its own export reader knows, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors.medit.profile import DEFAULT
from integrations.connectors.medit.schemas import account_of, milliseconds, order_of
from integrations.errors import BadAnswer
from scans.exports.medit import CASE_FOLDER

CREATED = 1_772_352_000_000
CASE: dict[str, Any] = {
    "uuid": "case-1",
    "dateCreated": CREATED,
    "dateUpdated": CREATED + 86_400_000,
    "patient": {"name": " Anna Muster ", "code": "A-7"},
    "files": [
        {"uuid": "f2", "name": "x-UpperJawScan.stl.general.meditMesh"},
        {"uuid": "f1", "name": "x-LowerJawScan.stl.general.meditMesh"},
        {"uuid": "f3", "name": "smile.jpg"},
    ],
}


def test_a_case_becomes_an_order() -> None:
    order = order_of(CASE, DEFAULT)
    assert (order.order_id, order.is_ready) == ("case-1", True)
    assert (order.identity.full_name, order.identity.chart_number) == ("Anna Muster", "A-7")
    assert order.changed_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert [(file.key, file.name) for file in order.files] == [
        ("f1", "2026-03-01-Anna Muster's Case/x-LowerJawScan.7z"),
        ("f2", "2026-03-01-Anna Muster's Case/x-UpperJawScan.7z"),
    ]


def test_the_folder_is_one_that_the_export_reader_knows() -> None:
    folder = order_of(CASE, DEFAULT).files[0].name.split("/")[0]
    match = CASE_FOLDER.fullmatch(folder)
    assert match is not None
    assert (match["date"], match["patient"]) == ("2026-03-01", "Anna Muster")


def test_the_revision_follows_the_files_and_nothing_else() -> None:
    order = order_of(CASE, DEFAULT)
    turned = CASE | {"files": CASE["files"][::-1], "dateUpdated": CREATED, "patient": {}}
    rescanned = CASE | {"files": [{"uuid": "f9", "name": "x-UpperJawScan.stl.general.meditMesh"}]}
    assert order_of(turned, DEFAULT).revision == order.revision
    assert order_of(rescanned, DEFAULT).revision != order.revision


def test_a_case_without_scans_is_not_ready() -> None:
    order = order_of(CASE | {"files": [{"uuid": "f3", "name": "smile.jpg"}]}, DEFAULT)
    assert (order.is_ready, order.files, order.revision) == (False, (), "")


@pytest.mark.parametrize("patient", [None, "Anna Muster", {}, {"name": None}, {"name": 7}])
def test_a_case_without_a_patient_is_still_a_case(patient: object) -> None:
    order = order_of(CASE | {"patient": patient}, DEFAULT)
    assert order.identity.is_empty
    assert [file.name for file in order.files] == ["x-LowerJawScan.7z", "x-UpperJawScan.7z"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c", "C:\\x", "\x00\x1b[31m", ".", "..", ""])
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    case = CASE | {"patient": {"name": name}, "files": [{"uuid": "f1", "name": f"{name}.stl"}]}
    [file] = order_of(case, DEFAULT).files
    *folders, base = file.name.split("/")
    assert len(folders) <= 1
    assert base not in ("", ".", "..")
    assert file.name.isprintable()
    assert "\\" not in file.name


@pytest.mark.parametrize("moment", ["2026-03-02T08:00:00Z", "2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00"])
def test_a_moment_may_be_written_out(moment: str) -> None:
    assert order_of(CASE | {"dateUpdated": moment}, DEFAULT).changed_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"dateUpdated": value} for value in (None, True, "yesterday", 10**30, -(10**30), [])),
        *({"uuid": value} for value in (None, 7, "", "x" * 101)),
        *({"files": value} for value in (None, {}, "Anna Muster", [7], [{}], [{"uuid": "f"}], [{"name": "a.stl"}])),
    ],
)
def test_what_does_not_fit_is_refused_without_a_patient_s_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer) as refused:
        order_of(CASE | wrong, DEFAULT)
    assert "Muster" not in f"{refused.value!r} {refused.value.message}"


@pytest.mark.parametrize("row", [None, [], 7, "Anna Muster", {}])
def test_what_is_no_case_is_refused(row: object) -> None:
    with pytest.raises(BadAnswer):
        order_of(row, DEFAULT)


def test_a_moment_in_milliseconds_there_and_back() -> None:
    assert milliseconds(datetime(2026, 3, 1, 8, tzinfo=UTC)) == CREATED


def test_the_group_is_the_account() -> None:
    account = account_of({"group": {"uuid": "g-1", "name": "Practice on the Hill"}}, DEFAULT)
    assert (account.account, account.name) == ("g-1", "Practice on the Hill")
    assert account_of({"group": {"uuid": "g-1"}}, DEFAULT).name == "g-1"
