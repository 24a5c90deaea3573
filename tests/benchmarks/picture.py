"""A picture for a peer that draws none without a graphics card: our rasteriser on its arrays, seen along z."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scans.meshes.raster import rasterize

WIDTH, HEIGHT = 640, 480


def draw(vertices: NDArray[np.float64], faces: NDArray[np.int64], path: Path) -> None:
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    pixels = (vertices - (low + high) / 2) * (0.92 * min(WIDTH, HEIGHT) / float((high - low).max()))
    raster = rasterize(np.add(pixels, [WIDTH / 2, HEIGHT / 2, 0]), faces.astype(np.int32), WIDTH, HEIGHT)
    corners = vertices[faces[raster.face[raster.hit]]]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    picture = np.full((HEIGHT, WIDTH), 240.0)
    picture[raster.hit] = 235 * np.abs(normals[:, 2]) / np.maximum(np.linalg.norm(normals, axis=1), 1e-30)
    smooth = picture.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)).astype(np.uint8)
    Image.fromarray(smooth).save(path)
