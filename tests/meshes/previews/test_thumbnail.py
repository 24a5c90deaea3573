"""The small picture: right way up, deterministic, and there for any mesh."""

import io
import time

import numpy as np
import pytest
import trimesh
from PIL import Image
from scipy.spatial.transform import Rotation

from scans.meshes.mesh import Mesh
from scans.meshes.previews.thumbnail import BACKGROUND, draw, thumbnail
from scans.meshes.raster import rasterize
from tests.meshes.test_arch import MESH, turned


def build(vertices, faces, colors=None):
    return Mesh(np.array(vertices, np.float32), np.array(faces, np.int32), colors)


def drawn(mesh, width=160, height=120):
    """Where the picture is not background."""
    return np.abs(draw(mesh, width=width, height=height) - BACKGROUND).max(axis=2) > 3


TRIANGLE = build([[0, 0, 0], [2, 0, 0], [0, 1, 0]], [[0, 1, 2]])


def test_it_is_a_webp_of_the_size_asked_for():
    picture = Image.open(io.BytesIO(thumbnail(MESH, width=200, height=100)))
    assert (picture.format, picture.size) == ("WEBP", (200, 100))


def test_it_is_the_same_on_every_run():
    assert thumbnail(MESH) == thumbnail(MESH)


@pytest.mark.parametrize("turn", [[0, 0, 0], [2.5, 0, 0], [0.4, 1.2, -2.0], [0, 0, 3.1]])
def test_the_front_teeth_are_up_and_the_open_end_is_down(turn):
    seen = drawn(turned(MESH, Rotation.from_euler("xyz", turn), (80, -10, 3)))
    middle = seen[:, 70:90]
    assert middle[: 120 // 3].any()
    assert not middle[-120 // 3 :].any()
    assert seen[-120 // 3 :, :60].any()
    assert seen[-120 // 3 :, 100:].any()


def test_a_palate_shows():
    x, y = np.meshgrid(np.linspace(-22, 22, 30), np.linspace(-40, -3, 30), indexing="ij")
    index = np.arange(900).reshape(30, 30)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    plate = np.column_stack([x.ravel(), y.ravel(), np.full(900, -13.0)])
    upper = build([*MESH.vertices, *plate], [*MESH.faces, *(faces + MESH.vertex_count)])
    assert drawn(upper)[50:70, 70:90].all()
    assert not drawn(MESH)[60:70, 70:90].any()


def test_a_model_is_seen_from_the_side_opposite_to_its_base():
    ball = trimesh.creation.icosphere(subdivisions=3, radius=30)
    vertices = ball.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], 0)
    top = np.argmax(vertices[:, 2])
    colors = np.full((len(vertices), 3), 60, np.uint8)
    colors[vertices[:, 2] > 0.01] = [250, 60, 60]
    picture = draw(build(vertices, ball.faces, colors), width=160, height=120).astype(int)
    assert vertices[top, 2] > 20
    assert picture[60, 80, 0] > picture[60, 80, 2] + 60


def test_whoever_knows_how_the_mesh_lies_says_so():
    colors = np.array([[250, 60, 60]] * 3 + [[60, 60, 250]] * 3, np.uint8)
    sides = build([[0, 0, 1], [4, 0, 1], [0, 3, 1], [0, 0, 0], [4, 0, 0], [0, 3, 0]], [[0, 1, 2], [3, 5, 4]], colors)
    above, below = np.eye(3), np.diag([-1.0, 1.0, -1.0])
    for axes, strong, weak in ((above, 0, 2), (below, 2, 0)):
        seen = draw(sides, axes=axes, width=80, height=60)[30].astype(int)
        assert (seen[:, strong] > seen[:, weak] + 60).any()
        assert not (seen[:, weak] > seen[:, strong] + 60).any()


def test_a_hollow_is_darker_than_the_level_around_it():
    x, y = np.meshgrid(np.arange(60), np.arange(60))
    pit = np.where(np.hypot(x - 30, y - 30) < 3, -3.0, 0.0)
    index = np.arange(3600).reshape(60, 60)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    mesh = build(np.column_stack([x.ravel(), y.ravel(), pit.ravel()]), np.vstack([np.c_[a, b, c], np.c_[a, c, d]]))
    picture = draw(mesh, axes=np.eye(3), width=160, height=120).astype(int).sum(axis=2)
    assert picture[60, 80] < 0.8 * picture[60, 50]


def test_colours_of_the_scan_are_used():
    red = build(TRIANGLE.vertices, TRIANGLE.faces, np.array([[255, 0, 0]] * 3, np.uint8))
    picture = draw(red, width=80, height=60)
    assert (picture[..., 0] > 150).any()
    assert picture[drawn(red, 80, 60)][:, 1].min() < 30


def test_one_triangle_is_seen_from_its_flat_side():
    assert drawn(TRIANGLE).mean() > 0.2


@pytest.mark.parametrize(
    "mesh",
    [
        build([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]]),
        build([[5, 5, 5]], [[0, 0, 0]]),
        build([[0, 0, 0], [3e38, 0, 0], [0, 3e38, -3e38]], [[0, 1, 2]]),
        build([[0, 0, 0], [1e-30, 0, 0], [0, 1e-30, 0]], [[0, 1, 2]]),
    ],
    ids=["line", "point", "as large as numbers go", "as small"],
)
def test_any_mesh_gets_a_picture(mesh):
    assert Image.open(io.BytesIO(thumbnail(mesh))).size == (320, 240)


def test_the_nearer_face_hides_the_farther_one_whatever_their_order():
    square = np.array([[0, 0], [9, 0], [9, 9], [0, 9]])
    points = np.vstack([np.column_stack([square, [height] * 4]) for height in (1.0, 5.0)])
    faces = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]], np.int32)
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        seen = rasterize(points, faces[order], 10, 10)
        assert seen.hit.all()
        assert seen.interpolate(faces[order], points[:, 2:]) == pytest.approx(5)


def test_neighbours_leave_no_pinholes():
    ball = trimesh.creation.icosphere(subdivisions=4, radius=100)
    points = ball.vertices + 100
    hit = rasterize(points, ball.faces.astype(np.int32), 201, 201).hit
    y, x = np.mgrid[:201, :201]
    assert hit[np.hypot(x - 100, y - 100) < 99].all()
    assert not hit[np.hypot(x - 100, y - 100) > 100.01].any()


def test_200_000_faces_are_drawn_in_a_second():
    ball = trimesh.creation.icosphere(subdivisions=7, radius=30)
    vertices, faces = ball.vertices, ball.faces[ball.triangles_center[:, 2] > 0]
    mesh = build(vertices * [1, 1, 0.4], faces)
    start = time.process_time()
    thumbnail(mesh)
    assert mesh.face_count > 150_000
    assert time.process_time() - start < 2.0
