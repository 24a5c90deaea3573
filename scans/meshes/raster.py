"""Which face is seen through each pixel: a z-buffer in NumPy, for pictures and for height maps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FACES_AT_ONCE, _SPANS_AT_ONCE, _FRAGMENTS_AT_ONCE = 1 << 14, 1 << 17, 1 << 18
"""Portions that bound the memory at some 50 MB, whatever the mesh, and stay in the processor's cache."""

_DEPTH_STEPS = 2**31 - 1
_FLAT = 1e-9
"""Square pixels: a face seen edge-on covers no pixel."""

_EDGE_SLACK = 1e-6
"""Pixel centres on the edge of two faces belong to both, so that rounding leaves no pinholes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Raster:
    """What is seen: `face` (H, W) int32, -1 where nothing is; `weights` (H, W, 3) float64, barycentric in that face."""

    face: NDArray[np.int32]
    weights: Floats

    @property
    def hit(self) -> NDArray[np.bool_]:
        return self.face >= 0

    def interpolate(self, faces: NDArray[np.int32], values: Floats) -> Floats:
        """(V, K) values at the vertices -> (N, K) values at the pixels that are hit, in row order."""
        pixels = np.flatnonzero(self.hit)
        seen = self.face.reshape(-1).take(pixels)
        mixed = np.zeros((values.shape[1], len(pixels)))
        # Corner by corner and column by column: no array of all values at all corners of all pixels.
        for corner in range(3):
            vertices = np.ascontiguousarray(faces[:, corner]).take(seen)
            weights = self.weights.reshape(-1, 3)[:, corner].take(pixels)
            for column, into in zip(values.T, mixed, strict=True):
                into += weights * np.ascontiguousarray(column).take(vertices)
        return mixed.T


def rasterize(points: Floats, faces: NDArray[np.int32], width: int, height: int) -> Raster:
    """(V, 3) points in pixels -> what is seen: x right, y down, centres at whole numbers, larger z nearer."""
    columns = np.array(points.T, np.float64, order="C")
    lowest, depth = float(columns[2].min()), float(np.ptp(columns[2])) or 1.0
    columns[2] = (columns[2] - lowest) / depth * _DEPTH_STEPS
    nearest = np.zeros(width * height, np.uint64)
    for start in range(0, len(faces), _FACES_AT_ONCE):
        slopes = _slopes(columns, faces[start : start + _FACES_AT_ONCE], start, width, height)
        for portion in _portions(slopes.rows, _SPANS_AT_ONCE):
            _paint(nearest, _spans(slopes, portion, width))
    return _seen(nearest, columns, faces, width, height)


def heights_of(points: Floats, faces: NDArray[np.int32], width: int, height: int) -> Floats:
    """(V, 3) points in pixels -> (H, W) the greatest z over each pixel, NaN where there is no surface."""
    raster = rasterize(points, faces, width, height)
    heights = np.full((height, width), np.nan)
    heights[raster.hit] = raster.interpolate(faces, points[:, 2:])[:, 0]
    return heights


@dataclass(frozen=True, slots=True, eq=False)
class _Slopes:
    """How N faces lie in the picture. number: the face's, from 1. left, top: the first pixel of its bounding box.
    columns, rows: of that box. weights, by_x, by_y: (3, N) barycentric weights at that pixel, and how they grow from
    pixel to pixel. depth: (3, N) at that pixel, and how it grows by x and by y.
    """

    number: NDArray[np.int64]
    left: NDArray[np.int64]
    top: NDArray[np.int64]
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: Floats
    by_x: Floats
    by_y: Floats
    depth: Floats


def _slopes(columns: Floats, faces: NDArray[np.int32], start: int, width: int, height: int) -> _Slopes:
    """Of the faces that may cover a pixel."""
    corners = [np.take(columns, corner, axis=1) for corner in np.ascontiguousarray(faces.T)]
    last = np.array([[width - 1], [height - 1]])
    flat = [corner[:2] for corner in corners]
    low = np.ceil(np.minimum(np.minimum(*flat[:2]), flat[2])).clip(0, last + 1).astype(np.int64)
    high = np.floor(np.maximum(np.maximum(*flat[:2]), flat[2])).clip(-1, last).astype(np.int64)
    area = _cross(flat[1] - flat[0], flat[2] - flat[0])
    seen = np.flatnonzero((high >= low).all(axis=0) & (np.abs(area) >= _FLAT))
    corners, low, high, area = [corner[:, seen] for corner in corners], low[:, seen], high[:, seen], area[seen]
    ends = ((corners[1], corners[2]), (corners[2], corners[0]), (corners[0], corners[1]))
    by_x = np.stack([first[1] - second[1] for first, second in ends]) / area
    by_y = np.stack([second[0] - first[0] for first, second in ends]) / area
    weights = by_x * (low[0] - corners[0][0]) + by_y * (low[1] - corners[0][1])
    weights[0] += 1
    depths = np.stack([corner[2] for corner in corners])
    depth = np.stack([np.einsum("kn,kn->n", each, depths) for each in (weights, by_x, by_y)])
    size = high - low + 1
    return _Slopes(seen + (start + 1), low[0], low[1], size[0], size[1], weights, by_x, by_y, depth)


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """What faces cover of a row. number: the face's. pixel: the first one in the picture. depth: there; by_x: its
    growth to the next. counts: how many pixels."""

    number: NDArray[np.int64]
    pixel: NDArray[np.int64]
    depth: Floats
    by_x: Floats
    counts: NDArray[np.int64]


def _spans(slopes: _Slopes, portion: slice, width: int) -> _Spans:
    rows = slopes.rows[portion]
    face = np.repeat(np.arange(portion.start, portion.stop), rows)
    row = _within(rows)
    start, stop = np.zeros(len(face)), (slopes.columns[face] - 1).astype(np.float64)
    for weights, by_x, by_y in zip(slopes.weights, slopes.by_x, slopes.by_y, strict=True):
        growth, margin = by_x[face], weights[face] + by_y[face] * row + _EDGE_SLACK
        # The weight must not fall below zero: that bounds the span on the side towards which it falls.
        with np.errstate(divide="ignore", invalid="ignore"):
            zero = -margin / growth
        np.maximum(start, zero, out=start, where=growth > 0)
        np.minimum(stop, zero, out=stop, where=growth < 0)
        stop[(growth == 0) & (margin < 0)] = -1
    start = np.ceil(start)
    counts = (np.floor(stop) - start + 1).clip(0, width).astype(np.int64)
    kept = np.flatnonzero(counts)
    face, row, start, counts = face[kept], row[kept], start[kept], counts[kept]
    depth, by_x, by_y = (values[face] for values in slopes.depth)
    pixel = (slopes.top[face] + row) * width + slopes.left[face] + start.astype(np.int64)
    return _Spans(slopes.number[face], pixel, depth + by_x * start + by_y * row, by_x, counts)


def _paint(nearest: NDArray[np.uint64], spans: _Spans) -> None:
    for portion in _portions(spans.counts, _FRAGMENTS_AT_ONCE):
        counts = spans.counts[portion]
        step = _within(counts)
        depth = np.repeat(spans.depth[portion], counts) + np.repeat(spans.by_x[portion], counts) * step
        # Depth above, face below in one number: the greatest is the nearest, and the same on every run.
        keys = depth.clip(0, _DEPTH_STEPS).astype(np.uint64) << np.uint64(32)
        keys |= np.repeat(spans.number[portion].astype(np.uint64), counts)
        np.maximum.at(nearest, np.repeat(spans.pixel[portion], counts) + step, keys)


def _portions(counts: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Runs of neighbours whose counts add up to `most` at most, or are a single one."""
    ends, start = np.cumsum(counts), 0
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, "right")))
        yield slice(start, stop)
        start = stop


