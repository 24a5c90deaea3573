"""How an arch lies in its file: the occlusal side, the front, and the horseshoe of the teeth. From the shape alone.

Steps: the area vector of an open scan points out of the mouth; the thinnest principal axis on that side is close to the
occlusal direction; a plane through the tooth tops refines it; seen from there, the tops form a horseshoe, whose
mirror line is the front-back axis. Against the labelled axes of 126 public arches the occlusal direction is off by 3
degrees in the median (17 at most) and the front by 4 (16 at most).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.coarse import bounds, coarsen, points_in_use
from scans.meshes.measure import area_vectors, principal_axes
from scans.meshes.mesh import Mesh
from scans.meshes.raster import heights_of
from scans.meshes.topology import edges

STEP_MM = 0.5
LEAST_FACING = 0.2
"""Area vector over area: 0.28 to 0.53 in 126 public arches; 0 for closed models, whose occlusal side stays unknown."""

EXTENTS_MM = (30.0, 130.0)
"""Longest extent of what may be an arch: keeps height maps small, and files in another unit out."""

TOOTH_TOPS_MM = 6.0
DIRECTIONS = 120
"""Rays from the middle of the arch, 3 degrees apart: one point of the horseshoe each."""

SIDES = 180
"""Directions from which the outline of the teeth is taken: its middle then is right to a hundredth of a millimetre."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HeightMap:
    """Seen from the occlusal side. heights: (H, W) mm over the occlusal plane, NaN where there is no surface.

    Columns run to the right and rows to the front, STEP_MM apart; `x` (W,) and `y` (H,) are their places in mm.
    """

    heights: Floats
    x: Floats
    y: Floats

    @property
    def covered(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.heights)


@dataclass(frozen=True, slots=True, eq=False)
class Horseshoe:
    """The ridge of the tooth tops. points: (N, 3) mm in the arch's frame, at most one for each of DIRECTIONS rays.

    asymmetry_mm: mean distance between the ridge and its mirror image. span: part of the rays that meet teeth, 0..1.
    width_mm and depth_mm: of the ridge. parabola: behind = a x^2 + b x + c, mm; parabola_error_mm: median distance to
    it.
    """

    points: Floats
    asymmetry_mm: float
    span: float
    width_mm: float
    depth_mm: float
    parabola: tuple[float, float, float]
    parabola_error_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class ArchView:
    """An arch in its own frame.

    axes: (3, 3) unit rows right, anterior, occlusal in the file's coordinates: the picture a clinician knows,
    occlusal side towards the viewer and front teeth up (`right` is the picture's right, not the patient's). origin:
    (3,), on the occlusal plane. Millimetres in this frame: (vertices - origin) @ axes.T. facing: see Measures.
    rim_mm: median height of the open rim: the gum's edge, well below the teeth, unless the surface is inside out.
    """

    axes: Floats
    origin: Floats
    facing: float
    rim_mm: float
    map: HeightMap
    horseshoe: Horseshoe


def occlusal_direction(mesh: Mesh) -> Floats | None:
    """(3,) unit vector out of the mouth, roughly; None where the shape does not tell (closed, bent, a ball)."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas, total = np.linalg.norm(vectors, axis=1), vectors.sum(axis=0)
    if np.linalg.norm(total) <= LEAST_FACING * areas.sum():
        return None
    thinnest = principal_axes(corners, areas)[2]
    along = float(thinnest @ total) / float(np.linalg.norm(total))
    return thinnest * np.sign(along) if abs(along) > 0.7 else None


def arch_view(mesh: Mesh) -> ArchView | None:
    """The arch in its own frame, or None for what is not an open surface of an arch's size and direction."""
    low, high = bounds(points_in_use(mesh))
    longest = float(np.linalg.norm(high - low))
    if not EXTENTS_MM[0] <= longest <= EXTENTS_MM[1]:
        return None
    coarse = coarsen(mesh, STEP_MM * 0.8)
    occlusal = occlusal_direction(coarse)
    if occlusal is None:
        return None
    return _view(coarse, occlusal)


