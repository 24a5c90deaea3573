"""A bite finds its own arches wherever they lie."""

import numpy as np
import pytest

from scans.meshes.mesh import Mesh
from scans.meshes.registration.bite_fit import BiteFit, BiteState, JawFit, fit_bite
from scans.meshes.registration.looking import inside_out
from scans.meshes.rigid import angle_deg, inverse, is_rigid, moved
from scans.synthetic.articulation import Shot, bite_of, transformed
from tests.meshes.registration.registered import apart, motion, pair


@pytest.fixture(scope="module")
def fit() -> BiteFit:
    return fit_bite(*apart())


def off(jaw: JawFit | None, number: int) -> tuple[float, float]:
    """Millimetres at the bite's surface, degrees."""
    assert jaw is not None
    error = jaw.pose @ motion(number) @ inverse(motion(0))
    points = apart()[0].vertices.astype(np.float64)
    return float(np.sqrt(((moved(points, error) - points) ** 2).sum(axis=1).mean())), angle_deg(error)


def test_it_is_confirmed_and_nearly_all_of_it_explained(fit: BiteFit) -> None:
    assert (fit.state, fit.findings) == (BiteState.CONFIRMED, ())
    assert fit.explained > 0.9


def test_both_arches_come_back_within_a_tenth_of_a_millimetre_and_half_a_degree(fit: BiteFit) -> None:
    for jaw, number in ((fit.upper, 1), (fit.lower, 2)):
        mm, degrees = off(jaw, number)
        assert mm < 0.1
        assert degrees < 0.5


def test_a_pose_is_a_rotation_and_a_shift_never_a_mirror(fit: BiteFit) -> None:
    assert fit.upper is not None
    assert fit.lower is not None
    assert is_rigid(fit.upper.pose)
    assert is_rigid(fit.lower.pose)


def test_the_same_scans_give_the_same_answer(fit: BiteFit) -> None:
    again = fit_bite(*apart())
    assert fit.upper is not None
    assert again.upper is not None
    assert np.array_equal(fit.upper.pose, again.upper.pose)
    assert (fit.explained, fit.upper.rms_mm) == (again.explained, again.upper.rms_mm)


def test_a_bite_whose_winding_is_inside_out_is_found_as_well() -> None:
    bite, upper, lower = apart()
    found = fit_bite(Mesh(bite.vertices, np.ascontiguousarray(bite.faces[:, ::-1])), upper, lower)
    assert found.state is BiteState.CONFIRMED
    assert max(off(found.lower, 2)) < 0.5


@pytest.mark.parametrize("turned", [(False, True), (True, False), (True, True)])
def test_an_arch_whose_file_is_inside_out_is_found_whatever_the_other_one_is(turned: tuple[bool, bool]) -> None:
    bite, *arches = apart()
    upper, lower = (inside_out(mesh) if flip else mesh for mesh, flip in zip(arches, turned, strict=True))
    assert fit_bite(bite, upper, lower).state is BiteState.CONFIRMED


def test_a_bite_too_short_to_tell_how_the_arches_meet_is_not_confirmed() -> None:
    upper, lower = apart()[1:]
    shown = transformed(bite_of(pair(), Shot(side=1, length_mm=9, seed=4)), motion(0))
    found = fit_bite(shown, upper, lower)
    assert found.state is not BiteState.CONFIRMED
    assert {finding.code for finding in found.findings} <= {"bite_uncertain", "bite_not_upper", "bite_not_lower"}
