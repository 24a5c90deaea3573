"""`manage.py itero_sandbox` says where it is and answers until it is ended."""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from tests.process.manage import ROOT

pytestmark = pytest.mark.process
REDIRECTS = ("http://127.0.0.1:8000/one", "http://127.0.0.1:8000/two")
ARGUMENTS = ("--port", "0", "--orders", "1", "--faces", "1500", "--redirect-uri", REDIRECTS[0], "--redirect-uri")


@pytest.fixture
def command() -> "Iterator[subprocess.Popen[str]]":
    child = subprocess.Popen(
        [sys.executable, "manage.py", "itero_sandbox", *ARGUMENTS, REDIRECTS[1]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield child
    child.kill()
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_answers_there_until_it_is_ended(
    command: "subprocess.Popen[str]", number: int
) -> None:
    line = command.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
    assert "client id archway-sandbox" in line
    assert [order["rxId"] for order in Sandbox(address, Options()).orders()] == ["30190001"]
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
        page = answer.read().decode()
    assert all(uri in page for uri in REDIRECTS)
    command.send_signal(number)
    assert command.wait(timeout=60) == 0
