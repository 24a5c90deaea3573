"""OAuth 2 on Authlib's server: authorization code with PKCE, rotating refresh tokens, revocation.

Authlib takes plain http for loopback addresses only, which is where the sandbox is.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, abort, jsonify, make_response

from integrations.sandbox.options import SCOPES, Options
from integrations.sandbox.tokens import CODE_LIFETIME_S, Code, Grant, TokenSet, TokenStore


@dataclass(frozen=True, slots=True)
class Client:
    """The one partner that is registered with this cloud."""

    options: Options

    def get_client_id(self) -> str:
        return self.options.client_id

    def get_default_redirect_uri(self) -> None:
        """None: it must be said, exactly as registered."""

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(known for known in SCOPES if known in (scope or "").split())

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.options.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret.encode(), self.options.client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


class RequiredS256(CodeChallenge):
    """Authlib's `required` is about public clients only; here nobody comes without a challenge, or with a plain one."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with the method S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class Protector(ResourceProtector):
    def raise_error_response(self, error: Any) -> None:
        """Authlib's own exception has no answer in it that an error handler could leave alone."""
        abort(make_response(jsonify(dict(error.get_body())), error.status_code, dict(error.get_headers())))


class OAuth:
    """An authorization server and what protects resources, both over one store of tokens."""

    def __init__(self, app: Flask, options: Options, store: TokenStore) -> None:
        self.client = Client(options)
        self.store = store
        self._options = options
        app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
        app.config["OAUTH2_SCOPES_SUPPORTED"] = list(SCOPES)
        lifetimes = dict.fromkeys(("authorization_code", "refresh_token"), options.lifetime_s)
        app.config["OAUTH2_TOKEN_EXPIRES_IN"] = lifetimes
        self.server = AuthorizationServer(app, self._query_client, self._save)
        self.server.register_grant(_code_grant(store), [RequiredS256(required=True)])
        self.server.register_grant(_refresh_grant(store))
        self.server.register_endpoint(_revocation(store))
        self.protector = Protector()
        self.protector.register_token_validator(_bearer(store))

    def issue(self, grant: Grant) -> dict[str, Any]:
        """A new token set outside the token endpoint: what pairing answers."""
        token: dict[str, Any] = self.server.generate_token(
            grant_type="authorization_code", client=self.client, user=grant.user, scope=grant.scope
        )
        self._keep(token, grant)
        return token

    def _query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self._options.client_id else None

    def _save(self, token: dict[str, Any], request: Any) -> None:
        parent: TokenSet | None = getattr(request, "refresh_token", None)
        if parent:
            self._keep(token, parent.grant, parent)
            return
        grant = Grant(request.client.get_client_id(), request.user, token.get("scope", ""))
        self.store.note_grant(request.authorization_code.code, grant)
        self._keep(token, grant)

    def _keep(self, token: dict[str, Any], grant: Grant, parent: TokenSet | None = None) -> None:
        expires_at = time.time() + token["expires_in"]
        self.store.keep(TokenSet(token["access_token"], token["refresh_token"], grant, expires_at, parent))


def _code_grant(store: TokenStore) -> type[Any]:
    class OneUse(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            store.keep_code(
                Code(
                    code,
                    request.client.get_client_id(),
                    request.user,
                    request.scope,
                    request.payload.redirect_uri,
                    asked["code_challenge"],
                    asked["code_challenge_method"],
                    time.time() + CODE_LIFETIME_S,
                )
            )

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            found = store.spend_code(code)
            return found if found and found.client_id == client.get_client_id() else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            """It went when it was asked for, so that of two askers one gets it."""

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    return OneUse


def _refresh_grant(store: TokenStore) -> type[Any]:
    class Rotating(RefreshTokenGrant):
        INCLUDE_NEW_REFRESH_TOKEN = True

        def authenticate_refresh_token(self, refresh_token: str) -> TokenSet | None:
            found = store.by_refresh(refresh_token)
            if found is None or not found.can_refresh():
                return None
            store.used(found)
            return found

        def authenticate_user(self, refresh_token: TokenSet) -> str:
            return refresh_token.grant.user

        def revoke_old_credential(self, refresh_token: TokenSet) -> None:
            """Not yet: when what replaces it is used."""

    return Rotating


def _revocation(store: TokenStore) -> type[Any]:
    class Revocation(RevocationEndpoint):
        def query_token(self, token_string: str, token_type_hint: str | None) -> TokenSet | None:
            return store.by_refresh(token_string) or store.by_access(token_string)

        def revoke_token(self, token: TokenSet, request: Any) -> None:
            """A refresh token takes the whole grant with it, an access token only itself."""
            if request.form["token"] == token.refresh:
                token.grant.is_revoked = True
            token.access_revoked = True

    return Revocation


def _bearer(store: TokenStore) -> Any:
    class Bearer(BearerTokenValidator):
        def authenticate_token(self, token_string: str) -> TokenSet | None:
            found = store.by_access(token_string)
            if found and not found.is_expired() and not found.is_revoked():
                store.used(found)
            return found

    return Bearer()
