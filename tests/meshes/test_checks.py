"""The check battery: what it says, how loudly, and what it leaves in peace."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial.transform import Rotation

from scans.meshes.checks import UNITS, check, refusal
from scans.meshes.findings import Severity
from scans.meshes.measure import measure
from scans.meshes.mesh import Mesh
from scans.meshes.readers import open_mesh
from scans.meshes.surface import surface
from scans.meshes.topology import topology

SHARED = Path(os.environ.get("ARCHWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def judged(mesh):
    seen = surface(mesh)
    return measure(seen), topology(seen)


def findings(vertices, faces):
    mesh = Mesh(np.array(vertices, np.float32), np.array(faces, np.int32))
    return {finding.code: finding for finding in check(mesh, *judged(mesh))}


def warnings_of(found):
    return {code for code, finding in found.items() if finding.severity is not Severity.INFO}


def dome(size=(60.0, 50.0, 15.0)):
    """An open half ball of an arch's size."""
    ball = trimesh.creation.icosphere(subdivisions=3)
    faces = ball.faces[ball.triangles_center[:, 2] > 0]
    return ball.vertices * np.array(size) / [2, 2, 1], faces


def test_an_open_scan_of_an_archs_size_has_nothing_but_its_rim():
    found = findings(*dome())
    assert set(found) == {"open_surface"}
    assert found["open_surface"].severity is Severity.INFO
    assert found["open_surface"].data["loops"] == 1


def test_faces_without_area_warn_when_they_are_many():
    vertices, faces = dome()
    found = findings(vertices, np.vstack([faces, [[0, 0, 1]] * 5]))
    assert found["degenerate_faces"].severity is Severity.WARNING
    assert found["degenerate_faces"].data["count"] == 5


def test_one_bad_face_in_thousands_is_no_alarm():
    ball = trimesh.creation.icosphere(subdivisions=4, radius=30)
    found = findings(ball.vertices, [*ball.faces, [0, 0, 1], ball.faces[0]])
    assert {"degenerate_faces", "duplicate_faces", "non_manifold_edges"} <= set(found)
    assert not warnings_of(found)


def test_everything_twice_warns():
    vertices, faces = dome()
    found = findings(vertices, [*faces, *faces])
    assert {"duplicate_faces", "non_manifold_edges"} <= warnings_of(found)


def test_a_half_turned_inside_out_warns():
    vertices, faces = dome()
    faces = faces.copy()
    faces[::2] = faces[::2, ::-1]
    assert "flipped_faces" in warnings_of(findings(vertices, faces))


def test_two_equal_pieces_warn_and_a_crumb_does_not():
    vertices, faces = dome((30, 50, 15))
    count = len(vertices)
    both = findings(np.vstack([vertices, np.add(vertices, [40, 0, 0])]), np.vstack([faces, faces + count]))
    assert warnings_of(both) == {"fragments"}
    assert both["fragments"].data == {"components": 2, "largest_share": 0.5}
    crumb = findings([*vertices, [0, 0, 20], [1, 0, 20], [0, 1, 20]], [*faces, [count, count + 1, count + 2]])
    assert crumb["fragments"].severity is Severity.INFO


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.code)
def test_a_scan_in_another_unit_looks_like_it(unit):
    vertices, faces = dome()
    found = findings(vertices / unit.mm, faces)
    assert warnings_of(found) == {"suspected_unit"}
    assert found["suspected_unit"].data["unit"] == unit.code
    assert "looks like" in found["suspected_unit"].message


def test_turning_the_scan_does_not_change_the_suspicion():
    vertices, faces = dome()
    turn = Rotation.from_euler("xyz", [0.3, 1.1, -0.7]).as_matrix()
    assert findings(vertices @ turn.T / 25.4, faces)["suspected_unit"].data["unit"] == "inch"
    assert "suspected_unit" not in findings(vertices @ turn.T, faces)


