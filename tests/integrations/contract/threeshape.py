"""A watched TRIOS folder under the contract suite."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.connectors.base import Connector
from integrations.connectors.threeshape.connector import ThreeShapeConnector
from integrations.connectors.threeshape.folder import DEEPEST
from integrations.connectors.threeshape.stability import STABLE_S
from tests.integrations.contract.faults import Capability, Fault
from tests.integrations.contract.harness import PATIENT

FIRST_LOOK = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND_LOOK = FIRST_LOOK + timedelta(seconds=STABLE_S)


class ThreeShapeHarness:
    """A disk answers no calls and has no secrets: its own troubles are tests of the connector."""

    can: frozenset[Capability] = frozenset()
    secrets = ()
    sent_bytes = 0

    def __init__(self, root: Path) -> None:
        self._root = root

    def connector(self) -> Connector:
        """At its second look: what lies there now was seen before and has rested since."""
        first = ThreeShapeConnector(self._root, {}, lambda: FIRST_LOOK)
        list(first.pages(None))
        return ThreeShapeConnector(self._root, first.looks, lambda: SECOND_LOOK)

    def put(self, order_id: str, changed_at: datetime, content: bytes) -> None:
        place = self._root / order_id / f"{PATIENT} UpperJawScan.ply"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
        os.utime(place, (changed_at.timestamp(), changed_at.timestamp()))

    def take_away(self, order_id: str) -> None:
        shutil.rmtree(self._root / order_id)

    def spoil(self, order_id: str) -> None:
        """Deeper than any export."""
        (self._root / order_id).joinpath(PATIENT, *("deeper" for _ in range(DEEPEST))).mkdir(parents=True)

    def do(self, fault: Fault) -> None:
        raise NotImplementedError(fault)

    def do_no_wrong(self) -> None:
        pass


@contextmanager
def threeshape_harness() -> Iterator[ThreeShapeHarness]:
    with tempfile.TemporaryDirectory() as folder:
        yield ThreeShapeHarness(Path(folder))
