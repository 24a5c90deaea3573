"""Where one scan may lie on another, before anything is known: pairs of points that look alike on both give poses, the
surface itself judges them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.registration.nearest_grid import NearestGrid, Singles
from scans.meshes.rigid import Floats, fitted, moved, pose_of, rotations_about

PAIRS = 600_000
"""About 2 to 5 % of the matched points are right: of two, once in a thousand."""
APART_MM = (4.0, 30.0)
LENGTH_MM = 0.8
ANGLE = 0.3
ROUGH_MM = 1.2
TRIED, POSES = 40_000, 12_000
POLISHED = 160
KEPT = 8
PROBES = 160
BATCH = 400


Allowed = Callable[[Floats], NDArray[np.bool_]]
"""(P, 4, 4) poses -> (P,) which of them may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """(M, 3) each: points and unit normals of the moving scan, and those of the fixed one that may be the same."""

    points: Floats
    normals: Floats
    goals: Floats
    goal_normals: Floats


def guesses(
    matches: Matches, probes: tuple[Floats, Floats], grid: NearestGrid, rng: np.random.Generator, allowed: Allowed
) -> list[Floats]:
    """The best supported poses, best first, no two in the same place. probes: points and normals of the moving scan."""
    poses = _from_pairs(matches, rng)
    poses = poses[allowed(poses)][:POSES]
    if not len(poses):
        return []
    points, normals = (probe[:: max(len(probe) // PROBES, 1)].astype(np.float32) for probe in probes)
    poses = _best(poses, _supports(poses, points, normals, grid, ROUGH_MM), POLISHED)
    points, normals = (probe[:: max(len(probe) // (3 * PROBES), 1)].astype(np.float32) for probe in probes)
    for reach in (1.6, 1.6, 1.2, 1.2, 0.9, 0.9, 0.7, 0.7):
        poses = _polished(poses, points, normals, grid, reach)
    order = np.argsort(-_supports(poses, points, normals, grid, 0.5), kind="stable")
    return distinct([poses[k] for k in order], probes[0][:: max(len(probes[0]) // 50, 1)], 1.0)[:KEPT]


def _from_pairs(matches: Matches, rng: np.random.Generator) -> Floats:
    """(P, 4, 4): two points with their normals fix a pose; both pairs must have the same shape (Drost 2010)."""
    count = len(matches.points)
    if count < 2:
        return np.zeros((0, 4, 4))
    first, second = rng.integers(0, count, (2, PAIRS))
    here = _shape(matches.points, matches.normals, first, second)
    there = _shape(matches.goals, matches.goal_normals, first, second)
    alike = (here[0] > APART_MM[0]) & (here[0] < APART_MM[1]) & (np.abs(here[0] - there[0]) < LENGTH_MM)
    for mine, other in zip(here[1:], there[1:], strict=True):
        alike &= np.abs(mine - other) < ANGLE
    first, second = first[alike][:TRIED], second[alike][:TRIED]
    return fitted(
        _corners(matches.points, matches.normals, first, second),
        _corners(matches.goals, matches.goal_normals, first, second),
    )


def _shape(points: Floats, normals: Floats, first: NDArray[np.int64], second: NDArray[np.int64]) -> Sequence[Floats]:
    """Length, and cosines between the two normals and from each to the line between."""
    line = points[second] - points[first]
    length = np.linalg.norm(line, axis=1)
    line = line / np.maximum(length, 1e-9)[:, None]
    one, other = normals[first], normals[second]
    return length, (one * other).sum(axis=1), (one * line).sum(axis=1), (other * line).sum(axis=1)


def _corners(points: Floats, normals: Floats, first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
    """(P, 4, 3): the two points and, as far away as they are from each other, the tips of their normals."""
    one, other = points[first], points[second]
    reach = np.linalg.norm(other - one, axis=1, keepdims=True) / 2
    return np.stack([one, other, one + reach * normals[first], other + reach * normals[second]], axis=1)


def _placed(poses: Floats, points: Singles, normals: Singles) -> tuple[Singles, Singles]:
    rotation = np.swapaxes(poses[:, :3, :3], 1, 2).astype(np.float32)
    return points @ rotation + poses[:, None, :3, 3].astype(np.float32), normals @ rotation


def _supports(poses: Floats, points: Singles, normals: Singles, grid: NearestGrid, within_mm: float) -> Floats:
    """(P,) how much of the moving scan lies on the fixed one and faces the same way, 0..1."""
    found = np.empty(len(poses))
    for start in range(0, len(poses), BATCH):
        placed, facing = _placed(poses[start : start + BATCH], points, normals)
        nearest, theirs = grid.look_up(placed)
        off = np.sqrt(((placed - nearest) ** 2).sum(axis=2))
        score = np.maximum(1 - off / np.float32(within_mm), 0) * ((facing * theirs).sum(axis=2) > 0.6)
        found[start : start + BATCH] = score.mean(axis=1)
    return found


def _best(poses: Floats, supports: Floats, count: int) -> Floats:
    return poses[np.argsort(-supports, kind="stable")[:count]]


def _polished(poses: Floats, points: Singles, normals: Singles, grid: NearestGrid, reach: float) -> Floats:
    """One step of point-to-plane least squares for all poses at once."""
    placed, facing = _placed(poses, points, normals)
    nearest, theirs = grid.look_up(placed)
    offset = placed - nearest
    distance = np.sqrt((offset**2).sum(axis=2))
    near = (distance < reach) & ((facing * theirs).sum(axis=2) > 0.6)
    weight = np.where(near, (1 - np.minimum(distance / reach, 1) ** 2) ** 2, 0).astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1e-9)
    middle = np.einsum("pn,pnk->pk", weight, placed) / total[:, None]
    terms = np.concatenate([np.cross(placed - middle[:, None], theirs), theirs], axis=2).astype(np.float64)
    error = np.where(near, (offset * theirs).sum(axis=2), 0)
    matrix = np.einsum("pni,pnj->pij", terms * weight[..., None], terms) + 1e-3 * total[:, None, None] * np.eye(6)
    step = np.linalg.solve(matrix, -np.einsum("pni,pn->pi", terms, weight * error)[..., None])[..., 0]
    rotation = rotations_about(step[:, :3].clip(-0.2, 0.2))
    shift = middle + step[:, 3:].clip(-2, 2) - (rotation @ middle[..., None])[..., 0]
    return pose_of(rotation, shift) @ poses


def distinct(poses: Sequence[Floats], points: Floats, apart_mm: float) -> list[Floats]:
    """Those that put the points at least apart_mm (root mean square) from where earlier ones put them."""
    kept: list[Floats] = []
    places: list[Floats] = []
    for pose in poses:
        placed = moved(points, pose)
        if all(np.sqrt(((placed - other) ** 2).sum(axis=1).mean()) > apart_mm for other in places):
            kept.append(pose)
            places.append(placed)
    return kept
