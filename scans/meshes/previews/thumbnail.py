"""The small picture of a scan: its occlusal side, front teeth up, drawn without a graphics card.

Both jaws are shown as their impression would lie on a table: occlusal side to the viewer, front up. (Clinical
photographs turn the lower jaw front down; here the picture must be right before anyone knows which jaw it is.) What
has no arch's shape is shown from its widest side, a model with a flat base from the side opposite to the base.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scans.meshes.arch import Floats, arch_view, occlusal_direction
from scans.meshes.coarse import bounds, coarsen, points_in_use
from scans.meshes.measure import area_vectors, principal_axes
from scans.meshes.mesh import Mesh
from scans.meshes.raster import Raster, rasterize

BACKGROUND = np.array([0xED, 0xF0, 0xF4], np.float64)
PLASTER = np.array([236, 226, 208], np.float64)
OVERSAMPLING = 2
FINE_FACES = 100_000
"""More than these are thinned to about one vertex a pixel before drawing."""

MARGIN = 0.04
KEY_LIGHT = np.array([-0.45, 0.55, 0.70])
"""From the upper left, as every picture of relief is lit: the other way round hills look like hollows."""

DEPTH_SHADE = 0.30
"""How much darker the deepest point is: it shows a vault under the teeth."""

HOLLOWS = ((0.012, 0.30), (0.05, 0.34))
"""Of the picture's width, and how much darker: the grooves of a tooth, the vestibule and the space of the tongue."""

BASE_SHARE = 0.08
"""Of the area: a face of a model as flat and as large as this is its base."""


def thumbnail(mesh: Mesh, *, axes: Floats | None = None, width: int = 320, height: int = 240) -> bytes:
    """A WebP picture of any mesh, the same bytes for the same mesh.

    axes: (3, 3) unit rows right, up, towards the viewer, where the caller knows how the mesh lies.
    """
    picture = Image.fromarray(draw(mesh, axes=axes, width=width, height=height))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=85, method=4)
    return buffer.getvalue()


