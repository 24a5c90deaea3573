"""Real and malformed files from outside, with verdicts and counts that other programs gave."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scans.meshes.errors import MeshError
from scans.meshes.readers import open_mesh
from scans.meshes.readers.stl_binary import RECORD
from tests.meshes.readers.samples import SHARED, shared

WITHOUT_SURFACE_TRIANGLES = {"bin_degenerate.stl": 3, "bin_duplicate_faces.stl": 576}
"""Triangles that the table does not count; they are kept by the reader and reported by the checks."""


def rows(*parts: str) -> list[Any]:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [pytest.param(row, id=row["file"]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize("row", rows("corpus", "expected.csv"))
def test_every_file_of_the_corpus_gets_its_verdict(row: dict[str, str]) -> None:
    path = shared("corpus", row["file"])
    if "reject" in row["verdict"]:
        with pytest.raises(MeshError) as refusal:
            open_mesh(path, name=row["file"])
        assert row["file"] not in refusal.value.message
        return
    extra = WITHOUT_SURFACE_TRIANGLES.get(row["file"], 0)
    assert open_mesh(path, name=row["file"]).mesh.face_count == int(row["faces"]) + extra


@pytest.mark.parametrize("row", rows("scans", "labels.csv"))
def test_every_scan_has_the_counts_of_its_label(row: dict[str, str]) -> None:
    path = shared("scans", row["file"])
    mesh = open_mesh(path).mesh
    assert mesh.face_count == int(row["faces"])
    if path.suffix == ".stl":
        assert mesh.vertex_count == _distinct_corners(path)
    elif not (row["file"].startswith("other/") and path.suffix == ".obj"):
        # Labels of those count a point once per texture coordinate.
        assert mesh.vertex_count == int(row["vertices"])


def _distinct_corners(path: Path) -> int:
    """By sorting, which has nothing in common with how the reader joins corners."""
    corners = np.frombuffer(path.read_bytes(), RECORD, -1, 84)["corners"].reshape(-1, 3)
    return len(np.unique(corners, axis=0))
