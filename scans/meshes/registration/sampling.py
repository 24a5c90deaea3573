"""Points spread evenly over a surface, so that neither a file's density nor its vertices count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.measure import area_vectors
from scans.meshes.mesh import Mesh

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """points, normals: (N, 3); normals of unit length, by the winding of the file."""

    points: Floats
    normals: Floats

    def __len__(self) -> int:
        return len(self.points)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Samples":
        return Samples(self.points[chosen], self.normals[chosen])


def sampled(mesh: Mesh, count: int, *, seed: int = 0) -> Samples:
    """`count` points, as many on every square millimetre; the same mesh gives the same points."""
    rng = np.random.default_rng(seed)
    vectors = area_vectors(mesh.vertices[mesh.faces].astype(np.float64))
    areas = np.linalg.norm(vectors, axis=1)
    # Evenly along the summed area with a random part of a step: less clumped than free draws.
    places = (np.arange(count) + rng.random(count)) * areas.sum() / count
    chosen = np.searchsorted(np.cumsum(areas), places).clip(0, len(areas) - 1)
    first, second = np.sqrt(rng.random(count)), rng.random(count)
    weights = np.stack([1 - first, first * (1 - second), first * second], axis=1)
    points = np.einsum("nc,nck->nk", weights, mesh.vertices[mesh.faces[chosen]].astype(np.float64))
    return Samples(points, vectors[chosen] / np.maximum(areas[chosen], 1e-12)[:, None])