def _view(mesh: Mesh, occlusal: Floats) -> ArchView | None:
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    vectors = area_vectors(corners)
    areas = np.linalg.norm(vectors, axis=1)
    origin = np.average(corners.mean(axis=1), axis=0, weights=areas)
    # Started along the principal axes, the grid lies the same way on the teeth however the file is turned.
    axes = _frame(occlusal, principal_axes(corners, areas)[0])
    for _ in range(2):
        heights = height_map(mesh, axes, origin)
        normal, offset = _occlusal_plane(heights)
        origin = origin + offset * axes[2]
        axes = _frame(normal @ axes, axes[1])
    ridge = _ridge(height_map(mesh, axes, origin))
    if ridge is None:
        return None
    angle, middle, _ = _mirror_line(ridge)
    front = np.array([np.cos(angle), np.sin(angle), 0.0])
    origin = origin + (middle * np.array([-front[1], front[0], 0.0])) @ axes
    axes = _frame(axes[2], front @ axes)
    seen = height_map(mesh, axes, origin)
    ridge = _ridge(seen)
    if ridge is None:
        return None
    facing = float(np.linalg.norm(vectors.sum(axis=0)) / areas.sum())
    return ArchView(axes, origin, facing, _rim_height(mesh, axes, origin), seen, _horseshoe(ridge))


def _rim_height(mesh: Mesh, axes: Floats, origin: Floats) -> float:
    first, second, uses, _ = edges(mesh.faces)
    rim = np.union1d(first[uses == 1], second[uses == 1])
    return float(np.median((mesh.vertices[rim] - origin) @ axes[2])) if len(rim) else 0.0


def _frame(occlusal: Floats, towards: Floats) -> Floats:
    """Rows right, anterior, occlusal; anterior is `towards` as far as it lies across `occlusal`."""
    up = occlusal / np.linalg.norm(occlusal)
    anterior = towards - (towards @ up) * up
    anterior = anterior / np.linalg.norm(anterior)
    return np.stack([np.cross(anterior, up), anterior, up])


def height_map(mesh: Mesh, axes: Floats, origin: Floats) -> HeightMap:
    points = (mesh.vertices - origin) @ axes.T
    low = points.min(axis=0) - STEP_MM
    width, height = (np.ceil(np.ptp(points[:, :2], axis=0) / STEP_MM).astype(int) + 3).tolist()
    pixels = np.column_stack([(points[:, :2] - low[:2]) / STEP_MM, points[:, 2]])
    heights = heights_of(pixels, mesh.faces, width, height)
    return HeightMap(heights, low[0] + STEP_MM * np.arange(width), low[1] + STEP_MM * np.arange(height))


