"""What geometry answers to labelled scans, as they are, in random poses and with inverted winding."""

import csv
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scans.classification.by_geometry import by_geometry
from scans.classification.geometry.network import WEIGHTS
from scans.classification.verdict import Role, Shape
from scans.meshes.errors import MeshError
from scans.meshes.mesh import Mesh
from scans.meshes.readers import open_mesh
from scans.meshes.registration.looking import inside_out
from scans.training.posed import random_turn

UNSURE, REFUSED = "unsure", "refused"
SHIFT_MM = 60.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row of labels.csv."""

    file: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class Answer:
    """named: upper, lower, bite, unsure, or refused (the reader's reason is `reason`). seconds: after reading."""

    scan: Labelled
    named: str
    confidence: float
    seconds: float
    pose: str = "as it is"
    reason: str = ""


def labelled(folder: Path, groups: Collection[str] = ()) -> list[Labelled]:
    """All scans, or those of `groups`.

    Raises FileNotFoundError without labels.csv, KeyError without one of the columns file, label and group.
    """
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as table:
        scans = [Labelled(row["file"], row["label"], row["group"]) for row in csv.DictReader(table)]
    return [scan for scan in scans if not groups or scan.group in groups]


def answers(
    folder: Path, scans: Sequence[Labelled], *, poses: int, inverted: bool, weights: Path = WEIGHTS
) -> Iterator[Answer]:
    """Each scan as it is, then in `poses` random poses, and all of them with inverted winding too where asked."""
    for number, scan in enumerate(scans):
        try:
            mesh = open_mesh(folder / scan.file).mesh
        except MeshError as error:
            yield Answer(scan, REFUSED, 0.0, 0.0, reason=error.code)
            continue
        for name, posed in _posed(mesh, np.random.default_rng([number, 7]), poses, inverted=inverted):
            start = time.perf_counter()
            shape = by_geometry(posed, weights)
            yield Answer(scan, name_of(shape), shape.vote.confidence, time.perf_counter() - start, name)


def name_of(shape: Shape) -> str:
    if shape.vote.role is Role.BITE:
        return "bite"
    return str(shape.vote.arch) if shape.vote.role is Role.ARCH else UNSURE


def _posed(mesh: Mesh, rng: np.random.Generator, poses: int, *, inverted: bool) -> Iterator[tuple[str, Mesh]]:
    placed = [("as it is", mesh)] + [("random pose", _turned(mesh, rng)) for _ in range(poses)]
    yield from placed
    if inverted:
        yield from ((f"{name}, inverted", inside_out(each)) for name, each in placed)


def _turned(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    moved = mesh.vertices.astype(np.float64) @ random_turn(rng).T + rng.normal(0, SHIFT_MM, 3)
    return Mesh(moved.astype(np.float32), mesh.faces, mesh.colors)
