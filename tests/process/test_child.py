"""The reading process keeps to its limits, and whatever a file does to it is an answer about that file."""

import os
import signal
import sys
from pathlib import Path

import pytest

from scans.classification.verdict import Arch
from scans.examination.examination import READY, REJECTED, Request
from scans.examination.examiner import ChildDidNotStart, ChildLimits, Examiner
from scans.synthetic import writers
from scans.synthetic.arch import make_arch

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("child") / "good"
    place.write_bytes(writers.stl(make_arch(Arch.UPPER, seed=1, faces=8_000)))
    return place


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_read(good: Path, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as target:
        target.write(bytes(80) + (19_000_000).to_bytes(4, "little"))
        target.truncate(84 + 50 * 19_000_000)
    with Examiner(ChildLimits(memory_bytes=384 * 1024**2, seconds=60)) as examiner:
        refused = examiner.examine(Request(str(large)))
        read = examiner.examine(Request(str(good)))
    assert (refused.state, refused.code) == (REJECTED, "out_of_memory")
    assert (read.state, read.shape["arch"]) == (READY, "upper")


def test_a_file_that_never_ends_is_stopped(good: Path, tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    with Examiner(ChildLimits(seconds=2)) as examiner:
        stopped = examiner.examine(Request(str(endless)))
        read = examiner.examine(Request(str(good)))
    assert (stopped.state, stopped.code) == (REJECTED, "too_slow")
    assert read.state == READY


def test_a_child_that_cannot_start_is_our_fault_and_not_the_file_s(good: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Examiner(ChildLimits()) as examiner, pytest.raises(ChildDidNotStart):
        examiner.examine(Request(str(good)))


def test_no_secret_is_in_the_child_s_environment(monkeypatch, good: Path) -> None:
    monkeypatch.setenv("ARCHWAY_SECRET_KEY_PLANTED", "do-not-pass-on")
    with Examiner(ChildLimits()) as examiner:
        examiner.examine(Request(str(good)))
        child = examiner._child
        assert child is not None
        environment = Path(f"/proc/{child._process.pid}/environ").read_bytes()
    assert b"do-not-pass-on" not in environment
    assert b"ARCHWAY" not in environment


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_restart_of_the_service_does_not_end_the_reader_in_the_middle(good: Path, stop: signal.Signals) -> None:
    """A supervisor signals every process of a service: that must not make a good file look bad."""
    with Examiner(ChildLimits()) as examiner:
        examiner.examine(Request(str(good)))
        child = examiner._child
        assert child is not None
        os.kill(child._process.pid, stop)
        assert examiner.examine(Request(str(good))).state == READY
        assert child.is_alive
        assert os.getsid(child._process.pid) != os.getsid(0)


def test_a_reader_killed_once_from_outside_costs_nothing(good: Path) -> None:
    with Examiner(ChildLimits()) as examiner:
        examiner.examine(Request(str(good)))
        child = examiner._child
        assert child is not None
        os.kill(child._process.pid, signal.SIGKILL)
        assert examiner.examine(Request(str(good))).state == READY
