"""A labelled scan is brought into its true frame: else training would teach that teeth are gum and left is front."""

import numpy as np
import pytest

from scans.classification.verdict import Arch
from scans.synthetic.arch import make_arch
from scans.synthetic.writers import stl
from scans.training.posed import inverted, labelled, random_turn, ridge_of, turned
from tests.classification.shapes import OTHER_THINGS
from tests.training.arches import ARCHES, LOWER

AXES = {Arch.UPPER: "-Z (area vector 0.3)", Arch.LOWER: "+Z"}


@pytest.fixture
def folder(tmp_path):
    rows = ["file,label,group,patient,occlusal_axis,anterior_axis"]
    for jaw, axis in AXES.items():
        (tmp_path / f"{jaw}.stl").write_bytes(stl(make_arch(jaw, seed=302, faces=8_000)))
        rows.append(f"{jaw}.stl,{jaw},clinic,somebody,{axis},+Y")
    ball = OTHER_THINGS["ball"]
    (tmp_path / "ball.stl").write_bytes(stl(type(ball)(ball.vertices * np.float32(0.001), ball.faces)))
    rows.append("ball.stl,other,things,,n/a,")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    return tmp_path


@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_teeth_stand_at_zero_the_gum_below_and_the_front_ahead(posed):
    x, y, z = posed.points.T
    crowns = z > -4
    assert np.quantile(z, 0.999) < 3
    assert z.min() < -8
    assert abs(np.median(x[crowns])) < 3
    front, back = crowns & (y > np.quantile(y, 0.9)), crowns & (y < np.quantile(y, 0.2))
    assert np.ptp(x[front]) < np.ptp(x[back])
    assert posed.normals[crowns, 2].mean() > 0


@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_the_ridge_runs_through_the_crowns_and_the_cheek_is_outward(posed):
    ridge = ridge_of(posed)
    crowns = posed.points[:, 2] > -3
    assert np.abs(ridge.outward[crowns]).mean() < 4
    assert ridge.along[crowns].min() < -40
    assert ridge.along[crowns].max() > 40
    cheek = np.abs(posed.points[:, 0]) > np.abs(posed.points[crowns, 0]).max()
    assert np.median(ridge.outward[cheek]) > 1
    tongue = np.hypot(*posed.points[:, :2].T) < np.hypot(*posed.points[crowns, :2].T).min()
    assert np.median(ridge.outward[tongue]) < -2


def test_a_folder_gives_arches_by_their_axes_and_other_things_in_the_size_of_an_arch(folder):
    upper, lower, ball = labelled(folder)
    assert [each.label for each in (upper, lower, ball)] == ["upper", "lower", "other"]
    assert {upper.patient, lower.patient} == {"somebody"}
    for arch in (upper, lower):
        assert arch.normals[arch.points[:, 2] > -4, 2].mean() > 0
    assert 30 < np.ptp(ball.points, axis=0).max() < 60


def test_only_the_groups_asked_for_are_read(folder):
    assert [each.group for each in labelled(folder, ["things"])] == ["things"]


def test_a_turn_is_proper_and_takes_the_normals_along():
    turn = random_turn(np.random.default_rng(3))
    assert np.linalg.det(turn) == pytest.approx(1)
    there = turned(LOWER, turn)
    assert np.allclose((there.points * there.normals).sum(axis=1), (LOWER.points * LOWER.normals).sum(axis=1))
    assert np.allclose(turned(there, turn.T).points, LOWER.points)


def test_inverted_winding_changes_the_normals_alone():
    assert np.array_equal(inverted(LOWER).normals, -LOWER.normals)
    assert np.array_equal(inverted(LOWER).points, LOWER.points)
