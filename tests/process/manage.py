"""An installation of its own for tests that start and kill real processes."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]

QUEUE = """
import sys
from pathlib import Path
from patients.audit import Actor
from patients.models import Clinic
from scans.models import Delivery
from scans.services.intake import Incoming, Wanted, receive
content = Path({path!r}).read_bytes()
receive(
    Clinic.objects.create(name="Kill test"), [Incoming("case.zip", [content], len(content))],
    channel=Delivery.Channel.API, wanted=Wanted(), actor=Actor.system("test"),
)
"""
JOB = """
import json
from scans.models import Job
print(json.dumps(Job.objects.values("state", "attempts").get()))
"""
REACHED = """
import time
from scans.models import Job
deadline = time.monotonic() + {limit_s}
while not Job.objects.filter(steps_done__gte={steps}).exists():
    assert time.monotonic() < deadline, "the job did not come so far"
"""
COUNTS = """
import json
from scans.models import Case, Scan
print(json.dumps({"cases": Case.objects.count(), "scans": Scan.objects.count()}))
"""


class Installation:
    def __init__(self, folder: Path, database: str) -> None:
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database,
            "ARCHWAY_DATA_DIR": str(folder / "data"),
            "ARCHWAY_SECRET_KEY": secrets.token_urlsafe(48),
            "ARCHWAY_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "ARCHWAY_INLINE_LIMIT_MB": "0",
            "ARCHWAY_LEASE_SECONDS": "3",
            "ARCHWAY_WORKERS": "1",
        }

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)

    def queue(self, path: Path) -> None:
        self.shell(QUEUE.format(path=str(path)))

    def job(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.shell(JOB))
        return found

    def reaching(self, steps: int, *, limit_s: float = 150) -> "subprocess.Popen[bytes]":
        """Ends when the job has come so far; started before the worker, it is there in time on a busy machine."""
        command = [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "--command",
            REACHED.format(steps=steps, limit_s=limit_s),
        ]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment)

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.shell(COUNTS))
        return found

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """A worker in a process group of its own, so that it can be killed with everything it started."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def wait_until(condition: Callable[[], bool], what: str, *, limit_s: float = 150) -> None:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if condition():
            return
    raise AssertionError(f"Not within {limit_s} s: {what}")
