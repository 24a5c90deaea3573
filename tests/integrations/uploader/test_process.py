"""The uploader as a service runs it: started, left alone, told to end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from knox.models import AuthToken

from scans.models import Case
from tests.integrations.threeshape.watched import order_folder, write
from tests.made import World
from tests.process.manage import ROOT

pytestmark = pytest.mark.process


def test_it_needs_no_django() -> None:
    code = "import sys, integrations.uploader.__main__; sys.exit(sum('django' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_token_on_the_command_line_is_refused_with_the_reason_and_not_repeated() -> None:
    command = [
        sys.executable,
        "-m",
        "integrations.uploader",
        ".",
        "--url",
        "https://archway.example",
        "--token",
        "s3cr3t",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "--token-file" in done.stderr, "s3cr3t" in done.stderr) == (2, True, False)


def test_what_comes_while_it_runs_is_sent_and_it_ends_when_told(
    transactional_db, world: World, live_server, tmp_path: Path
) -> None:
    _, token = AuthToken.objects.create(world.owner)
    command = [sys.executable, "-m", "integrations.uploader", str(tmp_path), "--url", live_server.url]
    environment = {**os.environ, "ARCHWAY_TOKEN": token}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as uploader:
        write(tmp_path, order_folder())
        said = uploader.stderr.readline()
        uploader.send_signal(signal.SIGTERM)
        assert (uploader.wait(20), "sent" in said) == (0, True)
    assert Case.objects.get().order_id == "4711"
    assert (tmp_path / "done/4711/4711.xml").exists()