def _within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, ... counts[0] - 1, 0, 1, ... counts[1] - 1, and so on."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def _cross(first: Floats, second: Floats) -> Floats:
    """(2, N) times (2, N): twice the signed area between them."""
    area: Floats = first[0] * second[1] - second[0] * first[1]
    return area


def _seen(nearest: NDArray[np.uint64], columns: Floats, faces: NDArray[np.int32], width: int, height: int) -> Raster:
    face = (nearest & np.uint64(0xFFFFFFFF)).astype(np.int32) - np.int32(1)
    pixels = np.flatnonzero(face >= 0)
    weights = np.zeros((width * height, 3))
    corners = [np.take(columns[:2], corner, axis=1) for corner in np.ascontiguousarray(faces[face[pixels]].T)]
    weights[pixels] = _barycentric(corners, np.stack([pixels % width, pixels // width]))
    return Raster(face.reshape(height, width), weights.reshape(height, width, 3))


def _barycentric(corners: list[Floats], pixels: NDArray[np.int64]) -> Floats:
    """Three times (2, N) corners and one pixel each -> (N, 3) weights that sum to one."""
    first, second, offset = corners[1] - corners[0], corners[2] - corners[0], pixels - corners[0]
    area = _cross(first, second)
    of_second, of_third = _cross(offset, second) / area, _cross(first, offset) / area
    return np.stack([1 - of_second - of_third, of_second, of_third], axis=1)
