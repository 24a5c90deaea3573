"""Every scan of the shared data that is accepted: read as trimesh reads it, counted as by hand."""

import csv
import warnings

import numpy as np
import pytest
import trimesh

from scans.meshes.measure import measure
from scans.meshes.readers import open_mesh
from scans.meshes.surface import surface
from scans.meshes.topology import topology
from tests.meshes.counting import counts_by_hand, distinct

SHARES = 4
"""The files are dealt out, so that several processes can share the work."""


def scans(shared_data, share):
    files = [path for path in sorted(shared_data.glob("scans/*/*")) if path.suffix in {".stl", ".ply", ".obj"}]
    return files[share::SHARES]


def accepted(shared_data):
    with (shared_data / "corpus" / "expected.csv").open(newline="") as rows:
        return [shared_data / "corpus" / row["file"] for row in csv.DictReader(rows) if row["verdict"] in ACCEPTED]


ACCEPTED = {"accept", "accept+warn"}


def triangles_by_trimesh(path):
    # trimesh warns of what some files of the corpus hold, and our warnings are errors.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return trimesh.load_mesh(path, process=False, maintain_order=True).triangles.astype(np.float32)


def in_order(triangles):
    """trimesh sorts the faces of an OBJ by their material, and begins half of a quadrangle with another corner."""
    number = distinct(triangles.reshape(-1, 3))[1].reshape(-1, 3)
    begin = (number.argmin(axis=1)[:, None] + [0, 1, 2]) % 3
    rows = np.take_along_axis(triangles, begin[:, :, None], axis=1).reshape(-1, 9)
    return rows[np.lexsort(rows.T)]


def assert_counted_right(path, mesh):
    seen = surface(mesh)
    counts, expected = topology(seen), counts_by_hand(mesh.vertices[mesh.faces])
    assert {name: getattr(counts, name) for name in expected} == expected, path.name
    used = np.bincount(seen.faces.reshape(-1)) > 0
    assert used.sum() == len(distinct(mesh.vertices[mesh.faces].reshape(-1, 3))[0]), path.name
    area = trimesh.triangles.area(mesh.vertices[mesh.faces].astype(np.float64)).sum()
    assert measure(seen).area_mm2 == pytest.approx(area, rel=1e-9), path.name


@pytest.mark.parametrize("share", range(SHARES))
def test_every_scan_is_read_as_trimesh_reads_it_and_counted_as_by_hand(shared_data, share):
    files = scans(shared_data, share)
    assert files
    for path in files:
        mesh = open_mesh(path).mesh
        assert np.array_equal(in_order(mesh.vertices[mesh.faces]), in_order(triangles_by_trimesh(path))), path.name
        assert_counted_right(path, mesh)


def test_every_good_file_of_the_corpus_is_counted_as_by_hand(shared_data):
    for path in accepted(shared_data):
        assert_counted_right(path, open_mesh(path).mesh)


@pytest.mark.parametrize("name", ["example_ca.dcm", "encapsulated_stl.dcm"])
def test_every_readable_dcm_is_counted_as_by_hand(shared_data, name):
    path = shared_data / "dcm" / name
    assert_counted_right(path, open_mesh(path).mesh)