def draw(mesh: Mesh, *, axes: Floats | None = None, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) sRGB."""
    columns, rows = width * OVERSAMPLING, height * OVERSAMPLING
    if mesh.face_count > FINE_FACES:
        low, high = bounds(points_in_use(mesh))
        mesh = coarsen(mesh, 0.7 * float(np.linalg.norm(high - low)) / columns)
    if axes is None:
        axes = viewing_axes(mesh)
    low, high = bounds(points_in_use(mesh) @ axes.T)
    size = np.maximum(high - low, 1e-9)
    scale = (1 - 2 * MARGIN) * min(columns / size[0], rows / size[1])
    points = (mesh.vertices.astype(np.float64) @ axes.T - (low + high) / 2) * scale
    pixels = points * [1, -1, 1] + [(columns - 1) / 2, (rows - 1) / 2, 0]
    raster = rasterize(pixels, mesh.faces, columns, rows)
    image = np.tile(BACKGROUND, (rows, columns, 1))
    image[raster.hit] = _shade(raster, mesh, points)
    boxes = image.reshape(height, OVERSAMPLING, width, OVERSAMPLING, 3)
    smooth: NDArray[np.uint8] = boxes.mean(axis=(1, 3)).round().astype(np.uint8)
    return smooth


def _shade(raster: Raster, mesh: Mesh, points: Floats) -> Floats:
    """(N, 3) colours of the pixels that are hit: a light from the upper left, one from the eye, and darkness in
    hollows and with depth. points: (V, 3), in pixels."""
    own = np.tile(PLASTER, (len(points), 1)) if mesh.colors is None else mesh.colors.astype(np.float64)
    values = np.column_stack([vertex_normals(points, mesh.faces), points[:, 2], own])
    normals, heights, color = np.split(raster.interpolate(mesh.faces, values), [3, 4], axis=1)
    facing = np.ascontiguousarray(normals.T)
    facing *= np.where(facing[2] < 0, -1.0, 1.0) / (np.sqrt(np.einsum("kn,kn->n", facing, facing)) + 1e-12)
    key = np.clip(KEY_LIGHT / np.linalg.norm(KEY_LIGHT) @ facing, 0, None)
    height = np.ascontiguousarray(heights[:, 0])
    depth = (height.max(initial=0) - height) / (float(np.ptp(points[:, 2])) or 1.0)
    light = (0.26 + 0.30 * facing[2] + 0.60 * key) * (1 - DEPTH_SHADE * depth) * _openness(raster.hit, height)
    lit: Floats = np.clip(light[:, None] * color, 0, 255)
    return lit


def _openness(hit: NDArray[np.bool_], heights: Floats) -> Floats:
    """(N,) one on the level and on hills, less in hollows: how far a pixel lies below its surroundings, near and wide.

    A poor man's ambient occlusion, for a few milliseconds.
    """
    covered = hit.astype(np.float64)
    relief = np.zeros(hit.shape)
    relief[hit] = heights
    openness = np.ones(len(heights))
    for share, strength in HOLLOWS:
        radius = max(1, round(share * hit.shape[1]))
        around = _box_sum(relief, radius)[hit] / _box_sum(covered, radius)[hit]
        openness *= 1 - strength * np.tanh(np.clip((around - heights) / (0.5 * radius), 0, None))
    return openness


def _box_sum(values: Floats, radius: int) -> Floats:
    """Of the square of 2 radius + 1 pixels around each pixel, as far as it lies in the picture."""
    for axis, size in enumerate(values.shape):
        sums = np.cumsum(np.insert(values, 0, 0, axis=axis), axis=axis)
        places = np.arange(size)
        upper, lower = np.minimum(places + radius + 1, size), np.maximum(places - radius, 0)
        values = np.take(sums, upper, axis=axis) - np.take(sums, lower, axis=axis)
    return values


def vertex_normals(points: Floats, faces: NDArray[np.int32]) -> Floats:
    """(V, 3) unit normals: the mean of the faces around each vertex, weighted by their area; zero where there is
    none."""
    vectors = area_vectors(points[faces])
    corners = faces.reshape(-1)
    normals = np.stack([np.bincount(corners, np.repeat(vectors[:, k], 3), len(points)) for k in range(3)], axis=1)
    unit: Floats = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    return unit


def viewing_axes(mesh: Mesh) -> Floats:
    """(3, 3) unit rows right, up, towards the viewer."""
    view = arch_view(mesh)
    if view is not None:
        return view.axes
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas = np.linalg.norm(vectors, axis=1)
    axes = principal_axes(corners, areas)
    towards = _away_from_base(corners, vectors, areas)
    if towards is None:
        towards = occlusal_direction(mesh)
    return _turned(axes, axes[2] if towards is None else towards)


def _turned(axes: Floats, towards: Floats) -> Floats:
    """Axes that look along `towards`, the longest of the others across the picture, signs fixed so that pictures
    repeat."""
    across = [axis - (axis @ towards) * towards for axis in axes]
    right = max(across, key=lambda axis: float(np.round(np.linalg.norm(axis), 6)))
    right = right / np.linalg.norm(right)
    right = right * np.sign(right[np.argmax(np.abs(right))])
    return np.stack([right, np.cross(towards, right), towards])


def _away_from_base(corners: Floats, vectors: Floats, areas: Floats) -> Floats | None:
    """(3,) unit vector opposite to the largest flat outer face, or None where no face is large enough."""
    normals = vectors[areas > 0] / areas[areas > 0, None]
    if not len(normals):
        return None
    group = np.unique((normals * 12).round().astype(int), axis=0, return_inverse=True)[1]
    shares = np.bincount(group.reshape(-1), areas[areas > 0])
    members = np.zeros(len(areas), bool)
    members[np.flatnonzero(areas > 0)[group.reshape(-1) == shares.argmax()]] = True
    normal = vectors[members].sum(axis=0)
    normal = normal / np.linalg.norm(normal)
    heights = corners @ normal
    at_the_end = heights.min(axis=1) > heights.max() - 0.02 * np.ptp(heights)
    return -normal if areas[members & at_the_end].sum() > BASE_SHARE * areas.sum() and np.ptp(heights) > 0 else None
