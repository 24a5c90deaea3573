"""Two arches of one person that lie apart, closed until the teeth meet, and a bite scan cut from them in that position.

No real bite scan is at hand: registration is measured on these.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog

from scans.meshes.arch import HeightMap, arch_view, height_map
from scans.meshes.mesh import Mesh
from scans.meshes.raster import rasterize
from scans.meshes.registration.ridges import laid_over
from scans.meshes.rigid import Floats, moved, pose_of, rotation_about
from scans.synthetic import surface
from scans.synthetic.arrays import Bools, Ints

STEP_MM = 0.5
OVERJET_MM = 2.0
NEAR_MM = 5.0
SQUEEZED = 0.004
"""Part of the facing surface that may interpenetrate: as in real bites, a little does."""
STEEPEST = 0.12
OVERJETS_MM = (-1.5, 6.0)
OVERBITES_MM = (-1.5, 6.0)
CONTACT_MM2 = 15.0
TOUCHING_MM, FRONT_MM = 0.3, 5.0
WAVES = 24
CAMERA_STEP_MM = 0.2
JUMP_MM = 0.8
CREVICE_MM = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Upper and lower in occlusion: z up, y to the front, upper teeth point down."""

    upper: Mesh
    lower: Mesh


@dataclass(frozen=True, slots=True)
class Shot:
    """How a bite scan is taken. side: +1 or -1 in x, 0 for both sides in one file. length_mm along the row; noise_mm:
    standard deviation along the view; drift_mm: how far stitching bends the strip at its ends; recapture_mm: long waves
    by which another capture of the same teeth differs, root mean square."""

    side: int
    length_mm: float = 30.0
    noise_mm: float = 0.03
    drift_mm: float = 0.03
    recapture_mm: float = 0.02
    seed: int = 0


def closed(upper: Mesh, lower: Mesh) -> Pair | None:
    """Both arches turned towards each other and closed; None for what is not an arch that lies open, and for pairs that
    meet in no plausible way (front teeth too far apart or too deep, too little contact)."""
    seen_upper, seen_lower = arch_view(upper), arch_view(lower)
    if seen_upper is None or seen_lower is None:
        return None
    below = _placed(lower, seen_lower.axes, seen_lower.origin)
    above = _placed(upper, seen_upper.axes * [[-1], [1], [-1]], seen_upper.origin)
    tips = seen_upper.horseshoe.points * [-1.0, 1.0, -1.0]
    tops = seen_lower.horseshoe.points
    ahead = _over(tips, tops)
    for _ in range(2):
        ahead = _shut(transformed(above, ahead), below) @ ahead
    pair = Pair(transformed(above, ahead), below)
    return pair if _is_plausible(pair, moved(tips, ahead), tops) else None


def _over(tips: Floats, tops: Floats) -> Floats:
    """The motion (4, 4) in the occlusal plane that lays the upper ridge over the lower one, its front ahead of it."""
    pose = laid_over(tips, tops)
    shift = OVERJET_MM + tops[:, 1].max() - moved(tips, pose)[:, 1].max()
    return pose_of(np.eye(3), np.array([0.0, np.clip(shift, -2, 4), 0.0])) @ pose


def _is_plausible(pair: Pair, tips: Floats, tops: Floats) -> bool:
    overjet = float(tips[:, 1].max() - tops[:, 1].max())
    front_tips, front_tops = (each[each[:, 1] > each[:, 1].max() - FRONT_MM, 2] for each in (tips, tops))
    overbite = float(np.median(front_tops) - np.median(front_tips))
    seen_lower = height_map(pair.lower, np.eye(3), np.zeros(3))
    seen_upper = height_map(pair.upper, np.diag([1.0, 1.0, -1.0]), np.zeros(3))
    contact_mm2 = float((_gap(seen_lower, seen_upper, 0, 0)[2] < TOUCHING_MM).sum()) * STEP_MM**2
    within = OVERJETS_MM[0] < overjet < OVERJETS_MM[1] and OVERBITES_MM[0] < overbite < OVERBITES_MM[1]
    return within and contact_mm2 > CONTACT_MM2


def _placed(mesh: Mesh, axes: Floats, origin: Floats) -> Mesh:
    return Mesh(((mesh.vertices - origin) @ axes.T).astype(np.float32), mesh.faces)


def transformed(mesh: Mesh, pose: Floats) -> Mesh:
    return Mesh(moved(mesh.vertices.astype(np.float64), pose).astype(np.float32), mesh.faces, mesh.colors)


