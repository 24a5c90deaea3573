"""The iTero cloud's sandbox under the contract suite, connected as a practice connects."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from integrations.connectors.access import Access
from integrations.connectors.base import Connector
from integrations.connectors.itero.authorization import IteroAuthorization
from integrations.connectors.itero.connector import IteroConnector
from integrations.connectors.itero.profile import DEFAULT
from integrations.oauth import Client, Tokens, new_state, new_verifier
from integrations.sandbox.options import FIRST_ACCOUNT, Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import running
from tests.integrations.contract.faults import CALLS, CLOUD, DOWNLOADS, RETRY_AFTER_S, Fault
from tests.integrations.contract.harness import PATIENT

PAGE = 2
REDIRECT = "http://127.0.0.1:9/callback"
FAULTS: dict[Fault, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    Fault.UNAUTHORISED: ("expired_token", ("list", "order", "download"), {"times": None}),
    Fault.TOO_MANY: ("too_many_requests", ("list", "order", "download"), {"times": None, "retry_after": RETRY_AFTER_S}),
    Fault.BROKEN: ("server_error", ("list", "order", "download"), {"times": None}),
    Fault.NO_JSON: ("bad_json", ("list", "order"), {"times": None, "body": f"<p>{PATIENT}</p>"}),
    Fault.PAGE_LOOP: ("page_loop", ("list",), {"times": None}),
    Fault.CUT: ("cut_body", ("download",), {}),
    Fault.WRONG_BYTES: ("broken_zip", ("download",), {}),
}


class IteroHarness:
    can = CLOUD | CALLS | DOWNLOADS | {Fault.PAGE_LOOP}

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._hosts = (sandbox.address.removeprefix("http://"),)
        options = sandbox.options
        client = Client(options.client_id, options.client_secret, sandbox.address, self._hosts)
        self._authorization = IteroAuthorization(client, sandbox.address)
        self._region = self._authorization.region()
        self._seen: list[Tokens] = []
        self._tokens = self._connected()

    @property
    def secrets(self) -> tuple[str, ...]:
        tokens = [token for one in self._seen for token in (one.access, one.refresh)]
        return self._sandbox.options.client_secret, *tokens

    @property
    def sent_bytes(self) -> int:
        return self._sandbox.sent_bytes()

    def connector(self) -> Connector:
        client_id = self._sandbox.options.client_id
        access = Access(self._hosts, self._region.base_url, FIRST_ACCOUNT, client_id, self._token)
        return IteroConnector(access, replace(DEFAULT, page_size=PAGE))

    def put(self, order_id: str, changed_at: datetime, content: bytes) -> None:
        more = {"updatedAt": changed_at.isoformat(), "silent": True}
        if order_id in [order["rxId"] for order in self._sandbox.orders()]:
            self._sandbox.rescan(order_id, content, **more)
        else:
            first_name, last_name = PATIENT.split()
            patient = {"firstName": first_name, "lastName": last_name, "chartNumber": "A-77"}
            self._sandbox.add_order(patient, content=content, rxId=order_id, **more)

    def take_away(self, order_id: str) -> None:
        self._sandbox.remove(order_id)

    def spoil(self, order_id: str) -> None:
        self._sandbox.spoil(order_id)

    def do(self, fault: Fault) -> None:
        if fault is Fault.EXPIRED:
            self._sandbox.expire_tokens()
            return
        name, operations, parameters = FAULTS[fault]
        for operation in operations:
            self._sandbox.fault(name, operation, **parameters)

    def do_no_wrong(self) -> None:
        self._sandbox.clear_faults()

    def _connected(self) -> Tokens:
        verifier = new_verifier()
        url = self._authorization.url(state=new_state(), verifier=verifier, redirect_uri=REDIRECT)
        [code] = parse_qs(urlsplit(self._sandbox.approve(url)).query)["code"]
        tokens = self._authorization.exchange(code=code, verifier=verifier, redirect_uri=REDIRECT)
        return self._kept(self._authorization.pair(self._region, tokens, FIRST_ACCOUNT))

    def _token(self, rejected: str) -> str:
        if rejected == self._tokens.access:
            _, renewed = self._authorization.renew(self._tokens.refresh)
            self._tokens = self._kept(renewed)
        return self._tokens.access

    def _kept(self, tokens: Tokens) -> Tokens:
        self._seen.append(tokens)
        return tokens


@contextmanager
def itero_harness() -> Iterator[IteroHarness]:
    with _own_log_closed(), running(Options(redirect_uris=(REDIRECT,))) as sandbox:
        yield IteroHarness(sandbox)


@contextmanager
def _own_log_closed() -> Iterator[None]:
    """What the cloud's own OAuth server logs stays with the cloud: only here it lives in the same process as we do."""
    log = logging.getLogger("authlib")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)
