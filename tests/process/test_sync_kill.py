"""A worker that is killed while it fetches or renews loses nothing: the next one brings every scan, once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import process
from tests.integrations.clouds import put_order
from tests.process.manage import ROOT, Installation, wait_until

pytestmark = pytest.mark.process

PUBLIC = "http://127.0.0.1:9"
CONNECT = """
from django.contrib.auth.models import User
from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.services.demo import connect_to
from patients.models import Clinic, Membership
user, clinic = User.objects.create_user("somebody"), Clinic.objects.create(name="Kill test")
Membership.objects.create(user=user, clinic=clinic)
connect_to(Sandbox({address!r}, Options()), clinic, user)
"""
TIME_PASSED = """
from datetime import timedelta
from django.utils import timezone
from integrations.models import ScannerIntegration, ScannerOrder, SyncRun
past = timezone.now() - timedelta(seconds=1)
SyncRun.objects.filter(state="RUNNING").update(lease_until=past)
ScannerIntegration.objects.filter(refreshing__isnull=False).update(refresh_until=past)
"""
READ_ALL = """
from scans.models import Job
from scans.services import jobs
for job in Job.objects.filter(state="QUEUED", kind="PROCESS_DELIVERY"):
    jobs.run(job.uuid)
"""
FOUND = """
import json
from integrations.models import ScannerIntegration
from scans.models import Case, Delivery
print(json.dumps({
    "cases": list(Case.objects.order_by("order_id").values_list("order_id", flat=True)),
    "deliveries": Delivery.objects.count(),
    "state": ScannerIntegration.objects.get().state,
}))
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with process(Options(redirect_uris=(f"{PUBLIC}/api/imaging/3d/itero/auth/callback",))) as sandbox:
        yield sandbox


@pytest.fixture
def installation(tmp_path: Path, sandbox: Sandbox) -> Installation:
    made = Installation(tmp_path, f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    made.environment |= {
        "ARCHWAY_PUBLIC_URL": PUBLIC,
        "ARCHWAY_ITERO_URL": sandbox.address,
        "ARCHWAY_ITERO_HOSTS": sandbox.address.removeprefix("http://"),
    }
    made.manage("migrate", "--verbosity", "0")
    made.shell(CONNECT.format(address=sandbox.address))
    for order, seed in (("701", 1), ("702", 2)):
        put_order(sandbox, order, "Marsh", seed=seed)
    return made


def _killed(installation: Installation, sandbox: Sandbox, operation: str, arrived) -> None:
    """A look that is killed with everything it started once it is in the middle of the operation."""
    sandbox.fault("slow_body", operation, pieces=40, pause_s=1.0)
    look = subprocess.Popen(
        [sys.executable, "manage.py", "sync_scanners", "--all"], cwd=ROOT, env=installation.environment,
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(arrived, f"the {operation} is under way")
    finally:
        os.killpg(look.pid, signal.SIGKILL)
        look.wait()
    sandbox.clear_faults()


def _after_a_while(installation: Installation) -> dict[str, object]:
    installation.shell(TIME_PASSED)
    installation.manage("sync_scanners")
    installation.shell(READ_ALL)
    found: dict[str, object] = json.loads(installation.shell(FOUND))
    return found


ALL_ONCE = {"cases": ["701", "702"], "deliveries": 2, "state": "CONNECTED"}


def test_killed_in_the_middle_of_a_download(installation: Installation, sandbox: Sandbox) -> None:
    parts = Path(installation.environment["ARCHWAY_DATA_DIR"]) / "parts"
    _killed(installation, sandbox, "download", lambda: any(part.stat().st_size for part in parts.rglob("*.part")))
    came = max(part.stat().st_size for part in parts.rglob("*.part"))
    assert came > 0
    assert _after_a_while(installation) == ALL_ONCE
    assert not list(parts.rglob("*.part")), "what is stored is not kept twice"


def test_killed_in_the_middle_of_a_refresh(installation: Installation, sandbox: Sandbox) -> None:
    sandbox.expire_tokens()
    sandbox.forget_calls()
    _killed(installation, sandbox, "refresh", lambda: sandbox.calls().get("refresh", 0) == 1)
    assert _after_a_while(installation) == ALL_ONCE
