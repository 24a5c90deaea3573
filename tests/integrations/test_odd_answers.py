"""What a cloud says is kept clean and short, or refused: no text of it can break a database or a call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.connectors.itero import schemas as itero
from integrations.connectors.itero.profile import DEFAULT as ITERO
from integrations.connectors.medit import schemas as medit
from integrations.connectors.medit.profile import DEFAULT as MEDIT
from integrations.connectors.threeshape.names import known_as
from integrations.errors import BadAnswer
from integrations.oauth import tokens_of

ODD = "A\ud800n\0na"
CLEAN = "A\ufffdnna"
ODD_IDS = ["", "\ud800", "a\0b", "a\nb", " a", "x" * 101]
TOKENS = {"access_token": "a", "refresh_token": "r"}


def _itero(**changes: Any) -> dict[str, Any]:
    artefacts = {"sha256": "a" * 64, "size": 5, "fileName": "scan.zip"}
    order = {"rxId": "701", "status": "Ready", "updatedAt": "2026-03-02T08:00:00Z", "artefacts": artefacts}
    return order | changes


def _medit(**changes: Any) -> dict[str, Any]:
    files = [{"uuid": "f1", "name": "x-UpperJawScan.stl"}]
    return {"uuid": "case-1", "dateUpdated": "2026-03-02T08:00:00Z", "files": files} | changes


def _years_ahead(years: int) -> str:
    return (datetime.now(UTC) + timedelta(days=365 * years)).isoformat()


def test_names_of_itero_come_clean_and_bounded() -> None:
    patient = {"firstName": ODD, "lastName": "x" * 5000, "chartNumber": ODD * 100}
    identity = itero.order_of(_itero(patient=patient), ITERO).identity
    assert (identity.first_name, identity.last_name) == (CLEAN, "x" * 200)
    assert identity.chart_number == (CLEAN * 100)[:100]


def test_names_of_medit_come_clean_and_bounded() -> None:
    identity = medit.order_of(_medit(patient={"name": ODD * 100, "code": ODD}), MEDIT).identity
    assert (identity.full_name, identity.chart_number) == ((CLEAN * 100)[:300], CLEAN)


def test_a_file_name_of_itero_comes_clean_and_keeps_its_ending() -> None:
    artefacts = _itero()["artefacts"] | {"fileName": ODD + "x" * 5000 + ".zip"}
    [file] = itero.order_of(_itero(artefacts=artefacts), ITERO).files
    assert (len(file.name), file.name[:5], file.name[-5:]) == (255, CLEAN, "x.zip")


def test_a_file_name_of_medit_comes_clean_and_a_long_one_is_still_a_scan() -> None:
    files = [{"uuid": "f1", "name": ODD + "x" * 5000 + ".stl.general.meditMesh"}]
    order = medit.order_of(_medit(files=files), MEDIT)
    assert order.files[0].name.isprintable()
    assert (len(order.files[0].name) <= 255, len(order.revision)) == (True, 64)


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_order_id_that_is_not_clean_costs_its_entry_only(odd: str) -> None:
    page = itero.page_of({"orders": [_itero(rxId=odd), _itero()]}, ITERO)
    assert ([order.order_id for order in page.orders], len(page.faults)) == (["701"], 1)
    with pytest.raises(BadAnswer):
        medit.order_of(_medit(uuid=odd), MEDIT)


@pytest.mark.parametrize("odd", ["", "\ud800", "a\0b", "x" * 300])
def test_a_file_that_could_not_be_asked_for_is_refused(odd: str) -> None:
    with pytest.raises(BadAnswer):
        medit.order_of(_medit(files=[{"uuid": odd, "name": "x.stl"}]), MEDIT)


@pytest.mark.parametrize(
    "moment",
    ["1999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", _years_ahead(1)],
    ids=["too early", "the first", "the last", "next year"],
)
def test_a_change_at_a_time_that_cannot_be_costs_its_entry_only(moment: str) -> None:
    page = itero.page_of({"orders": [_itero(updatedAt=moment), _itero()]}, ITERO)
    assert (len(page.orders), len(page.faults)) == (1, 1)
    with pytest.raises(BadAnswer):
        medit.order_of(_medit(dateUpdated=moment), MEDIT)


def test_a_clock_that_is_some_hours_ahead_is_believed() -> None:
    moment = datetime.now(UTC) + timedelta(hours=20)
    assert itero.order_of(_itero(updatedAt=moment.isoformat()), ITERO).changed_at == moment
    assert medit.order_of(_medit(dateUpdated=moment.isoformat()), MEDIT).changed_at == moment


def test_a_case_made_at_an_odd_time_is_dated_by_its_change() -> None:
    order = medit.order_of(_medit(dateCreated=1, patient={"name": "Anna Muster"}), MEDIT)
    assert order.files[0].name.startswith("2026-03-02-Anna Muster")


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_account_that_is_not_clean_is_refused(odd: str) -> None:
    with pytest.raises(BadAnswer):
        itero.accounts_of({"accounts": [{"accountId": odd, "name": "Practice"}]}, ITERO)
    with pytest.raises(BadAnswer):
        medit.account_of({"group": {"uuid": odd, "name": "Practice"}}, MEDIT)


def test_a_group_that_fits_in_no_header_is_refused() -> None:
    with pytest.raises(BadAnswer):
        medit.account_of({"group": {"uuid": "grüße"}}, MEDIT)


def test_an_account_s_name_comes_clean_and_bounded() -> None:
    [(_, name)] = itero.accounts_of({"accounts": [{"accountId": "7", "name": ODD * 100}]}, ITERO)
    assert name == medit.account_of({"group": {"uuid": "7", "name": ODD * 100}}, MEDIT).name == (CLEAN * 100)[:200]


@pytest.mark.parametrize("odd", ["https://" + "x" * 300, "https://\ud800", "https://a\0", "", "https://ü.example"])
def test_a_region_s_address_is_bounded_ascii(odd: str) -> None:
    region = {"region": "eu", "baseUrl": "https://a.example/", "oauthBase": "https://b.example"}
    assert itero.region_of(region, ITERO) == ("eu", "https://a.example", "https://b.example")
    for name in ("baseUrl", "oauthBase"):
        with pytest.raises(BadAnswer):
            itero.region_of(region | {name: odd}, ITERO)


def test_a_region_s_name_comes_clean_and_bounded() -> None:
    region = {"region": ODD + "x" * 100, "baseUrl": "https://a.example", "oauthBase": "https://b.example"}
    assert itero.region_of(region, ITERO)[0] == (CLEAN + "x" * 100)[:40]


@pytest.mark.parametrize("odd", ["\ud800", "https://a\0", "x" * 8001])
def test_a_link_or_a_page_that_could_not_be_asked_for_is_refused(odd: str) -> None:
    with pytest.raises(BadAnswer):
        medit.url_of({"url": odd}, MEDIT)
    with pytest.raises(BadAnswer):
        itero.page_of({"orders": [], "nextPageToken": odd}, ITERO)


@pytest.mark.parametrize("odd", ["", "\ud800", "a\r\nb", "ü", "x" * 16_001])
def test_a_token_that_could_not_be_sent_is_refused(odd: str) -> None:
    for name in TOKENS:
        with pytest.raises(BadAnswer):
            tokens_of(TOKENS | {name: odd})


def test_scopes_come_clean_and_bounded() -> None:
    assert tokens_of(TOKENS | {"scope": ["orders\0\ud800", "x" * 600]}).scopes == ("orders " + "x" * 600)[:500]


@pytest.mark.parametrize("odd", ["\ud800", "\0"])
def test_the_name_of_a_folder_comes_clean(odd: str) -> None:
    assert known_as(f"Muster{odd}").encode().decode() in ("Muster\ufffd", "Muster")
