"""Which way half a mouth looks does not depend on how its file winds the faces."""

import numpy as np
import pytest

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.registration.looking import inside_out, is_inside_out, looks, right_side_out
from scans.synthetic.arch import make_arch

CORNERS = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]], np.float32)
CLOSED = Mesh(CORNERS, np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32))


@pytest.mark.parametrize(("arch", "up"), [(Arch.UPPER, -1), (Arch.LOWER, 1)])
def test_an_arch_looks_to_the_other_jaw(arch: Arch, up: int) -> None:
    mesh = make_arch(arch, seed=2, faces=12_000)
    assert looks(mesh)[2] * up > 0.9
    assert not is_inside_out(mesh)
    assert np.allclose(looks(right_side_out(inside_out(mesh))), looks(mesh))


def test_a_closed_model_has_a_right_side_and_no_direction() -> None:
    assert not looks(CLOSED).any()
    assert not is_inside_out(CLOSED)
    assert is_inside_out(inside_out(CLOSED))


def test_what_is_inside_out_is_turned_and_the_rest_left_alone() -> None:
    assert right_side_out(CLOSED) is CLOSED
    assert np.array_equal(right_side_out(inside_out(CLOSED)).faces, CLOSED.faces)
