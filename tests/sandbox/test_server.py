"""The cloud is for this machine alone: one address, its own names, and no page of another site."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import process, running, serving
from tests.process.manage import ROOT, wait_until
from tests.sandbox.partner import REDIRECT, Partner


def test_it_listens_on_loopback_only() -> None:
    with serving(Options()) as (server, sandbox):
        host, port = server.socket.getsockname()
    assert host == "127.0.0.1"
    assert sandbox.address == f"http://127.0.0.1:{port}"


def test_another_address_of_this_machine_does_not_reach_it(sandbox: Sandbox) -> None:
    """All of 127/8 is this machine; what listens everywhere would answer there."""
    port = int(sandbox.address.rsplit(":", 1)[1])
    with socket.socket() as caller:
        caller.settimeout(5)
        assert caller.connect_ex(("127.0.0.2", port)) != 0


def test_a_name_from_the_internet_is_refused(partner: Partner) -> None:
    for path in ("/", "/_sandbox/orders", "/eu/api/v1/orders"):
        answer = partner.ask("GET", f"{partner.sandbox.address}{path}", headers={"Host": "evil.example"})
        assert answer.status == 400


def test_the_control_address_takes_json_only(sandbox: Sandbox) -> None:
    for content_type in ("application/x-www-form-urlencoded", "text/plain"):
        headers = {"Content-Type": content_type}
        answer = Partner.ask("POST", f"{sandbox.address}/_sandbox/orders", form={"{}": ""}, headers=headers)
        assert answer.status == 415
    assert sandbox.orders() == []


def test_a_control_call_that_makes_no_sense_is_refused(sandbox: Sandbox) -> None:
    for path, body in [
        ("faults", {"fault": "nonsense", "operation": "list"}),
        ("faults", {"fault": "page_loop", "operation": "download"}),
        ("orders", []),
        ("orders", {"zip": "not base64!"}),
        ("orders", {"status": "Lost"}),
    ]:
        assert Partner.ask("POST", f"{sandbox.address}/_sandbox/{path}", body=body).status == 400
    for path in ("rescan", "complete"):
        assert Partner.ask("POST", f"{sandbox.address}/_sandbox/orders/4711/{path}", body={}).status == 404
    assert sandbox.orders() == []


def test_two_clouds_know_nothing_of_each_other(partner: Partner) -> None:
    partner.sandbox.add_order()
    with running(Options(redirect_uris=(REDIRECT,))) as other:
        assert other.orders() == []
        assert Partner(other).call("GET", "/orders", token=partner.tokens["access_token"]).status == 401


def test_new_orders_come_by_themselves_pushed_ones_first() -> None:
    with running(Options(redirect_uris=(REDIRECT,), faces=1_500, new_every_s=0.2)) as sandbox:
        partner = Partner(sandbox).connect()
        pushed = partner.call("POST", "/scan-requests", body={"patient": {"lastName": "Quackenbush"}}).json["rxId"]
        wait_until(lambda: len(sandbox.orders()) >= 3, "three orders have come")
        assert sandbox.pushed() == []
        assert pushed in [order["rxId"] for order in sandbox.orders()]


@pytest.mark.process
def test_a_process_of_its_own_is_as_good_and_ends() -> None:
    options = Options(redirect_uris=(REDIRECT,), orders=2, faces=1_500, client_secret="of this test only")
    with process(options) as sandbox:
        partner = Partner(sandbox).connect()
        orders = partner.call("GET", "/orders").json["orders"]
        assert [order["rxId"] for order in orders] == ["30190001", "30190002"]
    with pytest.raises(OSError, match="refused"):
        sandbox.orders()


@pytest.mark.process
def test_the_first_line_of_the_process_is_json() -> None:
    command = [sys.executable, "-m", "integrations.sandbox", "--orders", "0"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ)
    with child, child.stdout:
        first = json.loads(child.stdout.readline())
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=60) == 0
    assert first["client_id"] == "archway-sandbox"
    assert first["address"].startswith("http://127.0.0.1:")
