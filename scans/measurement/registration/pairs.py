"""Pairs of arches in occlusion: public ones closed by us, or made up."""

import csv
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from scans.classification.verdict import Arch
from scans.meshes.errors import MeshError
from scans.meshes.readers import open_mesh
from scans.synthetic.arch import make_arch
from scans.synthetic.articulation import Pair, closed

FACES = 40_000


def made_up(seed: int) -> Iterator[Pair]:
    for person in count(seed):
        yield Pair(*(make_arch(arch, seed=person, faces=FACES) for arch in (Arch.UPPER, Arch.LOWER)))


def from_folder(folder: Path) -> Iterator[Pair]:
    """Every patient of labels.csv (file, label, patient) with one upper and one lower that close plausibly.

    Raises FileNotFoundError without labels.csv, KeyError without one of the columns.
    """
    for arches in _arches(folder).values():
        if len(arches) == 2:
            try:
                pair = closed(*(open_mesh(folder / arches[arch]).mesh for arch in (Arch.UPPER, Arch.LOWER)))
            except MeshError:
                continue
            if pair is not None:
                yield pair


def _arches(folder: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["patient"] and row["label"] in {Arch.UPPER, Arch.LOWER}:
                found.setdefault(row["patient"], {})[row["label"]] = row["file"]
    return found