def _occlusal_plane(seen: HeightMap, tile: int = 10) -> tuple[Floats, float]:
    """Upward normal in the map's frame, and height at its origin, of the plane on the tooth tops.

    Robust least squares over the highest point of each tile (5 mm): what lies below the plane, gum and gaps, counts
    for little.
    """
    heights = np.where(seen.covered, seen.heights, -np.inf)
    rows, columns = -(-heights.shape[0] // tile), -(-heights.shape[1] // tile)
    padded = np.full((rows * tile, columns * tile), -np.inf)
    padded[: heights.shape[0], : heights.shape[1]] = heights
    tiles = padded.reshape(rows, tile, columns, tile).swapaxes(1, 2).reshape(-1, tile * tile)
    best, top = tiles.argmax(axis=1), tiles.max(axis=1)
    used = np.flatnonzero(top > np.nanpercentile(seen.heights, 97) - TOOTH_TOPS_MM)
    row = used // columns * tile + best[used] // tile
    column = used % columns * tile + best[used] % tile
    terms = np.column_stack([seen.x[0] + STEP_MM * column, seen.y[0] + STEP_MM * row, np.ones(len(used))])
    slope_x, slope_y, offset = robust_fit(terms, top[used], below=0.35, scale=1.5)[0]
    normal = np.array([-slope_x, -slope_y, 1.0])
    return normal / np.linalg.norm(normal), float(offset)


def robust_fit(terms: Floats, values: Floats, *, below: float, scale: float) -> tuple[Floats, float]:
    """Coefficients (K,) and median error of values = terms @ coefficients, by iteratively reweighted least squares.

    Errors count less the further they exceed `scale` (Cauchy weights), and by the factor `below` where the value is
    too low.
    """
    weights = np.ones(len(values))
    for _ in range(10):
        coefficients = np.asarray(
            np.linalg.lstsq(terms * weights[:, None], values * weights, rcond=None)[0], np.float64
        )
        errors = values - terms @ coefficients
        weights = np.where(errors > 0, 1.0, below) / np.sqrt(1 + (errors / scale) ** 2)
    return coefficients, float(np.median(np.abs(errors)))


def _ridge(seen: HeightMap) -> Floats | None:
    """(N, 3) the highest point in each direction from the middle of the teeth, where it is as high as teeth are."""
    row, column = np.nonzero(np.where(seen.covered, seen.heights, -np.inf) > -TOOTH_TOPS_MM)
    teeth = np.column_stack([seen.x[column], seen.y[row]])
    if len(teeth) < DIRECTIONS or np.ptp(teeth, axis=0).min() < 10:
        return None
    middle = _outline_middle(teeth)
    row, column = np.nonzero(seen.covered)
    x, y, height = seen.x[column], seen.y[row], seen.heights[row, column]
    ray = np.floor(np.arctan2(y - middle[1], x - middle[0]) / (2 * np.pi) * DIRECTIONS).astype(int)
    order = np.lexsort((-height, ray))
    highest = order[np.concatenate([[True], np.diff(ray[order]) != 0])]
    points = np.column_stack([x, y, height])[highest]
    points = points[points[:, 2] > -TOOTH_TOPS_MM - 1]
    return points if len(points) > DIRECTIONS // 4 else None


def _mirror_line(ridge: Floats) -> tuple[float, float, float]:
    """Angle of the front, sideways offset in mm and mean mirror distance of the line that best maps the ridge onto
    itself."""
    points = ridge[:, :2]
    # A horseshoe has its points in front of the middle of its outline: that tells front from back.
    ahead = points.mean(axis=0) - _outline_middle(points)
    start = float(np.arctan2(ahead[1], ahead[0]))
    best = (start, 0.0, np.inf)
    for spread, step in ((50.0, 5.0), (5.0, 1.0)):
        centre, offset = best[0], best[1]
        for turn in np.arange(-spread, spread + step, step):
            for shift in np.arange(-spread / 8, spread / 8 + 0.01, step / 4):
                candidate = (centre + np.radians(turn), offset + shift)
                error = _mirror_error(points, *candidate)
                best = min(best, (*candidate, error), key=lambda each: each[2])
    return best


def _mirror_error(points: Floats, angle: float, offset: float) -> float:
    across = np.array([-np.sin(angle), np.cos(angle)])
    mirrored = points - 2 * ((points @ across)[:, None] - offset) * across
    # At most DIRECTIONS points: all pairs are fewer steps than any tree takes.
    across_x, across_y = (np.subtract.outer(mirrored[:, axis], points[:, axis]) for axis in (0, 1))
    squares = across_x**2 + across_y**2
    return float(np.minimum(np.sqrt(squares.min(axis=1)), 8.0).mean())


def _outline(points: Floats) -> Floats:
    """(M, 2) corners of the convex hull as seen from SIDES directions, counterclockwise; finer corners do not count."""
    angles = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    corners: Floats = points[(points @ np.stack([np.cos(angles), np.sin(angles)])).argmax(axis=0)]
    return corners


def _outline_middle(points: Floats) -> Floats:
    """Centre of area of the outline of (N, 2) points, by the shoelace formula."""
    ring = _outline(points)
    following = np.roll(ring, -1, axis=0)
    areas = ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]
    middle: Floats = ((ring + following) * areas[:, None]).sum(axis=0) / (3 * areas.sum())
    return middle


def _horseshoe(ridge: Floats) -> Horseshoe:
    points = ridge - [0.0, ridge[:, 1].max(), 0.0]
    x, behind = points[:, 0], -points[:, 1]
    terms = np.column_stack([x**2, x, np.ones(len(x))])
    (a, b, c), error = robust_fit(terms, behind, below=1.0, scale=2.0)
    return Horseshoe(
        points=ridge,
        asymmetry_mm=_mirror_error(points[:, :2], np.pi / 2, 0.0),
        span=len(ridge) / DIRECTIONS,
        width_mm=float(np.ptp(x)),
        depth_mm=float(np.ptp(behind)),
        parabola=(float(a), float(b), float(c)),
        parabola_error_mm=error,
    )
