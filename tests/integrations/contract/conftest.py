"""The one table of connectors under contract; a test runs over those whose other side can do what it is about."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.integrations.contract.faults import Capability
from tests.integrations.contract.harness import Harness
from tests.integrations.contract.itero import IteroHarness, itero_harness
from tests.integrations.contract.medit import MeditHarness, medit_harness
from tests.integrations.contract.threeshape import ThreeShapeHarness, threeshape_harness

HARNESSES: dict[str, tuple[frozenset[Capability], Callable[[], AbstractContextManager[Harness]]]] = {
    "itero": (IteroHarness.can, itero_harness),
    "3shape": (ThreeShapeHarness.can, threeshape_harness),
    "medit": (MeditHarness.can, medit_harness),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Over all connectors; with a mark `about(CAPABILITY, ...)` over those that have it."""
    if "harness" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("about")
    needed = frozenset(mark.args if mark else ())
    names = [name for name, (can, _) in HARNESSES.items() if needed <= can]
    metafunc.parametrize("harness", names, indirect=True)


@pytest.fixture
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    _, run = HARNESSES[request.param]
    with run() as running:
        yield running
