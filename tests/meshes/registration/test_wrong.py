"""A bite refuses the arch of another person and says which; a jaw that is not there is no fit either."""

import numpy as np
import pytest

from scans.meshes.errors import MeshError
from scans.meshes.mesh import Mesh
from scans.meshes.registration.bite_fit import BiteState, fit_bite
from tests.meshes.registration.registered import apart, pair


def test_the_lower_arch_of_another_person_is_refused_by_name() -> None:
    bite, upper, _ = apart()
    fit = fit_bite(bite, upper, pair(9).lower)
    assert fit.state is BiteState.DOES_NOT_FIT
    assert [finding.code for finding in fit.findings] == ["bite_not_lower"]
    assert fit.findings[0].message == "The bite does not fit the lower arch."
    assert fit.upper is not None
    assert fit.upper.fits
    assert fit.lower is None or not fit.lower.fits


def test_without_a_lower_arch_it_stays_uncertain() -> None:
    bite, upper, _ = apart()
    fit = fit_bite(bite, upper, None)
    assert fit.state is BiteState.UNCERTAIN
    assert fit.lower is None
    assert [finding.code for finding in fit.findings] == ["bite_without_lower"]
    assert fit.upper is not None
    assert fit.upper.fits


def test_a_mirrored_arch_does_not_fit() -> None:
    bite, upper, _ = apart()
    mirrored = Mesh(upper.vertices * np.array([-1, 1, 1], np.float32), np.ascontiguousarray(upper.faces[:, ::-1]))
    assert fit_bite(bite, mirrored, None).state is BiteState.DOES_NOT_FIT


def test_a_whole_arch_taken_for_a_bite_fits_itself_alone() -> None:
    _, upper, lower = apart()
    fit = fit_bite(upper, upper, lower)
    assert fit.state is BiteState.DOES_NOT_FIT
    assert [finding.code for finding in fit.findings] == ["bite_not_lower"]


def test_a_smooth_scrap_fits_no_arch() -> None:
    corners = np.array([[0, 0, 0], [10, 0, 0], [0, 10, 0]], np.float32)
    fit = fit_bite(Mesh(corners, np.array([[0, 1, 2]], np.int32)), *apart()[1:])
    assert fit.state is BiteState.DOES_NOT_FIT
    assert not any(jaw.fits for jaw in (fit.upper, fit.lower) if jaw is not None)


def test_what_is_larger_than_a_mouth_or_has_no_surface_is_refused_with_a_sentence() -> None:
    bite, upper, lower = apart()
    with pytest.raises(MeshError, match="millimetres"):
        fit_bite(bite, Mesh(upper.vertices * np.float32(1000), upper.faces), lower)
    with pytest.raises(MeshError, match="too little"):
        fit_bite(Mesh(np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.int32)), upper, lower)
