"""Everything the fuzzer starts from, and everything it has found, once: quick and the same every time."""

import tracemalloc
from pathlib import Path

import pytest

from tests.fuzz.oracle import GROWTH_BYTES
from tests.fuzz.targets import TARGETS, Target

SEEDS = [pytest.param(t, seed, id=f"{t.name} {name}") for t in TARGETS.values() for name, seed in t.seeds().items()]


@pytest.mark.parametrize(("target", "seed"), SEEDS)
def test_every_seed_and_every_find_keeps_the_promise(target: Target, seed: bytes, tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        target.check(seed, tmp_path)
        assert tracemalloc.get_traced_memory()[1] < GROWTH_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_every_reader_accepts_some_of_its_seeds(target: Target, tmp_path: Path) -> None:
    assert any(target.check(seed, tmp_path) for seed in target.make())
