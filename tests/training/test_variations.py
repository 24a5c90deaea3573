"""A varied upper is still an upper: what training makes of an arch must not turn its label into a lie."""

from dataclasses import replace

import numpy as np
import pytest

from scans.training.posed import ridge_of
from scans.training.variations import (
    STEPS,
    filled_inside,
    ground,
    mirrored,
    missing_teeth,
    on_base,
    part_of_arch,
    strays,
    tightly_trimmed,
    varied,
    warped,
    with_gum,
    without_inside,
)
from tests.training.arches import ARCHES, LOWER, UPPER, same

SEEDS = range(4)
CENTRE = np.array([40.0, 0, 0])


def after(step, posed, seed):
    return step(posed, ridge_of(posed), np.random.default_rng(seed))


@pytest.mark.parametrize("step", [step for step, _ in STEPS])
@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_every_step_leaves_label_and_source_and_most_of_the_teeth_where_they_are(step, posed):
    ridge = ridge_of(posed)
    for seed in SEEDS:
        made = after(step, posed, seed)
        assert (made.label, made.group, made.patient) == (posed.label, posed.group, posed.patient)
        assert np.isfinite(made.points).all()
        assert np.allclose(np.linalg.norm(made.normals, axis=1), 1, atol=1e-3)
        assert np.quantile(made.points[:, 2], 0.98) < 4
        crowns = made.points[made.points[:, 2] > -4]
        assert len(crowns) > 0.2 * (posed.points[:, 2] > -4).sum()
        assert np.ptp(crowns, axis=0)[:2].max() > 0.3 * np.ptp(ridge.along[posed.points[:, 2] > -4])


@pytest.mark.parametrize("step", [step for step, _ in STEPS])
def test_every_step_is_the_same_by_the_same_seed_only(step):
    assert same(after(step, UPPER, 1), after(step, UPPER, 1))
    assert not same(after(step, UPPER, 1), after(step, UPPER, 2))


def test_a_mirrored_arch_keeps_its_outer_side_outside():
    ball = np.random.default_rng(0).normal(size=(500, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    made = mirrored(replace(UPPER, points=ball + CENTRE, normals=ball))
    assert np.allclose((made.points + CENTRE) * made.normals, ball * ball)
    assert same(mirrored(mirrored(UPPER)), UPPER)


@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_a_warped_arch_keeps_human_proportions(posed):
    for seed in SEEDS:
        made = warped(posed, np.random.default_rng(seed))
        growth = np.ptp(made.points, axis=0) / np.ptp(posed.points, axis=0)
        assert (growth > 0.6).all()
        assert (growth < 1.6).all()
        up = np.corrcoef(made.points[:, 2], posed.points[:, 2])[0, 1]
        ahead = np.corrcoef(made.points[:, 1], posed.points[:, 1])[0, 1]
        assert min(up, ahead) > 0.9


def test_without_a_palate_teeth_and_cheek_side_are_still_there():
    outward = ridge_of(UPPER).outward
    for seed in SEEDS:
        kept = {tuple(point) for point in after(without_inside, UPPER, seed).points}
        assert {tuple(point) for point in UPPER.points[outward > -4]} <= kept
        assert not {tuple(point) for point in UPPER.points[outward < -14]} & kept


@pytest.mark.parametrize("posed", ARCHES.values(), ids=ARCHES)
def test_a_part_is_a_shorter_piece_of_the_same_arch(posed):
    along = dict(zip(map(tuple, posed.points), ridge_of(posed).along, strict=True))
    whole = np.ptp([*along.values()])
    for seed in SEEDS:
        kept = [along[tuple(point)] for point in after(part_of_arch, posed, seed).points]
        assert len(kept) < 0.97 * len(posed.points)
        assert 0.3 * whole < np.ptp(kept) < 0.99 * whole


@pytest.mark.parametrize("step", [on_base, filled_inside, with_gum, strays])
def test_what_is_added_leaves_the_scan_itself_untouched(step):
    for posed in (UPPER, LOWER):
        made = after(step, posed, 2)
        assert len(made.points) > len(posed.points)
        assert np.array_equal(made.points[: len(posed.points)], posed.points)


def test_a_base_closes_the_model_from_below():
    made = after(on_base, LOWER, 0)
    added = made.points[len(LOWER.points) :]
    assert added[:, 2].min() < LOWER.points[:, 2].min() + 4
    bottom = made.normals[len(LOWER.points) :, 2] < -0.99
    assert bottom.any()
    assert np.ptp(added[bottom, 2]) < 1e-6


@pytest.mark.parametrize("step", [missing_teeth, ground])
def test_teeth_are_taken_away_never_grown(step):
    for seed in SEEDS:
        lifted = after(step, UPPER, seed).points[:, 2] - UPPER.points[:, 2]
        assert lifted.min() < -0.4
        posts = lifted > 1e-9
        assert posts.mean() < 0.02


def test_tight_trimming_leaves_the_crowns():
    ridge = ridge_of(UPPER)
    heart = (UPPER.points[:, 2] > -3) & (np.abs(ridge.outward + 1) < 4)
    for seed in SEEDS:
        assert len(after(tightly_trimmed, UPPER, seed).points) >= heart.sum()


def test_the_same_seed_varies_alike_and_another_otherwise():
    made = [varied(LOWER, np.random.default_rng(seed)) for seed in (5, 5, 6)]
    assert same(made[0], made[1])
    assert not same(made[0], made[2])
