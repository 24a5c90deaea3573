"""A code comes only to the registered address, after a doctor's yes, and is worth tokens once, with its PKCE proof."""

from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.sandbox.remote import Sandbox
from tests.sandbox.partner import REDIRECT, Partner


@pytest.fixture
def stranger(sandbox: Sandbox) -> Partner:
    """A partner that is not connected yet."""
    return Partner(sandbox)


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_yes_leads_back_with_code_and_state_and_the_code_to_tokens(stranger: Partner) -> None:
    back = stranger.sandbox.approve(stranger.authorization_url())
    assert back.startswith(f"{REDIRECT}?")
    assert _query(back)["state"] == "a-state"
    answer = stranger.exchange(_query(back)["code"]).json
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["scope"] == "orders.read scans.read rx.write offline_access"
    assert answer["access_token"] != answer["refresh_token"]


def test_a_no_leads_back_with_an_error_and_the_state(stranger: Partner) -> None:
    back = _query(stranger.sandbox.approve(stranger.authorization_url(), answer="no"))
    assert (back["error"], back["state"]) == ("access_denied", "a-state")
    assert "code" not in back


@pytest.mark.parametrize(
    "change",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
    ],
)
def test_without_a_challenge_of_s256_there_is_no_code(stranger: Partner, change: dict[str, None]) -> None:
    answer = stranger.ask("GET", stranger.authorization_url(**change))
    assert answer.status == 302
    back = _query(answer.headers["Location"])
    assert (back["error"], back["state"]) == ("invalid_request", "a-state")


@pytest.mark.parametrize("verifier", ["", "w" * 64, "short"])
def test_without_the_right_verifier_there_are_no_tokens(stranger: Partner, verifier: str) -> None:
    code = stranger.code()
    answer = stranger.exchange(code, verifier=verifier)
    assert answer.status == 400
    assert answer.json["error"] in ("invalid_grant", "invalid_request")
    assert stranger.exchange(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "other", [f"{REDIRECT}/", f"{REDIRECT}?x=1", REDIRECT.replace(":9", ":10"), f"{REDIRECT}X", None]
)
def test_an_address_that_is_not_exactly_registered_is_refused_without_going_there(
    stranger: Partner, other: str | None
) -> None:
    answer = stranger.ask("GET", stranger.authorization_url(redirect_uri=other))
    assert answer.status == 400
    assert "Location" not in answer.headers


def test_the_address_is_compared_again_when_the_code_is_exchanged(stranger: Partner) -> None:
    answer = stranger.exchange(stranger.code(), redirect_uri=f"{REDIRECT}/")
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_a_code_works_once_and_a_second_use_voids_what_the_first_one_brought(stranger: Partner) -> None:
    code = stranger.code()
    stranger.exchange(code)
    assert stranger.call("GET", "/pairing/accounts").status == 200
    assert stranger.exchange(code).json["error"] == "invalid_grant"
    assert stranger.call("GET", "/pairing/accounts").status == 401
    assert stranger.refresh().json["error"] == "invalid_grant"


def test_an_unknown_client_is_refused_without_a_redirect(stranger: Partner) -> None:
    assert stranger.ask("GET", stranger.authorization_url(client_id="somebody")).status in (400, 401)


def test_the_client_s_secret_is_needed_in_the_header(stranger: Partner) -> None:
    form = {"grant_type": "authorization_code", "code": stranger.code(), "redirect_uri": REDIRECT}
    address = f"{stranger.sandbox.address}/oauth/token"
    wrong = stranger.ask("POST", address, form=form, headers=stranger.basic("wrong"))
    assert (wrong.status, wrong.json["error"]) == (401, "invalid_client")
    options = stranger.sandbox.options
    in_form = {**form, "client_id": options.client_id, "client_secret": options.client_secret}
    assert stranger.ask("POST", address, form=in_form).json["error"] == "invalid_client"


def test_only_known_scopes_are_granted(stranger: Partner) -> None:
    back = stranger.ask("GET", stranger.authorization_url(scope="orders.read everything"))
    assert _query(back.headers["Location"])["error"] == "invalid_scope"
    stranger.exchange(stranger.code(scope="orders.read"))
    stranger.pair()
    assert stranger.call("GET", "/orders").status == 200
    assert stranger.call("GET", "/orders/1/scan").status == 403


def test_a_wrong_password_brings_the_form_again_with_words(stranger: Partner) -> None:
    address = stranger.authorization_url().replace("/authorize", "/login")
    answer = stranger.ask("POST", address, form={"user": "dr.example", "password": "wrong"})
    assert answer.status == 403
    assert b'role="alert"' in answer.body


def test_a_yes_from_another_site_counts_for_nothing(stranger: Partner) -> None:
    answer = stranger.ask("POST", stranger.authorization_url(), form={"answer": "yes", "form": "guessed"})
    assert answer.headers["Location"].startswith("/oauth/authorize?")


def test_every_page_says_that_this_is_a_sandbox_and_labels_its_fields(stranger: Partner) -> None:
    pages = [stranger.ask("GET", stranger.authorization_url().replace("/authorize", "/login"))]
    pages += [stranger.ask("GET", stranger.sandbox.address)]
    pages += [stranger.ask("GET", stranger.authorization_url(redirect_uri="http://127.0.0.1/x"))]
    for page in pages:
        assert b"It is not Align" in page.body
        assert b'<html lang="en">' in page.body
    assert pages[0].body.count(b"<label for=") == 2
