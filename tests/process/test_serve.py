"""`manage.py serve`: web server and worker come up together and go together."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.process.manage import ROOT, Installation, wait_until

pytestmark = pytest.mark.process

DEMO_CLINIC = """
from pathlib import Path
from scans.services.demo import ensure_clinic
ensure_clinic(Path({place!r}))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(child) for child in found.stdout.split()]


def _group_lives(group: int) -> bool:
    """Whether anything of a process group runs; what is dead and only not yet buried does not count."""
    table = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in table.splitlines()]
    return any(int(found) == group and not state.startswith("Z") for found, state in rows)


ORDERS_HERE = """
from scans.models import Case
print(sorted(Case.objects.filter(delivery__channel="SCANNER").values_list("order_id", flat=True)))
"""


def test_the_demo_s_sandbox_is_connected_and_its_orders_come_by_themselves(tmp_path: Path) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    installation.environment["ARCHWAY_PUBLIC_URL"] = ""
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("collectstatic", "--no-input", "--verbosity", "0")
    installation.manage("setup_archway")
    installation.shell(DEMO_CLINIC.format(place=str(tmp_path / "passwords.json")))
    ports = [str(_free_port()), str(_free_port())]
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", ports[0], "--with-sandbox", ports[1], "--new-every", "20"],
        cwd=ROOT,
        env=installation.environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: "30190004" in installation.shell(ORDERS_HERE), "an order that was not there at the start")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    assert "30190001" in installation.shell(ORDERS_HERE)


def test_the_server_answers_and_stops_with_its_worker(tmp_path: Path) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'serve.sqlite3'}")
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("collectstatic", "--no-input", "--verbosity", "0")
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=installation.environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), "the server is ready")
        started = _children(server.pid)
        assert len(started) == 2
        server.send_signal(signal.SIGINT)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        assert [group for group in started if _group_lives(group)] == []
        assert not _answers(f"http://127.0.0.1:{port}/livez")
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
