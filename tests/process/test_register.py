"""The processes that lay jaws on each other: what kills them is an answer with a reason."""

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

from scans.classification.verdict import Arch
from scans.examination.asking import ChildLimits
from scans.examination.registrar import relate
from scans.examination.relation import Failure, JawsRequest, Relation, RelationKind, ScanFile
from scans.meshes.mesh import Mesh
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from tests.made import lower_stl, upper_stl

pytestmark = pytest.mark.process


def request_of(tmp_path: Path, *, matrix: list[float] | None = None) -> JawsRequest:
    upper, lower = tmp_path / "upper", tmp_path / "lower"
    upper.write_bytes(upper_stl())
    lower.write_bytes(lower_stl())
    return JawsRequest(ScanFile(str(upper)), ScanFile(str(lower), matrices={"transform": matrix} if matrix else {}))


def kill_when_reading(pipe: Path) -> None:
    """A pipe can be opened for writing only once somebody reads it: the process has started and is at work."""
    try:
        writing = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    found = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "scans.examination.relate"], capture_output=True)
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    os.close(writing)


def test_jaws_that_meet_need_no_matrix(tmp_path: Path) -> None:
    matrix = [1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 50, 0, 0, 0, 1]
    found = relate(request_of(tmp_path, matrix=matrix), ChildLimits(), lambda: None)
    assert isinstance(found, Relation)
    assert found.kind is RelationKind.AS_EXPORTED


def test_a_matrix_places_what_was_exported_apart(tmp_path: Path) -> None:
    request = request_of(tmp_path, matrix=[1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 50, 0, 0, 0, 1])
    mesh = make_arch(Arch.LOWER, seed=1, faces=6_000)
    lowered = Mesh(mesh.vertices - np.float32([0, 0, 50]), mesh.faces)
    Path(request.lower.path).write_bytes(writers.stl(lowered))
    found = relate(request, ChildLimits(), lambda: None)
    assert isinstance(found, Relation)
    assert (found.kind, found.lower_to_upper) == (RelationKind.MATRIX, request.lower.matrices["transform"])


def test_a_process_that_is_killed_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    request = JawsRequest(ScanFile(str(endless)), ScanFile(str(endless)))
    found = relate(request, ChildLimits(), lambda: kill_when_reading(endless))
    assert isinstance(found, Failure)
    assert (found.code, bool(found.message)) == ("registration_crashed", True)


def test_a_process_that_never_ends_is_stopped(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    found = relate(JawsRequest(ScanFile(str(endless)), ScanFile(str(endless))), ChildLimits(seconds=4), lambda: None)
    assert isinstance(found, Failure)
    assert found.code == "too_slow"


def test_a_scan_that_cannot_be_read_again_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"not a mesh")
    found = relate(JawsRequest(ScanFile(str(broken)), ScanFile(str(broken))), ChildLimits(), lambda: None)
    assert isinstance(found, Failure)
    assert found.code == "not_read"
