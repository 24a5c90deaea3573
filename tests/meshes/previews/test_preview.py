"""Two levels for a browser, and a word for people where something cannot be shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scans.classification.vocabulary import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.previews.preview import DETAIL_FACES, SMALL_FACES, preview
from scans.synthetic.arch import make_arch
from tests.gltf.reading import open_glb

LARGE = make_arch(Arch.UPPER, seed=4, faces=320_000)


def repeated(mesh, face_count):
    return Mesh(mesh.vertices, np.resize(mesh.faces, (face_count, 3)))


def test_a_small_scan_has_one_level_with_every_face():
    arch = make_arch(Arch.LOWER, seed=4, faces=20_000)
    seen = preview(arch)
    assert seen.detail is None
    assert seen.findings == ()
    assert len(open_glb(seen.small).faces) == arch.face_count


def test_a_large_scan_has_a_level_to_begin_with_and_one_with_every_face():
    seen = preview(LARGE)
    assert 0.9 * SMALL_FACES < len(open_glb(seen.small).faces) <= SMALL_FACES
    assert len(open_glb(seen.detail).faces) == LARGE.face_count
    assert seen.shown.face_count == len(open_glb(seen.small).faces)
    assert seen.findings == ()


def test_both_levels_lie_in_the_same_place_and_have_colours():
    seen = preview(LARGE)
    small, detail = open_glb(seen.small), open_glb(seen.detail)
    assert small.vertices.min(axis=0) == pytest.approx(detail.vertices.min(axis=0), abs=0.5)
    assert small.vertices.max(axis=0) == pytest.approx(detail.vertices.max(axis=0), abs=0.5)
    assert small.light.mean(axis=0) == pytest.approx(detail.light.mean(axis=0), abs=0.02)


def test_the_same_scan_gives_the_same_bytes():
    assert (preview(LARGE).small, preview(LARGE).detail) == (preview(LARGE).small, preview(LARGE).detail)


def test_more_than_a_browser_bears_is_shown_in_part_and_says_so():
    seen = preview(repeated(LARGE, DETAIL_FACES + 1))
    (finding,) = seen.findings
    assert seen.detail is None
    assert len(open_glb(seen.small).faces) <= SMALL_FACES
    assert finding.code == "preview_reduced"
    assert finding.data["faces"] == DETAIL_FACES + 1
    assert "8,000,001" in finding.message


def test_indices_stay_below_the_one_that_webgl_reserves():
    for level in (preview(LARGE).small, preview(LARGE).detail):
        accessors = open_glb(level).tree["accessors"]
        assert accessors[0]["componentType"] == 5125
        assert accessors[1]["count"] <= 4_294_967_294


@pytest.mark.parametrize("faces", [[[0, 0, 0]], [[0, 1, 2]], [[0, 1, 2]] * 3])
def test_what_has_no_area_says_that_it_cannot_be_shown(faces):
    line = Mesh(np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]], np.float32), np.array(faces, np.int32))
    assert [finding.code for finding in preview(line).findings] == ["no_preview"]


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 12), st.integers(1, 30), st.floats(-3, 5), st.floats(-1e7, 1e7), st.integers(0, 2**32), st.booleans()
)
def test_every_mesh_is_answered(count, face_count, power, offset, seed, colored):
    random = np.random.default_rng(seed)
    vertices = (random.normal(size=(count, 3)) * 10.0**power + offset).astype(np.float32)
    faces = random.integers(0, count, (face_count, 3)).astype(np.int32)
    colors = random.integers(0, 256, (count, 3)).astype(np.uint8) if colored else None
    seen = preview(Mesh(vertices, np.concatenate([faces, faces[:3]]), colors))
    assert len(open_glb(seen.small).faces) >= 1
    assert (open_glb(seen.small).light is not None) == colored
