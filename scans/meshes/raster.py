"""Which face is seen through each pixel: a z-buffer in NumPy, for pictures and for height maps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FRAGMENTS_AT_ONCE = 2_000_000
"""Candidate pixels handled together: bounds the memory at about 200 MB, whatever the mesh."""

_DEPTH_STEPS = 2**31 - 1
_FLAT = 1e-9
"""Square pixels: a face seen edge-on covers no pixel."""

_EDGE_SLACK = 1e-6
"""Pixel centres on the edge of two faces belong to both, so that rounding leaves no pinholes."""


@dataclass(frozen=True, slots=True)
class Raster:
    """What is seen: `face` (H, W) int32, -1 where nothing is; `weights` (H, W, 3) float64, barycentric in that face."""

    face: NDArray[np.int32]
    weights: NDArray[np.float64]

    @property
    def hit(self) -> NDArray[np.bool_]:
        return self.face >= 0

    def interpolate(self, faces: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(V, K) values at the vertices -> (N, K) values at the pixels that are hit, in row order."""
        corners = faces[self.face[self.hit]]
        mixed: NDArray[np.float64] = np.einsum("nc,nck->nk", self.weights[self.hit], values[corners])
        return mixed


def rasterize(points: NDArray[np.float64], faces: NDArray[np.int32], width: int, height: int) -> Raster:
    """(V, 3) points in pixels -> what is seen: x right, y down, centres at whole numbers, larger z nearer."""
    corners = points[faces]
    nearest = np.zeros(width * height, np.uint64)
    lowest, span = float(points[:, 2].min()), float(np.ptp(points[:, 2])) or 1.0
    for ids, x, y in _fragments(corners, width, height):
        weights = _barycentric(corners[ids], x, y)
        inside = np.all(weights >= -_EDGE_SLACK, axis=1)
        ids, weights = ids[inside], weights[inside]
        depth = (np.einsum("nc,nc->n", weights, corners[ids, :, 2]) - lowest) / span
        level = (np.clip(depth, 0, 1) * _DEPTH_STEPS).astype(np.uint64)
        # Depth above, face below in one number: the greatest is the nearest, and the same on every run.
        np.maximum.at(nearest, y[inside] * width + x[inside], (level << np.uint64(32)) | (ids + 1).astype(np.uint64))
    return _seen(nearest, corners, width, height)


def _fragments(
    corners: NDArray[np.float64], width: int, height: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Every pixel in the bounding box of every face, in portions: face (N,), x (N,), y (N,)."""
    first, second, third = (corners[:, corner, :2] for corner in range(3))
    low = np.ceil(np.minimum(np.minimum(first, second), third)).clip(0, None).astype(np.int64)
    high = np.floor(np.maximum(np.maximum(first, second), third)).clip(None, [width - 1, height - 1]).astype(np.int64)
    columns, rows = (high - low + 1).clip(0, None).T
    flat = np.abs(_doubled_area(corners)) < _FLAT
    counts = np.where(flat, 0, columns * rows)
    wanted = np.flatnonzero(counts)
    portions = np.cumsum(counts[wanted]) // _FRAGMENTS_AT_ONCE
    for portion in np.split(wanted, np.flatnonzero(np.diff(portions)) + 1):
        ids = np.repeat(portion, counts[portion])
        starts = np.cumsum(counts[portion]) - counts[portion]
        within = np.arange(len(ids)) - np.repeat(starts, counts[portion])
        row, column = np.divmod(within, columns[ids])
        yield ids, low[ids, 0] + column, low[ids, 1] + row


def _doubled_area(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed, in the plane of the picture."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area: NDArray[np.float64] = first[:, 0] * second[:, 1] - second[:, 0] * first[:, 1]
    return area


def _barycentric(corners: NDArray[np.float64], x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """(N, 3, 3) corners and one pixel each -> (N, 3) weights that sum to one."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    dx, dy = x - corners[:, 0, 0], y - corners[:, 0, 1]
    area = _doubled_area(corners)
    of_second = (dx * second[:, 1] - second[:, 0] * dy) / area
    of_third = (first[:, 0] * dy - dx * first[:, 1]) / area
    return np.stack([1 - of_second - of_third, of_second, of_third], axis=1)


def _seen(nearest: NDArray[np.uint64], corners: NDArray[np.float64], width: int, height: int) -> Raster:
    face = (nearest & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1
    pixels = np.flatnonzero(face >= 0)
    weights = np.zeros((width * height, 3))
    weights[pixels] = _barycentric(corners[face[pixels]], pixels % width, pixels // width)
    return Raster(face.astype(np.int32).reshape(height, width), weights.reshape(height, width, 3))
