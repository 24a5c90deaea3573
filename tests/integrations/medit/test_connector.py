"""What Medit's cloud sees of us: headers, windows of time, and never a token in its storage."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.connectors.access import Access
from integrations.connectors.medit.connector import MeditConnector
from integrations.errors import Misconfigured, TryLater
from tests.integrations.medit import cloud as medit
from tests.integrations.medit.cloud import MeditCloud
from tests.meshes.seven_zips import STORED, sevenzipped

CONTENT = sevenzipped(("upper.stl", bytes(range(256)) * 400), packing=STORED)
SINCE = datetime(2026, 3, 1, 8, tzinfo=UTC)
CHANGED = 1_772_352_000_000


@pytest.fixture(autouse=True)
def case(cloud: MeditCloud) -> None:
    files = {"f1": ("x-UpperJawScan.stl.general.meditMesh", CONTENT)}
    cloud.put("case-1", CHANGED, {"name": "Anna Muster", "code": "A-7"}, files)


def fetch(access: Access, place: Path) -> None:
    connector = MeditConnector(access)
    order = connector.order("case-1")
    connector.fetch(order, order.files[0], place, cap=10_000_000, on_chunk=lambda: None)


def test_every_call_says_who_we_are_and_for_whom(access: Access, cloud: MeditCloud, tmp_path: Path) -> None:
    list(MeditConnector(access).pages(SINCE))
    fetch(access, tmp_path / "part")
    calls = [request.headers for request in cloud.requests if request.path.startswith("/v1/")]
    assert len(calls) == 3
    assert {call["authorization"] for call in calls} == {"Bearer token-1"}
    assert {call["x-meditlink-client-id"] for call in calls} == {medit.CLIENT_ID}
    assert {call["x-meditlink-group-uuid"] for call in calls} == {medit.GROUP}


def test_the_storage_never_sees_our_token(access: Access, cloud: MeditCloud, tmp_path: Path) -> None:
    fetch(access, tmp_path / "part")
    [stored] = [request for request in cloud.requests if request.path.startswith("/storage/")]
    assert "authorization" not in stored.headers
    assert "token-1" not in f"{stored}"


def test_cases_are_asked_for_from_the_moment_until_now(access: Access, cloud: MeditCloud) -> None:
    before = datetime.now(UTC).timestamp() * 1000
    list(MeditConnector(access).pages(SINCE))
    asked = parse_qs(urlsplit(cloud.requests[0].path).query)
    assert (asked["start"], asked["page"], asked["size"]) == ([str(CHANGED)], ["0"], ["100"])
    assert before - 1 <= int(asked["end"][0]) <= datetime.now(UTC).timestamp() * 1000


def test_a_list_that_leaves_the_files_out_is_asked_case_by_case(access: Access, cloud: MeditCloud) -> None:
    files = cloud.cases["case-1"].pop("files")
    [page] = MeditConnector(access).pages(None)
    assert (page.orders, [fault.code for fault in page.faults]) == ((), ["unexpected_answer"])
    assert cloud.requests[-1].path == "/v1/cases/case-1"
    cloud.cases["case-1"]["files"] = files
    assert MeditConnector(access).order("case-1").is_ready


def test_a_link_to_another_host_is_not_followed(access: Access, tmp_path: Path, cloud: MeditCloud) -> None:
    with medit.running() as elsewhere:
        elsewhere.files["f1"] = CONTENT
        there, cloud.address = cloud.address, elsewhere.address
        with pytest.raises(Misconfigured) as refused:
            fetch(replace(access, base_url=there), tmp_path / "part")
        assert elsewhere.requests == []
    assert refused.value.code == "host_not_allowed"


@pytest.mark.parametrize("damage", [lambda c: c[:-1], lambda c: c[:9] + b"\xff" + c[10:]])
def test_an_archive_that_is_not_as_its_head_says_is_fetched_anew(
    access: Access, cloud: MeditCloud, tmp_path: Path, damage
) -> None:
    cloud.files["f1"] = damage(CONTENT)
    with pytest.raises(TryLater) as caught:
        fetch(access, tmp_path / "part")
    assert caught.value.code == "broken_transfer"
    assert not (tmp_path / "part").exists()


def test_something_else_than_a_7z_is_brought_as_it_is(access: Access, cloud: MeditCloud, tmp_path: Path) -> None:
    cloud.files["f1"] = b"solid upper"
    fetch(access, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == b"solid upper"
