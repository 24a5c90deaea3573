"""Tokens, discovery and pairing."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.cloud import cloud
from integrations.sandbox.options import ACCOUNTS
from integrations.sandbox.protection import oauth, refuse, require_partner, tokens_of_caller
from integrations.sandbox.tokens import Grant

REGION = "eu"
blueprint = Blueprint("connection", __name__)


@blueprint.post("/oauth/token")
def token() -> Any:
    return oauth().server.create_token_response()


@blueprint.post("/oauth/revoke")
def revoke() -> Any:
    return oauth().server.create_endpoint_response("revocation")


@blueprint.get("/api/v1/discovery")
def discovery() -> Response:
    require_partner()
    root = request.host_url.rstrip("/")
    return jsonify({"region": REGION, "baseUrl": f"{root}/{REGION}", "oauthBase": root})


@blueprint.get(f"/{REGION}/api/v1/discovery")
def regional_discovery() -> Response:
    return discovery()


@blueprint.get(f"/{REGION}/api/v1/pairing/accounts")
def accounts() -> Response:
    tokens_of_caller()
    return jsonify({"accounts": [{"accountId": key, "name": name} for key, name in ACCOUNTS.items()]})


@blueprint.post(f"/{REGION}/api/v1/pairing")
def pair() -> Response:
    """A new set of tokens, bound to the account; the tokens from before are void."""
    before = tokens_of_caller().grant
    asked = request.get_json()
    account_id = asked.get("accountId") if isinstance(asked, dict) else None
    if account_id not in ACCOUNTS:
        refuse(404, "unknown_account")
    answer = oauth().issue(Grant(before.client_id, before.user, before.scope, str(account_id)))
    before.is_revoked = True
    return jsonify(answer)


@blueprint.delete(f"/{REGION}/api/v1/pairing")
def unpair() -> tuple[str, int]:
    tokens_of_caller().grant.account_id = ""
    cloud().callbacks.target = None
    return "", 204
