"""Refresh tokens rotate, and an answer that is lost on its way does not lose the grant."""

from integrations.sandbox.options import Options
from integrations.sandbox.server import running
from tests.sandbox.partner import REDIRECT, Partner


def _works(partner: Partner, tokens: dict[str, str]) -> bool:
    return partner.call("GET", "/pairing/accounts", token=tokens["access_token"]).status == 200


def test_a_refresh_brings_a_new_set(partner: Partner) -> None:
    before = dict(partner.tokens)
    assert partner.refresh().status == 200
    assert partner.tokens["access_token"] != before["access_token"]
    assert partner.tokens["refresh_token"] != before["refresh_token"]


def test_the_old_refresh_token_lives_until_the_new_access_token_is_used(partner: Partner) -> None:
    before = dict(partner.tokens)
    partner.refresh()
    lost = dict(partner.tokens)
    assert partner.refresh(before["refresh_token"]).status == 200
    assert _works(partner, partner.tokens)
    assert partner.refresh(before["refresh_token"]).json["error"] == "invalid_grant"
    assert not _works(partner, lost)
    assert partner.refresh(lost["refresh_token"]).json["error"] == "invalid_grant"


def test_the_old_refresh_token_dies_as_well_when_the_new_one_is_used(partner: Partner) -> None:
    before = dict(partner.tokens)
    partner.refresh()
    assert partner.refresh().status == 200
    assert partner.refresh(before["refresh_token"]).json["error"] == "invalid_grant"
    assert _works(partner, partner.tokens)


def test_a_refreshed_token_stays_paired(partner: Partner) -> None:
    partner.refresh()
    assert partner.call("GET", "/orders").status == 200


def test_an_access_token_ends_and_the_refresh_token_goes_on() -> None:
    with running(Options(redirect_uris=(REDIRECT,), lifetime_s=3600)) as sandbox:
        partner = Partner(sandbox).connect()
        sandbox.expire_tokens()
        answer = partner.call("GET", "/orders")
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")
        assert partner.refresh().json["expires_in"] == 3600
        assert partner.call("GET", "/orders").status == 200


def test_a_revoked_refresh_token_takes_the_grant_with_it(partner: Partner) -> None:
    form = {"token": partner.tokens["refresh_token"]}
    address = f"{partner.sandbox.address}/oauth/revoke"
    assert partner.ask("POST", address, form=form).status == 401
    assert partner.ask("POST", address, form=form, headers=partner.basic()).status == 200
    assert partner.call("GET", "/orders").status == 401
    assert partner.refresh().json["error"] == "invalid_grant"
    assert partner.ask("POST", address, form={"token": "unknown"}, headers=partner.basic()).status == 200


def test_a_doctor_can_take_everything_back(partner: Partner) -> None:
    partner.sandbox.revoke_grants()
    assert partner.call("GET", "/orders").status == 401
    assert partner.refresh().json["error"] == "invalid_grant"