@pytest.mark.parametrize("size", [(9, 8, 7), (35, 18, 8), (30, 25, 20), (12, 11, 7)])
def test_small_things_are_unusual_but_accused_of_no_unit(size):
    found = findings(*dome(size))
    assert not warnings_of(found)
    assert found["unusual_size"].severity is Severity.INFO


def test_a_single_crown_is_not_an_arch_in_centimetres():
    crown = trimesh.creation.icosphere(subdivisions=3)
    assert not warnings_of(findings(crown.vertices * [4.5, 3.5, 2], crown.faces))


def refused(vertices, faces):
    mesh = Mesh(np.array(vertices, np.float32), np.array(faces, np.int32))
    error = refusal(*judged(mesh))
    return error.code if error else None


SLANTED = np.add(np.outer(np.linspace(0, 30, 50), [0.3, 0.7, -0.9]), [11.3, 7.1, 0.2])
"""Points on a line that float32 cannot hold exactly."""


@pytest.mark.parametrize("factor", [1, 1e-30, 1e30])
@pytest.mark.parametrize(
    ("vertices", "faces"),
    [
        ([[0, 0, 0], [1, 0, 0]], [[0, 1, 1]]),
        ([[1, 2, 3]], [[0, 0, 0]]),
        ([[0, 0, 0], [1, 2, 3], [2, 4, 6]], [[0, 1, 2]]),
        (SLANTED, [[i, i + 1, i + 2] for i in range(48)]),
    ],
)
def test_points_and_lines_are_no_surface(vertices, faces, factor):
    assert refused(np.multiply(vertices, factor), faces) == "no_surface"


@pytest.mark.parametrize("factor", [1e-40, 1e-30, 1e-4, 1e4, 1e30, 1e36])
def test_sizes_that_no_unit_explains_are_refused(factor):
    vertices, faces = dome()
    assert refused(vertices * factor, faces) == "impossible_size"


@pytest.mark.parametrize("factor", [1, 25.4, 1 / 25.4, 10, 0.1, 1000, 0.001])
@pytest.mark.parametrize("size", [(90, 80, 40), (60, 50, 15), (35, 18, 8), (12, 11, 7)])
def test_scans_in_another_unit_are_never_refused(size, factor):
    vertices, faces = dome(size)
    assert refused(vertices * factor, faces) is None


def test_a_refusal_is_a_sentence_with_its_numbers():
    vertices, faces = dome()
    mesh = Mesh(np.array(vertices * 1e30, np.float32), np.array(faces, np.int32))
    error = refusal(*judged(mesh))
    assert error.message.endswith("Please export it again.")
    assert len(error.data["extents"]) == 3


def test_a_flat_or_thin_surface_is_one():
    assert refused([[0, 0, 0], [30, 0, 0], [0, 30, 0]], [[0, 1, 2]]) is None
    assert refused([[0, 0, 0], [30, 0, 0], [0, 0.01, 0]], [[0, 1, 2]]) is None


def corpus():
    table = SHARED / "corpus" / "expected.csv"
    if not table.exists():
        return []
    with table.open(newline="") as rows:
        return [(row["file"], row["verdict"]) for row in csv.DictReader(rows)]


SURFACE_WARNINGS = {
    "bin_degenerate.stl": {"degenerate_faces"},
    "bin_duplicate_faces.stl": {"duplicate_faces", "non_manifold_edges", "flipped_faces"},
    "bin_inches.stl": {"suspected_unit"},
}


@pytest.mark.skipif(not corpus(), reason="the shared corpus is not on this machine")
def test_the_corpus_warns_where_it_should_and_nowhere_else():
    for name, verdict in corpus():
        if verdict.startswith("accept"):
            mesh = open_mesh(SHARED / "corpus" / name).mesh
            found = findings(mesh.vertices, mesh.faces)
            assert warnings_of(found) == SURFACE_WARNINGS.get(name, set()), name
            assert refused(mesh.vertices, mesh.faces) is None, name