def _shut(upper: Mesh, lower: Mesh) -> Floats:
    """The motion (4, 4) of the upper that closes the jaws: of the places within 1.5 mm the one where most of their
    surface is near."""
    tops = height_map(lower, np.eye(3), np.zeros(3))
    tips = height_map(upper, np.diag([1.0, 1.0, -1.0]), np.zeros(3))
    best = (-1.0, 0, 0, np.zeros(3))
    for row in range(-3, 4):
        for column in range(-3, 4):
            x, y, gap = _gap(tops, tips, row, column)
            plane = _rest(x, y, gap)
            if plane is not None:
                near = float((gap - np.column_stack([x, y, np.ones(len(x))]) @ plane < 0.7).sum())
                best = max(best, (near, row, column, plane), key=lambda each: each[0])
    _, row, column, (slope_x, slope_y, offset) = best
    tilt = rotation_about(np.array([-slope_y, slope_x, 0.0]))
    aside = pose_of(np.eye(3), np.array([column, row, 0]) * STEP_MM)
    return pose_of(tilt, np.array([0, 0, -offset])) @ aside


def _gap(tops: HeightMap, tips: HeightMap, rows: int, columns: int) -> tuple[Floats, Floats, Floats]:
    """x, y and height of the upper over the lower where both are, with the upper shifted by whole steps."""
    row = np.rint((tips.y[0] - tops.y[0]) / STEP_MM).astype(int) + rows
    column = np.rint((tips.x[0] - tops.x[0]) / STEP_MM).astype(int) + columns
    here = np.full_like(tops.heights, np.nan)
    height, width = tips.heights.shape
    down, right = max(row, 0), max(column, 0)
    bottom, end = min(row + height, len(here)), min(column + width, len(here[0]))
    here[down:bottom, right:end] = -tips.heights[down - row : bottom - row, right - column : end - column]
    gap = here - tops.heights
    y, x = np.nonzero(~np.isnan(gap))
    return tops.x[x], tops.y[y], gap[y, x]


def _rest(x: Floats, y: Floats, gap: Floats) -> Floats | None:
    """The plane (slope x, slope y, offset) that the upper falls by until it rests on the lower: a linear program."""
    if len(gap) < 200:
        return None
    firm = (gap > np.quantile(gap, SQUEEZED)) & (gap < np.quantile(gap, SQUEEZED) + NEAR_MM)
    terms = np.column_stack([x, y, np.ones(len(x))])[firm]
    bounds = [(-STEEPEST, STEEPEST)] * 2 + [(None, None)]
    answer = linprog(-terms.mean(axis=0), A_ub=terms, b_ub=gap[firm], bounds=bounds)
    return np.asarray(answer.x) if answer.success else None


def bite_of(pair: Pair, shot: Shot) -> Mesh:
    """What a camera in the cheek sees: two views of each side that overlap, each a sheet of its own points with noise
    and drift, of surfaces captured anew."""
    rng = np.random.default_rng([shot.seed, 61])
    both = _joined(Pair(recaptured(pair.upper, rng, shot.recapture_mm), recaptured(pair.lower, rng, shot.recapture_mm)))
    sides = (shot.side,) if shot.side else (1, -1)
    views = [view for side in sides for view in _views(both, replace(shot, side=side), rng)]
    offsets = np.cumsum([0] + [len(points) for points, _ in views])
    faces = [faces + offset for (_, faces), offset in zip(views, offsets, strict=False)]
    points = np.concatenate([points for points, _ in views])
    return Mesh(points.astype(np.float32), np.ascontiguousarray(np.concatenate(faces), np.int32))


def _views(both: Mesh, shot: Shot, rng: np.random.Generator) -> list[tuple[Floats, Ints]]:
    ahead = float(both.vertices[:, 1].max()) - rng.uniform(14, 22)
    return [_view(both, shot, np.radians(turn), ahead, rng) for turn in (rng.uniform(2, 18), rng.uniform(22, 40))]


