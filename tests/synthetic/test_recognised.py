"""The classifier, which was set on public scans of real people, takes the made-up ones for what they are."""

import pytest

from scans.classification.by_geometry import by_geometry
from scans.classification.verdict import Arch, Role
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite


@pytest.mark.parametrize("seed", [0, 1, 1000])
@pytest.mark.parametrize("jaw", [Arch.UPPER, Arch.LOWER])
def test_an_arch_is_recognised_by_its_shape(jaw: Arch, seed: int) -> None:
    vote = by_geometry(make_arch(jaw, seed=seed, faces=12_000)).vote
    assert (vote.arch, vote.role) == (jaw, Role.ARCH)
    assert vote.confidence >= 0.8


@pytest.mark.parametrize("seed", [0, 1, 1000])
def test_an_upper_without_palate_is_not_taken_for_a_lower(seed: int) -> None:
    assert by_geometry(make_arch(Arch.UPPER, seed=seed, faces=12_000, palate=False)).vote.arch is not Arch.LOWER


def test_a_bite_is_recognised_by_its_shape() -> None:
    assert by_geometry(make_bite(1, faces=6_000)).vote.role is Role.BITE
