"""A cloud that drips out its tokens is given up: whoever renews them holds others up."""

import pytest

from integrations import http, oauth
from integrations.errors import BadAnswer, ConnectorError, TryLater
from integrations.oauth import Client
from tests.integrations.loopback import dripping, sending, serving


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # as the settings do for a cloud on this machine
    monkeypatch.setattr(http, "ANSWER_LIMIT_S", 0.2)
    monkeypatch.setattr(http, "ANSWER_LIMIT_BYTES", 1000)


def _failure_of(exchange: str, address: str) -> ConnectorError:
    client = Client("our-client", "our-secret", address, (address.removeprefix("http://"),))
    calls = {
        "code": lambda: oauth.exchange_code(
            client, "/t", code="c", verifier="v" * 43, redirect_uri="https://a.example"
        ),
        "renewal": lambda: oauth.renew(client, "/t", refresh_token="r"),
        "revocation": lambda: oauth.revoke(client, "/t", token="r"),
    }
    with pytest.raises(ConnectorError) as error:
        calls[exchange]()
    return error.value


@pytest.mark.parametrize("exchange", ["code", "renewal", "revocation"])
def test_tokens_that_drip_are_given_up(exchange: str) -> None:
    with dripping() as address:
        failure = _failure_of(exchange, address)
    assert (type(failure), failure.code) == (TryLater, "too_slow")


@pytest.mark.parametrize("exchange", ["code", "renewal", "revocation"])
def test_tokens_without_end_are_cut(exchange: str) -> None:
    with serving(sending(b" " * 100_000)) as address:
        failure = _failure_of(exchange, address)
    assert (type(failure), failure.code) == (BadAnswer, "answer_too_large")
