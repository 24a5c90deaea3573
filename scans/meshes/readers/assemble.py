"""From the arrays a file holds to a Mesh that keeps its promises: shared by all readers."""

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, NoFaces, NotFinite, TooLarge
from scans.meshes.limits import ReadLimits
from scans.meshes.mesh import Mesh

UNPAINTED = 255
"""Colour of a vertex that no coloured face uses: white, so that shading alone shows."""


def build_mesh(
    vertices: NDArray[np.floating], faces: NDArray[np.integer], colors: NDArray[np.uint8] | None = None
) -> Mesh:
    """(V, 3) any float, (F, 3) any integer from 0, (V, 3) uint8 -> Mesh. Raises NoFaces, NotFinite, BadStructure."""
    if not len(faces):
        raise NoFaces("This file holds no surface, only points or nothing at all. Please export the scan as a mesh.")
    vertices = np.ascontiguousarray(vertices, dtype=np.float32)
    require_finite(vertices)
    require_in_range(faces, len(vertices))
    return Mesh(vertices, np.ascontiguousarray(faces, dtype=np.int32), colors)


def require_finite(coordinates: NDArray[np.float32]) -> None:
    # The sum is finite if every value is, and is far cheaper than a mask; it may overflow, then the mask decides.
    if np.isfinite(coordinates.sum(dtype=np.float64)):
        return
    bad = int(np.count_nonzero(~np.isfinite(coordinates)))
    if bad:
        raise NotFinite(
            f"{bad} coordinates of this file are not numbers. The file is damaged: please export it again.", values=bad
        )


def require_in_range(faces: NDArray[np.integer], vertex_count: int) -> None:
    lowest, highest = int(faces.min()), int(faces.max())
    if lowest < 0 or highest >= vertex_count:
        raise BadStructure(
            "This file is damaged: some triangles point to corners that are not in it. Please export it again.",
            code="index_out_of_range",
            lowest=lowest,
            highest=highest,
            vertices=vertex_count,
        )


def require_count(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise TooLarge(
            f"This file holds {count:,} {what}; more than {limit:,} are not accepted. "
            "Please export it with a lower resolution.",
            count=count,
            limit=limit,
        )


def require_counts(vertices: int, faces: int, limits: ReadLimits) -> None:
    require_count("points", vertices, limits.vertices)
    require_count("triangles", faces, limits.faces)


def fan(counts: NDArray[np.integer], corners: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
    """Polygons -> triangles around each polygon's first corner.

    counts: (P,) corners of each polygon, each >= 3. corners: (sum of counts,) one value per corner.
    Returns (F, 3) corner values and (F,) the polygon each triangle came from; the winding stays.
    """
    size = int(counts.min()) if len(counts) else 0
    if size == 3 and int(counts.max()) == 3:
        return corners.reshape(-1, 3), np.arange(len(counts), dtype=np.int64)
    if size == 4 and int(counts.max()) == 4:
        quads = corners.reshape(-1, 4)
        return quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), np.repeat(np.arange(len(counts), dtype=np.int64), 2)
    places, polygon = fan_places(counts)
    return corners[places], polygon


def fan_places(counts: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(P,) corners per polygon -> (F, 3) positions in the flat list of corners, (F,) polygon of each triangle."""
    triangles = counts.astype(np.int64) - 2
    polygon = np.repeat(np.arange(len(counts), dtype=np.int64), triangles)
    first_corner = (np.cumsum(counts, dtype=np.int64) - counts)[polygon]
    first_triangle = (np.cumsum(triangles) - triangles)[polygon]
    step = np.arange(len(polygon), dtype=np.int64) - first_triangle
    return np.stack([first_corner, first_corner + step + 1, first_corner + step + 2], axis=1), polygon


def paint_vertices(
    faces: NDArray[np.integer], corner_colors: NDArray[np.floating | np.integer], vertex_count: int
) -> NDArray[np.uint8]:
    """Colours of faces (F, 3) or of their corners (F, 3, 3), 0..255 -> (V, 3) uint8: the mean at every vertex."""
    if corner_colors.ndim == 2:
        corner_colors = np.repeat(corner_colors[:, None, :], 3, axis=1)
    flat = faces.reshape(-1)
    uses = np.bincount(flat, minlength=vertex_count)
    painted = np.full((vertex_count, 3), UNPAINTED, np.uint8)
    for channel in range(3):
        total = np.bincount(flat, weights=corner_colors[..., channel].reshape(-1), minlength=vertex_count)
        mean = np.rint(total[uses > 0] / uses[uses > 0])
        painted[uses > 0, channel] = mean.astype(np.uint8)
    return painted


def colors_from_floats(values: NDArray[np.floating]) -> NDArray[np.uint8] | None:
    """(N, 3) colours as 0..1 or as 0..255 -> uint8; None where they are neither, or not numbers."""
    if not len(values) or not np.isfinite(values).all() or values.min() < 0 or values.max() > 255:
        return None
    scale = 255.0 if values.max() <= 1.0 else 1.0
    colors: NDArray[np.uint8] = np.rint(values * scale).astype(np.uint8)
    return colors
