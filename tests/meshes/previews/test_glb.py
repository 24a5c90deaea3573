"""What a viewer gets out of a GLB is the scan: its places, faces and colours, whatever the way they were packed."""

import subprocess
import sys

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from scans.classification.vocabulary import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.previews.glb import glb
from scans.synthetic.arch import make_arch
from tests.gltf.reading import open_glb

ARCH = make_arch(Arch.UPPER, seed=5, faces=30_000)
BOTH_WAYS = pytest.mark.parametrize("compress", [True, False], ids=["compressed", "plain"])


def plain(vertices, faces, colors=None):
    return Mesh(np.array(vertices, np.float32), np.array(faces, np.int32), colors)


def as_set(vertices, faces):
    """The faces by the places of their corners, in any order, each starting at any corner."""
    corners = np.asarray(vertices)[np.asarray(faces)]
    turns = [np.roll(corners, turn, axis=1).reshape(len(corners), 9) for turn in range(3)]
    return sorted(min(map(tuple, three)) for three in np.stack(turns, axis=1).tolist())


@BOTH_WAYS
def test_places_are_off_by_less_than_a_thousandth_of_a_millimetre(compress):
    opened = open_glb(glb(ARCH, compress=compress))
    assert np.ptp(ARCH.vertices, axis=0).max() < 80
    original, shown = as_set(ARCH.vertices, ARCH.faces), as_set(*nearest(opened))
    assert original == shown
    assert np.abs(nearest(opened)[0] - opened.vertices).max() < 0.001


def nearest(opened):
    """The opened mesh with its vertices moved to the nearest of the original ones."""
    return ARCH.vertices[KDTree(ARCH.vertices).query(opened.vertices)[1]], opened.faces


@BOTH_WAYS
def test_the_colours_of_the_file_come_back_exactly(compress):
    tones = np.arange(256, dtype=np.uint8)
    colors = np.stack([tones, tones[::-1], np.roll(tones, 7)], axis=1)
    vertices = np.column_stack([np.arange(256), np.arange(256) % 7, np.arange(256) % 3])
    opened = open_glb(glb(plain(vertices, [[i, i + 1, i + 2] for i in range(254)], colors), compress=compress))
    order = np.rint(opened.vertices[:, 0]).astype(int)
    assert len(order) == 256
    assert (srgb(opened.light) == colors[order]).all()


def srgb(light):
    """IEC 61966-2-1, as a screen applies it."""
    tone = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(tone * 255).astype(np.uint8)


@BOTH_WAYS
@pytest.mark.parametrize("distance_mm", [0, 90, 1e7])
def test_far_from_the_origin_it_is_as_exact_as_the_file(compress, distance_mm):
    moved = plain(ARCH.vertices[:300] + np.float32(distance_mm), np.arange(300).reshape(-1, 3))
    opened = open_glb(glb(moved, compress=compress))
    step = opened.tree["nodes"][0]["scale"][0]
    found = opened.vertices[opened.faces].reshape(-1, 3)
    found, wanted = (points[np.lexsort(np.rint(points / step / 4).T)] for points in (found, moved.vertices))
    assert np.abs(np.sort(found, axis=0) - np.sort(wanted.astype(float), axis=0)).max() <= step * 0.501


def test_one_step_for_all_axes_and_float32_numbers_in_the_node():
    node = open_glb(glb(ARCH)).tree["nodes"][0]
    assert len(set(node["scale"])) == 1
    for number in (*node["scale"], *node["translation"]):
        assert float(np.float32(number)) == number


def test_a_poor_order_costs_little():
    shuffled = np.random.default_rng(0).permutation(ARCH.vertex_count).astype(np.int32)
    back = np.argsort(shuffled).astype(np.int32)
    faces = np.random.default_rng(1).permutation(back[ARCH.faces])
    mixed = Mesh(ARCH.vertices[shuffled], faces, ARCH.colors[shuffled])
    assert len(glb(mixed)) < 1.1 * len(glb(ARCH))
    assert as_set(*at_rest(open_glb(glb(mixed)))) == as_set(*at_rest(open_glb(glb(ARCH))))


def at_rest(opened):
    return np.rint((opened.vertices - opened.vertices.min(axis=0)) * 1e4), opened.faces


def test_the_same_mesh_gives_the_same_bytes():
    assert glb(ARCH) == glb(Mesh(ARCH.vertices.copy(), ARCH.faces.copy(), ARCH.colors.copy()))


def test_what_no_face_uses_takes_no_space():
    far = plain([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1e6, 0, 0]], [[0, 1, 2], [0, 0, 1]])
    opened = open_glb(glb(far))
    assert (len(opened.vertices), len(opened.faces)) == (3, 1)
    assert opened.vertices.max() == pytest.approx(1, abs=1e-4)


def test_it_is_a_quarter_of_a_binary_stl_or_less():
    assert len(glb(Mesh(ARCH.vertices, ARCH.faces))) < 50 * ARCH.face_count / 4


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 20),
    st.floats(-40, 37),
    st.floats(-1e6, 1e6),
    st.integers(0, 2**32),
    st.booleans(),
)
def test_any_mesh_comes_back(count, face_count, power, offset, seed, compress):
    random = np.random.default_rng(seed)
    vertices = random.normal(size=(count, 3)) * 10.0**power + offset
    mesh = plain(vertices, random.integers(0, count, (face_count, 3)))
    opened = open_glb(glb(mesh, compress=compress))
    step = opened.tree["nodes"][0]["scale"][0]
    three = [face for face in mesh.faces.tolist() if len(set(face)) == 3] or mesh.faces.tolist()
    wanted = np.sort(mesh.vertices.astype(float)[three].reshape(-1, 3), axis=0)
    found = np.sort(opened.vertices[opened.faces].reshape(-1, 3), axis=0)
    assert len(opened.faces) == len(three)
    assert np.abs(found - wanted).max() <= step * 0.51


def test_without_the_codec_it_is_larger_and_as_good():
    program = (
        "import sys; sys.modules['meshopt'] = None\n"
        "import numpy as np\n"
        "from scans.meshes.previews.glb import glb\n"
        "from scans.meshes.mesh import Mesh\n"
        "sys.stdout.buffer.write(glb(Mesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32))))"
    )
    content = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60).stdout
    opened = open_glb(content)
    assert opened.tree["extensionsUsed"] == ["KHR_mesh_quantization"]
    assert opened.vertices == pytest.approx(np.eye(3), abs=1e-4)


def test_others_can_read_the_plain_form():
    scene = trimesh.load(trimesh.util.wrap_as_stream(glb(ARCH, compress=False)), file_type="glb", process=False)
    (geometry,) = scene.geometry.values()
    assert len(geometry.faces) == ARCH.face_count
    assert scene.extents == pytest.approx(np.ptp(ARCH.vertices, axis=0), abs=0.001)
