"""Labelled scans as points in their true frame: right, anterior, occlusal; zero in the middle of the ridge."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from scans.classification.geometry.cloud import Cloud, cloud_of
from scans.classification.geometry.frames import Frame, candidate_frames
from scans.classification.geometry.maps import FINE, height_map, ridge_curve
from scans.meshes.mesh import Mesh
from scans.meshes.readers import open_mesh

Reals = NDArray[Any]
LETTERS = "XYZ"
WITHIN_DEG = 25.0
EXTENSION_MM = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """One labelled shape. points, normals: (N, 3). label: upper, lower, bite or other. group: its source."""

    points: Reals
    normals: Reals
    label: str
    group: str
    patient: str = ""

    def cloud(self) -> Cloud:
        middle = self.points.mean(axis=0)
        return Cloud((self.points - middle).astype(np.float32), self.normals.astype(np.float32), middle)


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    """Where points lie along the ridge (along, mm from its middle) and beside it (outward, mm, cheek side positive)."""

    along: Reals
    outward: Reals


def labelled(folder: Path, groups: Collection[str] = ()) -> Iterator[Posed]:
    """The scans of a folder with a labels.csv (file, label, group, patient, occlusal_axis, anterior_axis), of these
    groups only where any are given."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if groups and row["group"] not in groups:
                continue
            mesh = open_mesh(folder / row["file"]).mesh
            if row["label"] == "other":
                posed = solid(mesh, row["group"])
            else:
                axes = _axis(row["occlusal_axis"]), _axis(row["anterior_axis"])
                posed = arch(mesh, axes, row["label"], row["group"], row["patient"])
            if posed is not None:
                yield posed


def arch(mesh: Mesh, axes: tuple[Reals, Reals], label: str, group: str, patient: str = "") -> Posed | None:
    """An arch whose occlusal and anterior direction are roughly known; None where no frame is near them."""
    cloud = cloud_of(mesh)
    if cloud is None:
        return None
    frame = min(candidate_frames(cloud), key=lambda each: _away(each, axes))
    if _away(frame, axes) > np.radians(WITHIN_DEG):
        return None
    return Posed((cloud.points - frame.origin) @ frame.axes.T, cloud.normals @ frame.axes.T, label, group, patient)


def solid(mesh: Mesh, group: str, size_mm: float = 60.0) -> Posed | None:
    """Anything else, as it is; what is far from the size of an arch is scaled to it."""
    used = mesh.vertices[np.unique(mesh.faces)].astype(np.float64)
    longest = float(np.linalg.norm(np.ptp(used, axis=0)))
    if not 20 < longest < 150:
        mesh = Mesh((mesh.vertices * np.float32(size_mm / longest)).astype(np.float32), mesh.faces)
    cloud = cloud_of(mesh)
    return None if cloud is None else Posed(cloud.points.astype(float), cloud.normals.astype(float), "other", group)


def inverted(posed: Posed) -> Posed:
    return replace(posed, normals=-posed.normals)


def turned(posed: Posed, turn: Reals) -> Posed:
    return replace(posed, points=posed.points @ turn.T, normals=posed.normals @ turn.T)


def random_turn(rng: np.random.Generator) -> Reals:
    """(3, 3) proper rotation, uniform."""
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    if np.linalg.det(turn) < 0:
        turn[0] = -turn[0]
    return turn


def ridge_of(posed: Posed) -> Ridge | None:
    curve = curve_of(posed)
    return None if curve is None else beside(posed.points, curve)


def curve_of(posed: Posed) -> Reals | None:
    """(K, 2) the ridge seen from above, going on straight beyond its ends."""
    curve = ridge_curve(height_map(posed.points.astype(np.float32), FINE))
    if curve is None:
        return None
    ends = [curve[:2], curve[-2:][::-1]]
    steps = [(end[0] - end[1]) / np.linalg.norm(end[0] - end[1]) for end in ends]
    far = np.linspace(0.5, EXTENSION_MM, 50)[:, None]
    return np.vstack([(curve[0] + far * steps[0])[::-1], curve, curve[-1] + far * steps[1]])


def beside(points: Reals, curve: Reals) -> Ridge:
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    tangents = np.gradient(curve, lengths, axis=0)
    nearest = KDTree(curve).query(points[:, :2])[1]
    away = points[:, :2] - curve[nearest]
    outward = (away * np.stack([-tangents[nearest, 1], tangents[nearest, 0]], axis=1)).sum(axis=1)
    return Ridge(lengths[nearest] - float(np.interp(0, curve[:, 0], lengths)), outward)


def _away(frame: Frame, axes: tuple[Reals, Reals]) -> float:
    occlusal, anterior = axes
    cosines = np.clip([frame.axes[2] @ occlusal, frame.axes[1] @ anterior], -1, 1)
    return float(np.arccos(cosines).max())


def _axis(text: str) -> Reals:
    """ "+Y (area vector 0.34)" -> [0, 1, 0]."""
    text = text.strip()
    axis: Reals = np.eye(3)[LETTERS.index(text[1])] * (1.0 if text[0] == "+" else -1.0)
    return axis
