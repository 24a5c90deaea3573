"""How a clinic lets us into its Medit Link group."""

from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.connectors.medit.authorization import MeditAuthorization
from integrations.errors import Reconnect
from integrations.oauth import Client, new_verifier
from tests.integrations.medit import cloud as medit
from tests.integrations.medit.cloud import MeditCloud

REDIRECT = "https://archway.example/api/imaging/3d/medit/auth/callback"


@pytest.fixture
def authorization(cloud: MeditCloud, monkeypatch: pytest.MonkeyPatch) -> MeditAuthorization:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # as the settings do for a cloud on this machine
    host = cloud.address.removeprefix("http://")
    client = Client(medit.CLIENT_ID, medit.CLIENT_SECRET, cloud.address, (host,))
    return MeditAuthorization(client, cloud.address)


def test_the_consent_page_is_asked_with_all_scopes_and_a_challenge(authorization: MeditAuthorization) -> None:
    address = urlsplit(authorization.url(state="a-state", verifier=new_verifier(), redirect_uri=REDIRECT))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.path == "/oauth/authorize"
    assert asked["scope"] == "CASE FILE USER GROUP"
    assert (asked["state"], asked["redirect_uri"], asked["code_challenge_method"]) == ("a-state", REDIRECT, "S256")
    assert medit.CLIENT_SECRET not in address.query


def test_a_code_becomes_tokens_and_the_client_says_who_it_is_by_basic(
    authorization: MeditAuthorization, cloud: MeditCloud
) -> None:
    cloud.refresh = {"a-code"}
    tokens = authorization.exchange(code="a-code", verifier=new_verifier(), redirect_uri=REDIRECT)
    assert (tokens.access, tokens.refresh) == ("token-2", "refresh-2")
    [request] = cloud.requests
    assert request.headers["authorization"].startswith("Basic ")
    assert medit.CLIENT_SECRET not in request.body


def test_a_refresh_token_is_good_once(authorization: MeditAuthorization, cloud: MeditCloud) -> None:
    cloud.refresh = {"refresh-1"}
    _, tokens = authorization.renew("refresh-1")
    assert tokens.access == "token-2"
    with pytest.raises(Reconnect):
        authorization.renew("refresh-1")


def test_the_account_is_the_group_of_the_person(authorization: MeditAuthorization, cloud: MeditCloud) -> None:
    cloud.refresh = {"a-code"}
    tokens = authorization.exchange(code="a-code", verifier=new_verifier(), redirect_uri=REDIRECT)
    region = authorization.region()
    [account] = authorization.accounts(region, tokens)
    assert (account.account, account.name) == (medit.GROUP, "Practice on the Hill")
    assert authorization.pair(region, tokens, account.account) == tokens


def test_a_token_that_is_void_asks_for_a_person(authorization: MeditAuthorization, cloud: MeditCloud) -> None:
    _, tokens = _renewed(authorization, cloud)
    cloud.tokens.clear()
    with pytest.raises(Reconnect):
        authorization.accounts(authorization.region(), tokens)


def _renewed(authorization: MeditAuthorization, cloud: MeditCloud):
    cloud.refresh = {"refresh-1"}
    return authorization.renew("refresh-1")
