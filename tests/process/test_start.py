"""Nothing starts with secrets that it cannot open: no command, no worker, no web server."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.process.manage import ROOT, Installation

pytestmark = pytest.mark.process

STORE = """
from integrations.services.keys import store_hps_key
from patients.audit import Actor
from patients.models import Clinic
store_hps_key(Clinic.objects.create(name="Ours"), "the-clinics-own-key", actor=Actor.system("test"))
"""


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Its key was lost after a secret was stored."""
    made = Installation(tmp_path, f"sqlite:///{tmp_path / 'start.sqlite3'}")
    made.manage("migrate", "--verbosity", "0")
    made.shell(STORE)
    made.environment["ARCHWAY_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    return made


@pytest.mark.parametrize("arguments", [["manage.py", "qcluster"], ["-c", "import config.wsgi"]], ids=["worker", "web"])
def test_a_lost_key_keeps_it_from_starting(installation: Installation, arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode != 0
    assert "archway.E004" in ended.stderr
    assert "the-clinics-own-key" not in ended.stderr
