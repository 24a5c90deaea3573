"""The tests' own partner of the cloud: nothing but urllib, so that no library of ours is tested by itself."""

import base64
import contextlib
import hashlib
import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from integrations.sandbox.remote import Sandbox

REDIRECT = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 64
SCOPES = "orders.read scans.read rx.write offline_access"


@dataclass(frozen=True)
class Answer:
    """is_cut: fewer bytes came than were announced."""

    status: int
    headers: Any
    body: bytes
    is_cut: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Partner:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.tokens: dict[str, Any] = {}
        self.base = f"{sandbox.address}/eu/api/v1"

    def authorization_url(self, **changes: str | None) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.sandbox.options.client_id,
            "redirect_uri": REDIRECT,
            "scope": SCOPES,
            "state": "a-state",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        kept = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        return f"{self.sandbox.address}/oauth/authorize?{urlencode(kept)}"

    def code(self, **changes: str | None) -> str:
        return parse_qs(urlsplit(self.sandbox.approve(self.authorization_url(**changes))).query)["code"][0]

    def token(self, **form: str) -> Answer:
        """Of the token endpoint; what it brings is kept."""
        answer = self.ask("POST", f"{self.sandbox.address}/oauth/token", form=form, headers=self.basic())
        with contextlib.suppress(json.JSONDecodeError):
            self.tokens = answer.json if answer.status == 200 else self.tokens
        return answer

    def exchange(self, code: str, *, verifier: str = VERIFIER, redirect_uri: str = REDIRECT) -> Answer:
        proof = {"code_verifier": verifier} if verifier else {}
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri, **proof)

    def refresh(self, refresh_token: str = "") -> Answer:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token or self.tokens["refresh_token"])

    def pair(self, account: str = "1001") -> Answer:
        answer = self.call("POST", "/pairing", body={"accountId": account})
        if answer.status == 200:
            self.tokens = answer.json
        return answer

    def connect(self) -> "Partner":
        assert self.exchange(self.code()).status == 200
        assert self.pair().status == 200
        return self

    def call(self, method: str, path: str, *, body: Any = None, token: str = "", headers: Any = None) -> Answer:
        """With the access token at hand, or with another."""
        bearer = {"Authorization": f"Bearer {token or self.tokens.get('access_token', 'none')}"}
        return self.ask(method, f"{self.base}{path}", body=body, headers={**bearer, **(headers or {})})

    def basic(self, secret: str = "") -> dict[str, str]:
        options = self.sandbox.options
        pair = f"{options.client_id}:{secret or options.client_secret}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    @staticmethod
    def ask(method: str, url: str, *, body: Any = None, form: Any = None, headers: Any = None) -> Answer:
        data = urlencode(form).encode() if form is not None else None
        headers = dict(headers or {})
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - the sandbox
        try:
            answer = _OPENER.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            try:
                return Answer(answer.status, answer.headers, answer.read())
            except http.client.IncompleteRead as error:
                return Answer(answer.status, answer.headers, error.partial, is_cut=True)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect is an answer like any other."""


_OPENER = urllib.request.build_opener(_Stay)
