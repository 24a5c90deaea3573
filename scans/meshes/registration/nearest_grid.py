"""For every place around a surface which of its sample points is next to it: many poses are scored by look-up alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from scans.meshes.registration.sampling import Samples

CELL_MM = 0.5
MARGIN_MM = 2.0
Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class NearestGrid:
    """points, normals: (N + 1, 3), the last row infinitely far away. nearest: (X, Y, Z) row of the sample in or next
    to each cell; the outermost cells, which stand for everything outside, hold the last row."""

    points: Singles
    normals: Singles
    nearest: NDArray[np.int32]
    low: Singles

    def look_up(self, places: Singles) -> tuple[Singles, Singles]:
        """(..., 3) places -> the samples next to them and their normals."""
        cell = ((places - self.low) / np.float32(CELL_MM)).astype(np.int32)
        x, y, z = (cell[..., axis].clip(0, self.nearest.shape[axis] - 1) for axis in range(3))
        _, rows, columns = self.nearest.shape
        row = self.nearest.reshape(-1)[(x * rows + y) * columns + z]
        return self.points[row], self.normals[row]


def nearest_grid(samples: Samples) -> NearestGrid:
    low = samples.points.min(axis=0) - MARGIN_MM
    size = np.ceil((np.ptp(samples.points, axis=0) + 2 * MARGIN_MM) / CELL_MM).astype(int) + 1
    held = np.full(size, -1, np.int32)
    held[tuple(((samples.points - low) / CELL_MM).astype(int).T)] = np.arange(len(samples))
    _, index = distance_transform_edt(held < 0, return_indices=True)
    nearest = np.full(size, len(samples), np.int32)
    inner = (slice(1, -1),) * 3
    nearest[inner] = held[tuple(index)][inner]
    points = np.vstack([samples.points, np.full((1, 3), 1e6)]).astype(np.float32)
    normals = np.vstack([samples.normals, np.zeros((1, 3))]).astype(np.float32)
    return NearestGrid(points, normals, nearest, low.astype(np.float32))
