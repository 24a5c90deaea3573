"""With a folder for its state, a cloud that is started again is the same cloud."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.sandbox.cloud import Cloud
from integrations.sandbox.options import Options
from integrations.sandbox.server import running
from tests.sandbox.partner import REDIRECT, Partner

PUSHED = {"patient": {"firstName": "Berta", "lastName": "Quackenbush", "chartNumber": "C-77"}}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(redirect_uris=(REDIRECT,), orders=2, faces=1_500, state_folder=str(tmp_path / "state"))


def test_orders_and_their_scans_are_the_same_after_a_restart(options: Options) -> None:
    with running(options) as sandbox:
        sandbox.rescan(sandbox.add_order(silent=True))
        before = sandbox.orders()
        sandbox.complete("30190001")
    with running(replace(options, orders=9)) as sandbox:
        after = {order["rxId"]: order["artefacts"] for order in sandbox.orders()}
        assert after == {order["rxId"]: order["artefacts"] for order in before}
        partner = Partner(sandbox).connect()
        for rx_id, artefacts in after.items():
            assert partner.call("GET", f"/orders/{rx_id}/scan").headers["ETag"] == f'"{artefacts["sha256"]}"'


def test_numbers_are_not_given_twice(options: Options) -> None:
    with running(options) as sandbox:
        first = sandbox.add_order()
    with running(options) as sandbox:
        assert sandbox.add_order() not in {first, "30190001", "30190002"}


def test_a_connection_lives_on(options: Options) -> None:
    with running(options) as sandbox:
        partner = Partner(sandbox).connect()
        rx_id = partner.call("POST", "/scan-requests", body=PUSHED).json["rxId"]
        old = partner.tokens["refresh_token"]
        partner.refresh()
    with running(options) as sandbox:
        again = Partner(sandbox)
        again.tokens = partner.tokens
        assert again.call("GET", "/orders").status == 200
        assert again.refresh(old).json["error"] == "invalid_grant"
        assert again.refresh().status == 200
        assert [pushed["rx_id"] for pushed in sandbox.pushed()] == [rx_id]


def test_a_refresh_that_was_answered_but_never_used_can_be_asked_again(options: Options) -> None:
    with running(options) as sandbox:
        partner = Partner(sandbox).connect()
        old = partner.tokens["refresh_token"]
        partner.refresh()
    with running(options) as sandbox:
        assert Partner(sandbox).refresh(old).status == 200


def test_what_died_stays_dead(options: Options) -> None:
    with running(options) as sandbox:
        partner = Partner(sandbox).connect()
        old = partner.tokens["refresh_token"]
        partner.refresh()
        assert partner.pair().status == 200
    with running(options) as sandbox:
        assert Partner(sandbox).refresh(old).json["error"] == "invalid_grant"


def test_a_rotated_refresh_token_stays_dead(options: Options) -> None:
    with running(options) as sandbox:
        partner = Partner(sandbox).connect()
        old = partner.tokens["refresh_token"]
        for _ in range(2):
            partner.refresh()
    with running(options) as sandbox:
        assert Partner(sandbox).refresh(old).json["error"] == "invalid_grant"


def test_after_a_restart_no_zip_is_built_to_list_what_was_listed_before(options: Options) -> None:
    with running(options) as sandbox:
        before = {order["rxId"]: order["artefacts"]["sha256"] for order in sandbox.orders()}
        sandbox.clear_faults()  # any change is saved
    again = Cloud(options)
    assert {order.rx_id: again.artefacts.known(order).sha256 for order in again.orders.all()} == before


def test_the_file_is_for_its_owner_only(options: Options) -> None:
    with running(options) as sandbox:
        Partner(sandbox).connect()
    (kept,) = Path(options.state_folder).iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_without_a_folder_nothing_is_kept() -> None:
    bare = Options(redirect_uris=(REDIRECT,), faces=1_500)
    with running(bare) as sandbox:
        sandbox.add_order()
    with running(bare) as sandbox:
        assert sandbox.orders() == []
