"""The rasteriser against every face tested at every pixel."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scans.meshes.raster import rasterize

WIDTH, HEIGHT = 23, 17


def nearest_by_hand(points, faces):
    """(H, W) depth of the nearest face at each pixel, -inf where there is none."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    nearest = np.full((HEIGHT, WIDTH), -np.inf)
    for a, b, c in points[faces]:
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if abs(area) < 1e-9:
            continue
        second = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area
        third = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area
        inside = np.minimum(np.minimum(second, third), 1 - second - third) >= 0
        depth = a[2] + second * (b[2] - a[2]) + third * (c[2] - a[2])
        nearest = np.where(inside, np.maximum(nearest, depth), nearest)
    return nearest


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_nearest_face_is_seen_at_every_pixel(seed, count):
    random = np.random.default_rng(seed)
    points = random.uniform(-10, 34, (20, 3))
    faces = random.integers(0, 20, (count, 3)).astype(np.int32)
    raster, expected = rasterize(points, faces, WIDTH, HEIGHT), nearest_by_hand(points, faces)
    assert np.array_equal(raster.hit, np.isfinite(expected))
    assert np.allclose(raster.interpolate(faces, points)[:, 2], expected[raster.hit], atol=1e-5)


@given(st.integers(0, 2**32 - 1))
def test_a_surface_on_whole_pixels_has_no_pinholes(seed):
    """Pixel centres lie on edges and corners all over."""
    random = np.random.default_rng(seed)
    across = random.permutation(WIDTH * HEIGHT)
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    points = np.empty((WIDTH * HEIGHT, 3))
    points[across] = np.column_stack([x.ravel(), y.ravel(), random.uniform(0, 1, WIDTH * HEIGHT)])
    index = across.reshape(HEIGHT, WIDTH)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    faces = np.concatenate([np.stack([a, b, c], 2).reshape(-1, 3), np.stack([a, c, d], 2).reshape(-1, 3)])
    assert rasterize(points, faces.astype(np.int32), WIDTH, HEIGHT).hit.all()


def test_faces_beside_the_picture_are_not_seen():
    points = np.array([[-9.0, 0, 0], [-5, 0, 0], [-5, 9, 0], [1e200, 0, 0], [2e200, 0, 0], [1e200, 9, 0]])
    assert not rasterize(points, np.array([[0, 1, 2], [3, 4, 5]], np.int32), WIDTH, HEIGHT).hit.any()
