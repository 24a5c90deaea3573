"""A hostile file costs one job with a clear reason: nothing outside its upload is opened, and the next one is read."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scans.classification.verdict import Arch
from scans.examination.examination import READY, REJECTED, Request
from scans.examination.examiner import ChildLimits, Examiner
from scans.exports.manifest import ExportFile
from scans.exports.sidecar import parse_sidecar
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from tests.meshes.readers.samples import ply_header
from tests.process.hostile_files import HARMLESS, REFUSED, XML
from tests.process.manage import ROOT

pytestmark = pytest.mark.process
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Request:
    place = tmp_path_factory.mktemp("hostile") / "good"
    place.write_bytes(writers.stl(make_arch(Arch.UPPER, seed=1, faces=8_000)))
    return Request(str(place))


@pytest.fixture(scope="module")
def watched() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.process.watched"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture
def ask(watched: "subprocess.Popen[str]", tmp_path: Path) -> Ask:
    """Reads an upload in the watched process. Asserts that nothing but its own files was opened."""

    def read(content: bytes, companions: dict[str, bytes] | None = None) -> dict[str, Any]:
        scan = tmp_path / "scan"
        scan.write_bytes(content)
        beside = {name: tmp_path / f"beside{i}" for i, name in enumerate(companions or {})}
        for name, place in beside.items():
            place.write_bytes((companions or {})[name])
        assert watched.stdin is not None
        assert watched.stdout is not None
        watched.stdin.write(
            json.dumps({"path": str(scan), "companions": {n: str(p) for n, p in beside.items()}}) + "\n"
        )
        watched.stdin.flush()
        answer: dict[str, Any] = json.loads(watched.stdout.readline())
        assert set(answer["asked"]) <= {f"open {place}" for place in (scan, *beside.values())}
        return answer

    return read


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_for_its_reason(ask: Ask, name: str) -> None:
    code, make = REFUSED[name]
    answer = ask(make())
    assert answer["code"] == code
    assert answer["message"].endswith(".")


@pytest.mark.parametrize("name", HARMLESS)
def test_a_hostile_side_file_costs_only_the_colours(ask: Ask, name: str) -> None:
    finding, make = HARMLESS[name]
    answer = ask(*make())
    assert (answer["code"], [code for code in answer["findings"] if code != "unused_points"]) == (
        "",
        [finding] if finding else [],
    )


@pytest.mark.parametrize("name", XML)
def test_a_hostile_order_file_costs_only_what_it_would_have_told(name: str) -> None:
    content = XML[name]("Order")
    sidecar = parse_sidecar(ExportFile("order.xml", len(content), lambda: content))
    assert sidecar.problem or name in ("deep nesting", "many attributes")


def test_a_file_larger_than_the_memory_is_refused_and_the_next_one_is_read(good: Request, tmp_path: Path) -> None:
    large = tmp_path / "large"
    head = ply_header("binary_little_endian", points=19_000_000, faces=1).encode()
    with large.open("wb") as target:
        target.write(head)
        target.seek(19_000_000 * 12, os.SEEK_CUR)
        target.write(b"\3" + bytes(12))
    with Examiner(ChildLimits(memory_bytes=700 * 2**20, seconds=60)) as examiner:
        refused = examiner.examine(Request(str(large)))
        assert examiner.examine(good).state == READY
    assert (refused.state, refused.code) == (REJECTED, "out_of_memory")


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_is_read(good: Request, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    faces = 19_000_000
    head = ply_header("binary_little_endian", points=3, faces=faces).encode()
    with slow.open("wb") as target:
        # Lists of one and of no values by turns, so that every record is looked at by itself.
        target.write(head + bytes(36) + b"\1\0\0\0\0\0" * faces)
    with Examiner(ChildLimits(seconds=2)) as examiner:
        stopped = examiner.examine(Request(str(slow)))
        assert examiner.examine(good).state == READY
    assert (stopped.state, stopped.code) == (REJECTED, "too_slow")


def kill_reader_of(fifo: Path, examiner: Examiner) -> None:
    try:
        writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return  # Nobody has opened it yet.
    assert examiner._child is not None
    os.kill(examiner._child._process.pid, signal.SIGSEGV)
    os.close(writer)


def test_a_file_on_which_the_reader_dies_twice_is_refused_and_the_next_one_is_read(
    good: Request, tmp_path: Path
) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    with Examiner(ChildLimits()) as examiner:
        examiner._on_wait = lambda: kill_reader_of(endless, examiner)
        refused = examiner.examine(Request(str(endless)))
        examiner._on_wait = lambda: None
        assert examiner.examine(good).state == READY
    assert (refused.state, refused.code) == (REJECTED, "reader_crashed")
