"""OAuth 2 with authorization code, PKCE and refresh tokens: what clouds have in common (RFC 6749, 7636, 7009).

Built on requests-oauthlib, which locks nothing, refreshes only what it thinks has expired and logs tokens at DEBUG:
it is asked for single exchanges only, and what to do with tokens is decided in `integrations.services.tokens`.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from oauthlib.oauth2 import (
    InvalidClientError,
    InvalidGrantError,
    MissingTokenError,
    OAuth2Error,
    ServerError,
    TemporarilyUnavailableError,
    UnauthorizedClientError,
    WebApplicationClient,
)
from requests_oauthlib import OAuth2Session

from integrations.errors import BadAnswer, ConnectorError, Misconfigured, Reconnect, TryLater
from integrations.http import TIMEOUT_S, RequestFailed, Unauthorised, guard, require_good, translated

VERIFIER_LENGTH = 64
DEFAULT_LIFETIME_S = 3600
LONGEST_TOKEN = 16_000
LONGEST_SCOPES = 500


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to a cloud, as issued by it. `secret` never shows in a representation."""

    client_id: str
    secret: str = field(repr=False)
    oauth_base: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of tokens. expires_at: aware."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    scopes: str = ""


def new_state() -> str:
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    return str(WebApplicationClient("").create_code_verifier(VERIFIER_LENGTH))


def authorization_url(
    client: Client, path: str, *, redirect_uri: str, scopes: Collection[str], state: str, verifier: str
) -> str:
    """Where a person says yes."""
    challenge = WebApplicationClient(client.client_id).create_code_challenge(verifier, "S256")
    with _session(client, redirect_uri=redirect_uri, scope=list(scopes)) as session:
        url, _ = session.authorization_url(
            f"{client.oauth_base}{path}", state=state, code_challenge=challenge, code_challenge_method="S256"
        )
    return str(url)


def exchange_code(client: Client, path: str, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
    with _session(client, redirect_uri=redirect_uri) as session:
        return tokens_of(
            _asked(
                lambda: session.fetch_token(
                    f"{client.oauth_base}{path}",
                    code=code,
                    code_verifier=verifier,
                    auth=(client.client_id, client.secret),
                    timeout=TIMEOUT_S,
                )
            )
        )


def renew(client: Client, path: str, *, refresh_token: str) -> Tokens:
    """A new set for a refresh token; where the cloud sends no new refresh token the old one stays good."""
    with _session(client) as session:
        answer = _asked(
            lambda: session.refresh_token(
                f"{client.oauth_base}{path}",
                refresh_token=refresh_token,
                auth=(client.client_id, client.secret),
                timeout=TIMEOUT_S,
            )
        )
    return tokens_of({"refresh_token": refresh_token, **answer})


def revoke(client: Client, path: str, *, token: str) -> None:
    """Tell the cloud that a token is void (RFC 7009); an answer that it never was good is as fine."""
    with _session(client) as session:
        try:
            answer = session.request(
                "POST",
                f"{client.oauth_base}{path}",
                data={"token": token},
                auth=(client.client_id, client.secret),
                withhold_token=True,
                timeout=TIMEOUT_S,
            )
            require_good(answer)
        except RequestFailed as error:
            raise translated(error) from None


def tokens_of(answer: Mapping[str, Any]) -> Tokens:
    """Raises BadAnswer when something that must be there is not, or could not be sent or kept as it is."""
    try:
        lifetime = timedelta(seconds=float(answer.get("expires_in") or DEFAULT_LIFETIME_S))
        scope = answer.get("scope") or ""
        return Tokens(
            _sendable(answer["access_token"]),
            _sendable(answer["refresh_token"]),
            datetime.now(UTC) + lifetime,
            _scopes(scope if isinstance(scope, str) else " ".join(scope)),
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        raise BadAnswer("no_tokens", "The cloud's answer holds no usable tokens.") from None


def _sendable(token: object) -> str:
    """Visible ASCII, as RFC 6749, A.12 says: anything else breaks a header, or the database."""
    text = str(token)
    if not (0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()):
        raise ValueError
    return text


def _scopes(text: str) -> str:
    """What does not belong into a scope (RFC 6749, A.4) is left out: scopes are shown only."""
    return "".join(character for character in text if character.isascii() and character.isprintable())[:LONGEST_SCOPES]


def _session(client: Client, **details: Any) -> OAuth2Session:
    session = OAuth2Session(client_id=client.client_id, **details)
    guard(session, client.hosts)
    for moment in ("access_token_response", "refresh_token_response"):
        session.register_compliance_hook(moment, _require_answer)
    return session


def _require_answer(answer: Any) -> Any:
    """A fault of the server is told apart from a refusal, which the library reads from the body."""
    if answer.status_code in (408, 429) or answer.status_code >= 500:
        require_good(answer)
    return answer


def _asked(exchange: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return exchange()
    except RequestFailed as error:
        raise translated(error) from None
    except (OAuth2Error, ValueError) as error:
        raise _meaning(error) from None
    except Unauthorised:
        raise Misconfigured("client_refused", _CLIENT_REFUSED) from None


_CLIENT_REFUSED = "The cloud does not accept our client id and secret."


def _meaning(error: Exception) -> ConnectorError:
    if isinstance(error, InvalidGrantError):
        return Reconnect("grant_lost", "The cloud no longer accepts this connection. Please connect again.")
    if isinstance(error, (InvalidClientError, UnauthorizedClientError)):
        return Misconfigured("client_refused", _CLIENT_REFUSED)
    if isinstance(error, (ServerError, TemporarilyUnavailableError)):
        return TryLater("cloud_fault", "The cloud has a fault of its own.")
    if isinstance(error, MissingTokenError):
        return BadAnswer("no_tokens", "The cloud's answer holds no usable tokens.")
    return BadAnswer("bad_oauth_answer", "The cloud's answer breaks the rules of OAuth.")
