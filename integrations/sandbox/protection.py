"""Who is calling: a valid token, a paired one, or the partner's own id and secret."""

from typing import Any

from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error
from flask import abort, current_app, jsonify, make_response, request

from integrations.sandbox.oauth import OAuth
from integrations.sandbox.tokens import Grant, TokenSet

OAUTH = "itero_sandbox_oauth"


def oauth() -> OAuth:
    found: OAuth = current_app.extensions[OAUTH]
    return found


def tokens_of_caller(scope: str | None = None) -> TokenSet:
    """Raises 401, or 403 when the scope was not granted."""
    with oauth().protector.acquire(scope) as tokens:
        found: TokenSet = tokens
    return found


def paired(scope: str) -> Grant:
    """Raises 403 besides when the grant has no account yet."""
    grant = tokens_of_caller(scope).grant
    if not grant.account_id:
        refuse(403, "not_paired")
    return grant


def require_partner() -> None:
    """A valid token, or HTTP Basic with client id and secret: before a refresh the token may have expired."""
    if not request.headers.get("Authorization", "").startswith("Basic "):
        tokens_of_caller()
        return
    try:
        oauth().server.authenticate_client(FlaskOAuth2Request(request), ["client_secret_basic"], "discovery")
    except OAuth2Error:
        refuse(401, "invalid_client")


def refuse(status: int, code: str) -> Any:
    abort(make_response(jsonify({"error": code}), status))
