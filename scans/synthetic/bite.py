"""A buccal bite scan: what a camera in the cheek sees of both jaws in occlusion, one side."""

from dataclasses import replace

import numpy as np

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.synthetic import surface
from scans.synthetic.arch import NOISE_MM
from scans.synthetic.arrays import Floats, Ints
from scans.synthetic.color import colors
from scans.synthetic.field import Field, field_of

FIRST_MM, LAST_MM = 13.0, 47.0
"""Along the upper arch: from the lateral incisor to the second molar."""
OUT_MM, DEEP_MM = 9.0, -4.0
HEIGHT_MM = 22.0
STEPS = 20
GUM_MM = 2.5
PROBE_FACES = 2_000
SPARE = 1.04
MIRROR = np.array([1.0, 1.0, -1.0])


def make_bite(seed: int = 0, *, side: Side = Side.RIGHT, faces: int = 20_000) -> Mesh:
    """The buccal crowns of both jaws with a little gum, as one sheet that looks outward."""
    if side is Side.NONE:
        raise ValueError("a bite scan shows the left or the right side")
    upper, lower = (
        _half(field_of(arch, seed, frozenset(), True, Side.NONE), side) for arch in (Arch.UPPER, Arch.LOWER)
    )
    probe = _sheet(upper, lower, side, PROBE_FACES)[1]
    points, triangles = _sheet(upper, lower, side, int(faces * SPARE * PROBE_FACES / len(probe)), faces)
    return _finish(upper, lower, points, triangles)


def _half(field: Field, side: Side) -> Field:
    """Only the teeth that a camera on this side can meet: half the work."""
    sign = 1 if side is Side.RIGHT else -1
    teeth = tuple(tooth for tooth in field.jaw.teeth if tooth.s * sign > 0)
    return Field(replace(field.jaw, teeth=teeth), field.gum)


def _sheet(upper: Field, lower: Field, side: Side, faces: int, most: int | None = None) -> tuple[Floats, Ints]:
    """A sheet of `faces` faces before a camera in the cheek, cut to what the camera sees."""
    down = max(int(np.sqrt(faces / 2 * HEIGHT_MM / (LAST_MM - FIRST_MM))), 8)
    s = np.linspace(FIRST_MM, LAST_MM, max(faces // (2 * down), 8) + 1) * (1 if side is Side.RIGHT else -1)
    z = np.linspace(-HEIGHT_MM / 2, HEIGHT_MM / 2, down + 1)
    start, inward = _rays(upper, s, z)
    depth = _cast(upper, lower, start, inward)
    points = start + depth[:, None] * inward
    triangles = surface.sheet(len(s), len(z))
    if side is Side.RIGHT:
        triangles = triangles[:, ::-1]
    hit = depth < OUT_MM - DEEP_MM
    inside = np.where(hit, _inside(upper, lower, points, np.repeat(np.abs(s), len(z))), -1.0)
    return surface.trimmed(points, triangles, inside, most)


def _rays(upper: Field, s: Floats, z: Floats) -> tuple[Floats, Floats]:
    """(S*Z, 3) starts in the cheek and unit directions towards the tongue."""
    curve = upper.jaw.curve
    place = np.stack([np.interp(s, curve.s, curve.points[:, axis]) for axis in (0, 1)], axis=1)
    tangent = np.stack([np.interp(s, curve.s, curve.tangents[:, axis]) for axis in (0, 1)], axis=1)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    outward = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    flat = np.repeat(place + OUT_MM * outward, len(z), axis=0)
    start = np.column_stack([flat, np.tile(z, len(s))])
    inward = np.column_stack([np.repeat(-outward, len(z), axis=0), np.zeros(len(start))])
    return start, inward


def _both(upper: Field, lower: Field, points: Floats) -> Floats:
    result: Floats = np.minimum(upper.at(points * MIRROR), lower.at(points))
    return result


def _cast(upper: Field, lower: Field, start: Floats, inward: Floats) -> Floats:
    """How far each ray goes until it meets a jaw (sphere tracing); OUT_MM - DEEP_MM where it meets none."""
    depth = np.zeros(len(start))
    active = np.arange(len(start))
    for _ in range(STEPS):
        distance = _both(upper, lower, start[active] + depth[active, None] * inward[active])
        depth[active] += 0.9 * distance
        active = active[(np.abs(distance) > 0.015) & (depth[active] < OUT_MM - DEEP_MM)]
        if not len(active):
            break
    result: Floats = np.minimum(depth, OUT_MM - DEEP_MM)
    return result


def _inside(upper: Field, lower: Field, points: Floats, s: Floats) -> Floats:
    """Millimetres inside the outline: crowns, a little gum above the upper and below the lower ones."""
    x, y, z = points.T
    high = -upper.gum.sample("level", x, y) + GUM_MM + 0.6 * np.sin(s / 2.7) + 0.2 * np.sin(s * 1.9)
    low = lower.gum.sample("level", x, y) - GUM_MM - 0.6 * np.sin(s / 3.1) - 0.2 * np.sin(s * 2.1)
    ends = np.minimum(s - FIRST_MM - 0.5 - 0.5 * np.sin(z), LAST_MM - 0.5 - 0.5 * np.sin(z * 1.3) - s)
    result: Floats = np.minimum(np.minimum(high - z, z - low), ends)
    return result


def _finish(upper: Field, lower: Field, points: Floats, faces: Ints) -> Mesh:
    normals = surface.vertex_normals(points, faces)
    above = upper.at(points * MIRROR) < lower.at(points)
    paint = np.where(
        above[:, None], colors(upper, points * MIRROR, normals * MIRROR), colors(lower, points, normals)
    ).astype(np.uint8)
    rng = np.random.default_rng([upper.jaw.seed, 52, len(points)])
    points = points + rng.normal(0, NOISE_MM, (len(points), 1)) * normals
    return Mesh(points.astype(np.float32), np.ascontiguousarray(faces, np.int32), paint)
