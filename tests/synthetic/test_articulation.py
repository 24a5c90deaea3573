"""Two arches closed until they meet, and the bite that a camera in the cheek would see of them."""

import numpy as np
import pytest
import trimesh
from scipy.spatial import KDTree

from scans.meshes.mesh import Mesh
from scans.meshes.registration.occlusion import contact
from scans.meshes.rigid import Floats
from scans.synthetic.articulation import Pair, Shot, bite_of, closed, recaptured, transformed
from tests.meshes.registration.registered import FACES, bite, motion, pair


@pytest.fixture(scope="module")
def met() -> Pair:
    found = closed(transformed(pair().upper, motion(1)), transformed(pair().lower, motion(2)))
    assert found is not None
    return found


def away_mm(points: Floats, mesh: Mesh) -> Floats:
    """To the nearest of the twelve triangles whose middles are next."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    near = KDTree(corners.mean(axis=1)).query(points, 12)[1].reshape(-1)
    again = points.repeat(12, axis=0)
    on_surface: Floats = trimesh.triangles.closest_point(corners[near], again)  # type: ignore[no-untyped-call]
    result: Floats = np.linalg.norm(on_surface - again, axis=1).reshape(-1, 12).min(axis=1)
    return result


def test_arches_that_lay_apart_are_closed_upper_over_lower(met: Pair) -> None:
    assert contact(met.upper, met.lower).plausible
    assert met.upper.vertices[:, 2].mean() > met.lower.vertices[:, 2].mean()
    assert (met.upper.face_count, met.lower.face_count) == (pair().upper.face_count, pair().lower.face_count)


def test_what_is_no_arch_is_not_closed() -> None:
    ball = trimesh.creation.icosphere(subdivisions=3, radius=20)
    mesh = Mesh(ball.vertices.astype(np.float32), ball.faces.astype(np.int32))
    assert closed(mesh, mesh) is None


def test_a_bite_lies_on_both_arches_on_its_side_but_for_noise() -> None:
    points = bite().vertices[::40].astype(np.float64)
    to_upper, to_lower = away_mm(points, pair().upper), away_mm(points, pair().lower)
    assert points[:, 0].min() > 0
    assert np.quantile(np.minimum(to_upper, to_lower), 0.95) < 0.2
    assert (to_upper < 0.2).mean() > 0.2
    assert (to_lower < 0.2).mean() > 0.2


def test_a_bite_of_both_sides_reaches_over_the_middle() -> None:
    both = bite_of(pair(), Shot(side=0, length_mm=22, seed=1)).vertices[:, 0]
    assert both.min() < -10
    assert both.max() > 10


def test_another_capture_has_other_points_close_to_the_same_surface() -> None:
    again = recaptured(pair().lower, np.random.default_rng(1), 0.02)
    assert again.face_count == 4 * pair().lower.face_count > 3 * FACES
    away = away_mm(again.vertices[::200].astype(np.float64), pair().lower)
    assert 0.003 < np.median(away) < 0.06


def test_the_same_seed_gives_the_same_bite() -> None:
    assert np.array_equal(bite().vertices, bite_of(pair(), Shot(side=1, length_mm=30, seed=3)).vertices)
