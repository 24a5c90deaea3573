"""The last step of a fit says how far it can be trusted, and is not fooled by facets."""

import numpy as np
import pytest

from scans.meshes.mesh import Mesh
from scans.meshes.registration.refinement import Refined, doubt, refined
from scans.meshes.registration.sampling import sampled
from scans.meshes.registration.target import prepared
from scans.meshes.rigid import Floats, angle_deg, moved, rotations_about
from scans.meshes.surface import surface
from scans.synthetic.articulation import Shot, bite_of
from tests.meshes.registration.registered import pair

IDENTITY = np.eye(4)


def covariance() -> Floats:
    root = np.random.default_rng(3).normal(size=(6, 6)) * np.array([[0.002], [0.003], [0.001], [0.02], [0.03], [0.01]])
    return root @ root.T


def test_doubt_is_what_many_poses_drawn_from_the_covariance_are_off() -> None:
    rng = np.random.default_rng(1)
    points = rng.uniform([20, -5, -4], [50, 30, 4], (300, 3))
    drawn = rng.multivariate_normal(np.zeros(6), covariance(), 4000)
    off = moved(points, _poses(drawn)) - points
    found = doubt(covariance(), points)
    assert found.mm == pytest.approx(np.sqrt((off**2).sum(axis=2).mean()), rel=0.05)
    assert found.degrees == pytest.approx(np.degrees(np.sqrt((drawn[:, :3] ** 2).sum(axis=1).mean())), rel=0.05)


def _poses(drawn: Floats) -> Floats:
    poses = np.tile(IDENTITY, (len(drawn), 1, 1))
    poses[:, :3, :3], poses[:, :3, 3] = rotations_about(drawn[:, :3]), drawn[:, 3:]
    return poses


def laid(mesh: Mesh, shot: Shot) -> tuple[Refined, Floats]:
    """The bite of that shot on the upper arch, and its points; both lie where they belong."""
    bite = bite_of(pair(), shot)
    area_mm2 = float(surface(bite).areas.sum())
    return refined(prepared(mesh), sampled(bite, 4000), IDENTITY, area_mm2), bite.vertices.astype(np.float64)


def test_what_facets_cut_off_is_no_turn() -> None:
    exact = Shot(side=1, length_mm=25, noise_mm=0.0, drift_mm=0.0, recapture_mm=0.0)
    place, points = laid(pair().upper, exact)
    assert place.bulge > 0.2
    assert angle_deg(place.pose) < 0.08
    assert np.linalg.norm(moved(points, place.pose) - points, axis=1).max() < 0.05


def test_a_short_strip_leaves_more_doubt_than_a_long_one() -> None:
    short, long = (laid(pair().upper, Shot(side=1, length_mm=length)) for length in (8.0, 35.0))
    assert doubt(short[0].covariance, short[1]).degrees > 2 * doubt(long[0].covariance, long[1]).degrees


def test_a_noisier_bite_leaves_more_doubt() -> None:
    calm, noisy = (laid(pair().upper, Shot(side=1, length_mm=25, noise_mm=noise)) for noise in (0.03, 0.09))
    assert doubt(noisy[0].covariance, noisy[1]).degrees > 1.3 * doubt(calm[0].covariance, calm[1]).degrees
