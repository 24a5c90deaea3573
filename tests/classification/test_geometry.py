"""What the shape alone says: never wrong with confidence, and "not sure" where it cannot know.

The real arches are not in the repository: where they are at hand, each is read once, turned, moved and renumbered.
"""

import csv
import dataclasses
import functools
import os
import time
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from scans.classification.by_geometry import ARCH_RANGES, STRIP_RANGES, by_geometry, lean
from scans.classification.verdict import CONFIDENT, Arch, Method, Role, Side
from scans.meshes.anatomy import anatomy, spee
from scans.meshes.arch import arch_view
from scans.meshes.mesh import Mesh
from scans.meshes.readers import open_mesh
from scans.meshes.strip import strip
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from tests.meshes.test_arch import MESH as HORSESHOE

SHARED = Path(os.environ.get("ARCHWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
LABELS = SHARED / "scans" / "labels.csv"
real = pytest.mark.skipif(not LABELS.exists(), reason="the shared scans of real arches are not on this machine")


def labelled(*labels):
    with LABELS.open(newline="") as rows:
        return [(row["file"], row["label"]) for row in csv.DictReader(rows) if row["label"] in labels]


@functools.cache
def scan(name):
    mesh = open_mesh(SHARED / "scans" / name).mesh
    return Mesh(mesh.vertices, mesh.faces)


def moved(mesh, seed):
    """The same surface in another frame, its faces in another order."""
    generator = np.random.default_rng(seed)
    vertices = Rotation.random(rng=generator).apply(mesh.vertices) + generator.normal(size=3) * 50
    return Mesh(vertices.astype(np.float32), generator.permutation(mesh.faces))


def part(mesh, keep):
    return Mesh(mesh.vertices, mesh.faces[keep])


def in_frame(mesh):
    """The arch's view and the centre of every face in it."""
    view = arch_view(mesh)
    points = (mesh.vertices - view.origin) @ view.axes.T
    return view, points[mesh.faces].mean(axis=1)


def without_palate(mesh, width):
    view, centres = in_frame(mesh)
    return part(mesh, KDTree(view.horseshoe.points[:, :2]).query(centres[:, :2])[0] < width)


def votes(meshes):
    return [by_geometry(mesh).vote for mesh in meshes]


def confident(vote):
    return vote.confidence >= CONFIDENT


@real
def test_no_real_arch_is_named_wrongly_and_most_are_named():
    right = {"upper": 0, "lower": 0}
    cases = labelled("upper", "lower")
    for seed, (name, label) in enumerate(cases):
        vote = by_geometry(moved(scan(name), seed)).vote
        assert vote.arch in (label, Arch.UNKNOWN), (name, vote)
        assert vote.role in (Role.ARCH, Role.UNKNOWN), (name, vote)
        right[label] += confident(vote)
    counts = {label: sum(each == label for _, each in cases) for label in right}
    assert right["upper"] >= 0.8 * counts["upper"]
    assert right["lower"] >= 0.8 * counts["lower"]


@real
def test_teeth_bases_models_and_animals_are_no_arches():
    for seed, (name, _) in enumerate(labelled("other")):
        vote = by_geometry(moved(scan(name), seed)).vote
        assert (vote.arch, vote.role, vote.confidence) == (Arch.UNKNOWN, Role.UNKNOWN, 0), (name, vote)
        assert vote.evidence.startswith("not sure: ")


@real
@pytest.mark.parametrize("width", [6.5, 9, 12])
def test_an_upper_whose_palate_is_cut_off_is_never_a_lower(width):
    for name, _ in labelled("upper")[::6]:
        vote = by_geometry(without_palate(scan(name), width)).vote
        assert vote.arch in (Arch.UPPER, Arch.UNKNOWN), (name, vote)
        assert not confident(vote), (name, vote)


@real
def test_a_lower_filled_in_like_a_plaster_model_is_never_an_upper():
    for name, _ in labelled("lower")[::6]:
        mesh = scan(name)
        view, _ = in_frame(mesh)
        x, y = np.meshgrid(np.linspace(-20, 20, 40), np.linspace(-40, -4, 40), indexing="ij")
        index = np.arange(1600).reshape(40, 40)
        a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
        faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
        front = view.horseshoe.points[:, 1].max()
        floor = np.column_stack([x.ravel(), y.ravel() + front, np.full(1600, -12.0)]) @ view.axes + view.origin
        filled = Mesh(
            np.vstack([mesh.vertices, floor]).astype(np.float32),
            np.vstack([mesh.faces, faces + mesh.vertex_count]).astype(np.int32),
        )
        vote = by_geometry(filled).vote
        assert vote.arch is not Arch.UPPER or not confident(vote), (name, vote)


@real
def test_an_arch_turned_inside_out_is_not_sure():
    for name, _ in labelled("upper", "lower")[::8]:
        mesh = scan(name)
        vote = by_geometry(Mesh(mesh.vertices, mesh.faces[:, ::-1])).vote
        assert vote.confidence == 0, (name, vote)


@real
def test_a_part_of_an_arch_is_never_named_wrongly():
    for seed, (name, label) in enumerate(labelled("upper", "lower")[::8]):
        mesh = scan(name)
        view, centres = in_frame(mesh)
        generator = np.random.default_rng(seed)
        behind = view.horseshoe.points[:, 1].max() - centres[:, 1]
        for keep in (centres[:, 0] > 0, centres[:, 0] > generator.uniform(-20, -5), behind < generator.uniform(20, 45)):
            vote = by_geometry(part(mesh, keep)).vote
            assert vote.arch in (label, Arch.UNKNOWN), (name, vote)


@real
def test_no_real_arch_touches_the_limits_of_what_counts_as_an_arch():
    cases = [name for name, _ in labelled("upper", "lower")[::5]]
    measured = [by_geometry(scan(name)).measures for name in cases]
    for each in ARCH_RANGES:
        values = [numbers[each.name] for numbers in measured]
        assert each.least < min(values), each
        assert max(values) < each.most, each


@real
def test_turning_renumbering_and_moving_changes_no_vote():
    for seed, (name, _) in enumerate(labelled("upper", "lower")[::20]):
        first, second = votes([scan(name), moved(scan(name), seed)])
        assert first.arch == second.arch
        assert abs(first.confidence - second.confidence) < 0.11


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_made_bite_looks_like_a_bite_and_no_more(seed, side):
    vote = by_geometry(moved(make_bite(seed, side=side), seed)).vote
    assert (vote.role, vote.arch) == (Role.BITE, Arch.UNKNOWN)
    assert 0.5 <= vote.confidence < CONFIDENT


@pytest.mark.parametrize(("jaw", "palate"), [(Arch.UPPER, True), (Arch.UPPER, False), (Arch.LOWER, True)])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_made_arch_is_never_named_wrongly(jaw, palate, seed):
    vote = by_geometry(moved(make_arch(jaw, seed=seed, faces=20_000, palate=palate), seed)).vote
    assert vote.arch in (jaw, Arch.UNKNOWN)
    assert vote.role in (Role.ARCH, Role.UNKNOWN)
    assert vote.evidence


def test_a_made_palate_is_seen_and_a_missing_one_is_missed():
    with_palate, without, lower = (
        anatomy(arch_view(make_arch(jaw, seed=3, faces=20_000, palate=palate)))
        for jaw, palate in ((Arch.UPPER, True), (Arch.UPPER, False), (Arch.LOWER, True))
    )
    assert with_palate.front_cover > 0.95
    assert with_palate.cover > 0.6
    assert max(without.cover, lower.cover) < 0.4
    assert min(each.tooth_cover for each in (with_palate, without, lower)) > 0.8


def test_half_an_arch_is_neither_an_arch_nor_a_bite():
    vote = by_geometry(make_arch(Arch.LOWER, seed=1, faces=20_000, side=Side.LEFT)).vote
    assert (vote.arch, vote.role, vote.confidence) == (Arch.UNKNOWN, Role.UNKNOWN, 0)


def test_a_horseshoe_without_the_curves_of_teeth_is_not_sure():
    """Open inside, flat as a ruler: an open inside alone must not make a lower arch."""
    shape = by_geometry(HORSESHOE)
    assert (shape.vote.arch, shape.vote.confidence) == (Arch.UNKNOWN, 0)
    assert shape.vote.method is Method.GEOMETRY


@pytest.mark.parametrize(
    "mesh",
    [
        trimesh.creation.icosphere(subdivisions=3, radius=30),
        trimesh.creation.box((60, 50, 20)),
        trimesh.creation.torus(major_radius=25, minor_radius=6),
        trimesh.creation.cylinder(radius=4, height=40),
        trimesh.Trimesh([[0, 0, 0], [60, 0, 0], [50, 30, 0]], [[0, 1, 2]]),
        trimesh.Trimesh([[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 1, 2]], process=False),
    ],
    ids=["ball", "box", "ring", "rod", "triangle", "point"],
)
def test_other_things_are_not_sure(mesh):
    shape = by_geometry(Mesh(np.array(mesh.vertices, np.float32), np.array(mesh.faces, np.int32)))
    assert (shape.vote.arch, shape.vote.role, shape.vote.confidence) == (Arch.UNKNOWN, Role.UNKNOWN, 0)
    assert shape.vote.evidence.startswith("not sure: ")


def test_spee_is_the_sag_over_forty_millimetres():
    behind = np.linspace(0, 50, 60)
    hollow = np.column_stack([np.zeros(60), -behind, 1.5 * ((behind - 25) / 20) ** 2])
    assert spee(hollow) == pytest.approx(1.5, abs=0.05)
    assert spee(hollow * [1, 1, -1]) == pytest.approx(-1.5, abs=0.05)


def test_the_curves_lean_the_way_anatomy_says():
    middle = anatomy(arch_view(HORSESHOE))
    assert lean(dataclasses.replace(middle, spee_mm=1.6, wilson_mm=0.6)) > 2
    assert lean(dataclasses.replace(middle, spee_mm=-0.9, wilson_mm=-0.3)) < -2
    assert lean(dataclasses.replace(middle, spee_mm=0.3, wilson_mm=float("nan"))) == pytest.approx(0)


def test_a_strip_is_measured_as_it_was_built():
    x, y = np.meshgrid(np.linspace(0, 40, 60), np.linspace(0, 16, 30), indexing="ij")
    index = np.arange(x.size).reshape(x.shape)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    points = np.column_stack([x.ravel(), y.ravel(), 3 * np.sin(np.pi * y.ravel() / 16)])
    band = strip(moved(Mesh(points.astype(np.float32), faces.astype(np.int32)), 0))
    assert (band.length_mm, band.height_mm) == pytest.approx((40, 16), abs=1.5)
    assert band.relief_mm == pytest.approx(2.7, abs=0.4)
    assert all(each.holds(getattr(band, each.name)) for each in STRIP_RANGES)


def test_300_000_faces_take_under_one_and_a_half_seconds():
    mesh = make_arch(Arch.LOWER, seed=1, faces=300_000)
    start = time.process_time()
    by_geometry(mesh)
    assert time.process_time() - start < 1.5
