"""Pictures beside the examination: all at once, in their places, and never at the examination's cost."""

import fast_simplification
import numpy as np
import pytest
import trimesh

from scans.examination.examination import READY, REJECTED, Request
from scans.examination.examine import examine
from scans.meshes.mesh import Mesh
from tests.benchmarks.inputs import write_stl


@pytest.fixture
def ball(tmp_path):
    """More faces than the first level of a preview shows."""
    shape = trimesh.creation.icosphere(subdivisions=7, radius=25)
    path = tmp_path / "ball.stl"
    write_stl(Mesh(np.array(shape.vertices, np.float32), np.array(shape.faces, np.int32)), path)
    return path


@pytest.fixture
def wanted(ball, tmp_path):
    places = {f"{name}_path": str(tmp_path / name) for name in ("thumbnail", "preview", "detail")}
    return Request(str(ball), **places)


def test_every_picture_lands_in_its_place(wanted, tmp_path):
    answer = examine(wanted)
    assert (answer.state, answer.has_thumbnail, answer.has_preview, answer.has_detail) == (READY, True, True, True)
    assert (tmp_path / "preview").read_bytes()[:4] == (tmp_path / "detail").read_bytes()[:4] == b"glTF"
    assert (tmp_path / "thumbnail").read_bytes()[8:12] == b"WEBP"


def test_only_what_has_a_place_is_drawn(ball, tmp_path):
    answer = examine(Request(str(ball), thumbnail_path=str(tmp_path / "thumbnail")))
    assert (answer.has_thumbnail, answer.has_preview, answer.has_detail) == (True, False, False)
    assert not examine(Request(str(ball))).has_thumbnail


def test_the_answer_and_the_pictures_repeat(wanted, tmp_path):
    first = examine(wanted), (tmp_path / "preview").read_bytes(), (tmp_path / "thumbnail").read_bytes()
    assert (examine(wanted), (tmp_path / "preview").read_bytes(), (tmp_path / "thumbnail").read_bytes()) == first


@pytest.mark.parametrize("error", [MemoryError, RuntimeError])
def test_a_preview_that_fails_is_a_finding(wanted, monkeypatch, error):
    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr(fast_simplification, "simplify", fail)
    answer = examine(wanted)
    assert (answer.state, answer.has_preview, answer.has_thumbnail) == (READY, False, True)
    assert "no_preview" in [finding["code"] for finding in answer.findings]


def test_what_is_refused_leaves_no_picture(tmp_path, wanted, ball):
    line = np.zeros((1, 3), np.float32)
    write_stl(Mesh(line, np.zeros((4, 3), np.int32)), ball)
    assert examine(wanted).state == REJECTED
    assert not (tmp_path / "thumbnail").exists()
    assert not (tmp_path / "preview").exists()