def recaptured(mesh: Mesh, rng: np.random.Generator, waves_mm: float) -> Mesh:
    """The same teeth as another capture has them: four triangles for one, curved as their normals say (Phong
    tessellation, Boubekeur 2008), and bent by long waves of waves_mm."""
    normals = surface.vertex_normals(mesh.vertices.astype(np.float64), mesh.faces.astype(np.int64))
    points, faces = surface.subdivide(mesh.vertices.astype(np.float64), mesh.faces.astype(np.int64))
    ends = np.unique(np.sort(mesh.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    middle = points[mesh.vertex_count :]
    for end in ends.T:
        down = ((middle - mesh.vertices[end]) * normals[end]).sum(axis=1, keepdims=True) * normals[end]
        points[mesh.vertex_count :] -= 0.375 * down
    waves = rng.normal(size=(WAVES, 3)) * (2 * np.pi / rng.uniform(4, 20, (WAVES, 1))) / np.sqrt(3)
    bend = np.sin(points @ waves.T + rng.uniform(0, 2 * np.pi, WAVES)).sum(axis=1) * waves_mm * np.sqrt(2 / WAVES)
    points = points + bend[:, None] * surface.vertex_normals(points, faces)
    return Mesh(points.astype(np.float32), np.ascontiguousarray(faces, np.int32))


def _joined(pair: Pair) -> Mesh:
    vertices = np.concatenate([pair.upper.vertices, pair.lower.vertices])
    return Mesh(vertices, np.concatenate([pair.upper.faces, pair.lower.faces + pair.upper.vertex_count]))


def _view(both: Mesh, shot: Shot, turn: float, ahead: float, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """One range image from the cheek as vertices and faces in the pair's frame."""
    lift = rng.uniform(-0.1, 0.1)
    towards = np.array([shot.side * np.cos(turn), np.sin(turn), lift])
    towards /= np.linalg.norm(towards)
    right = np.cross([0.0, 0.0, 1.0], towards)
    right /= np.linalg.norm(right)
    camera = np.stack([right, np.cross(towards, right), towards])
    on_side = (both.vertices[both.faces][:, :, 0] * shot.side > 0).all(axis=1)
    middle = np.array([shot.side * 24.0, ahead, rng.uniform(-1, 1)])
    seen = (both.vertices - middle) @ camera.T
    half, high = shot.length_mm / 2, rng.uniform(6.5, 9.0)
    low = np.array([-half, -high])
    columns, rows = int(2 * half / CAMERA_STEP_MM), int(2 * high / CAMERA_STEP_MM)
    pixels = np.column_stack([(seen[:, :2] - low) / CAMERA_STEP_MM, seen[:, 2]])
    raster = rasterize(pixels, both.faces[on_side], columns, rows)
    depth = np.full((rows, columns), np.nan)
    depth[raster.hit] = raster.interpolate(both.faces[on_side], seen[:, 2:].astype(np.float64))[:, 0]
    return _sheet(depth, low, camera, middle, shot, rng)


def _sheet(
    depth: Floats, low: Floats, camera: Floats, middle: Floats, shot: Shot, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    rows, columns = depth.shape
    v, u = np.mgrid[0:rows, 0:columns] * CAMERA_STEP_MM
    u, v = u + low[0], v + low[1]
    kept = _outlined(u, v, shot, rng) & (depth > np.nanquantile(depth, 0.9) - CREVICE_MM - 4)
    noisy = depth + rng.normal(0, shot.noise_mm, depth.shape)
    bend = shot.drift_mm * ((2 * u / shot.length_mm) ** 2 - 0.3) * rng.choice([-1, 1])
    points = np.stack([u, v, noisy + bend], axis=-1).reshape(-1, 3)
    faces = surface.sheet(rows, columns)
    jump = np.ptp(depth.reshape(-1)[faces], axis=1)
    faces = faces[kept.reshape(-1)[faces].all(axis=1) & (jump < JUMP_MM)]
    corners = points[faces]
    side = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    if side.sum() < 0:
        faces = faces[:, ::-1]
    vertices, faces = surface.compact(np.nan_to_num(points), faces)
    return vertices @ camera + middle, faces


def _outlined(u: Floats, v: Floats, shot: Shot, rng: np.random.Generator) -> Bools:
    """A ragged edge, as a hand-held scan has."""
    phase = rng.uniform(0, 6.28, 4)
    half, high = shot.length_mm / 2, float(v.max())
    ragged_u = half - 1.2 + 0.7 * np.sin(v * 0.9 + phase[0]) + 0.4 * np.sin(v * 2.3 + phase[1])
    ragged_v = high - 1.0 + 0.6 * np.sin(u * 0.7 + phase[2]) + 0.3 * np.sin(u * 1.9 + phase[3])
    result: Bools = (np.abs(u) < ragged_u) & (np.abs(v) < ragged_v)
    return result
