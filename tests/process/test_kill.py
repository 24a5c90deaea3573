"""A worker that is really killed loses nothing and doubles nothing."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from scans.classification.verdict import Arch
from scans.examination.examination import READY, REJECTED, Request
from scans.examination.examiner import ChildLimits, Examiner
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from tests.made import zip_of
from tests.on_postgresql import DEFAULT
from tests.process.manage import Installation, wait_until

pytestmark = pytest.mark.process


@contextmanager
def _postgresql_database() -> Iterator[str]:
    """A database of its own for one test."""
    address = os.environ.get("ARCHWAY_TEST_POSTGRESQL", DEFAULT)
    name = f"archway_kill_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield address.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation on the kind of database that this run is about."""
    if "postgres" in os.environ.get("DATABASE_URL", ""):
        with _postgresql_database() as address:
            yield Installation(tmp_path, address)
    else:
        yield Installation(tmp_path, f"sqlite:///{tmp_path / 'kill.sqlite3'}")


def _large_case() -> bytes:
    """Ten meshes: long enough to be killed in the middle of."""
    meshes = {
        f"case/p_upper_{number}.ply": writers.ply(make_arch(Arch.UPPER, seed=number, faces=20_000))
        for number in range(10)
    }
    return zip_of(meshes)


def test_a_killed_worker_loses_and_doubles_nothing(installation: Installation, tmp_path: Path) -> None:
    place = tmp_path / "case.zip"
    place.write_bytes(_large_case())
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("setup_archway")
    installation.queue(place)

    in_the_middle = installation.reaching(steps=2)
    worker = installation.start_worker()
    assert in_the_middle.wait() == 0
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert installation.counts() == {"cases": 0, "scans": 0}, "half a case must never be seen"

    successor = installation.start_worker()
    try:
        wait_until(lambda: installation.job()["state"] == "DONE", "a second worker finishes the case")
    finally:
        os.killpg(successor.pid, signal.SIGKILL)
        successor.wait()
    assert installation.counts() == {"cases": 1, "scans": 10}
    assert installation.job()["attempts"] == 2


def test_a_file_that_kills_its_reader_costs_only_itself(tmp_path: Path) -> None:
    """The child is ended from outside while it works; the next file gets a new one."""
    good = tmp_path / "good.stl"
    good.write_bytes(writers.stl(make_arch(Arch.LOWER, seed=1, faces=5_000)))
    never_ending = tmp_path / "pipe"
    os.mkfifo(never_ending)
    waits: list[int] = []

    def kill_the_child() -> None:
        waits.append(1)
        found = subprocess.run(
            ["pgrep", "-P", str(os.getpid()), "-f", "scans.examination.child"], capture_output=True, text=True
        )
        for pid in found.stdout.split():
            os.kill(int(pid), signal.SIGKILL)

    with Examiner(ChildLimits(seconds=60), on_wait=kill_the_child) as examiner:
        killed = examiner.examine(Request(str(never_ending)))
        after = examiner.examine(Request(str(good)))
    assert (killed.state, killed.code, killed.metadata) == (REJECTED, "reader_crashed", {"exit_code": -signal.SIGKILL})
    assert (after.state, after.vertex_count is not None) == (READY, True)
    assert waits
