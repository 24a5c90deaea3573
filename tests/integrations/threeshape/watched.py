"""A watched folder on disk, a clock that tests turn, and an engine's round in a few lines."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from integrations.connectors.base import Outcome, RemoteOrder, Settlement
from integrations.connectors.threeshape.connector import ThreeShapeConnector
from integrations.errors import ConnectorError
from scans.classification.verdict import Arch
from scans.synthetic.arch import make_arch
from scans.synthetic.exports import Order, trios_export, trios_order

SURNAME = "Quackenbush"
FILED = Settlement(Outcome.FILED, "Filed under its patient.", ("upper.stl: accept.",))
REJECTED = Settlement(Outcome.REJECTED, "No scan in it could be read.")


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def on(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Watched:
    """The folder, and a new connector for every look, as a service would make one: only `looks` lives on."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    looks: dict = field(default_factory=dict)
    faults: list[ConnectorError] = field(default_factory=list)

    def connector(self) -> ThreeShapeConnector:
        return ThreeShapeConnector(self.root, self.looks, self.clock)

    def look(self) -> list[RemoteOrder]:
        connector = self.connector()
        pages = list(connector.pages(None))
        self.looks = connector.looks
        self.faults = [fault for page in pages for fault in page.faults]
        return [order for page in pages for order in page.orders]

    def rested(self) -> list[RemoteOrder]:
        """What is taken when nothing changes between two looks."""
        self.look()
        self.clock.on(5)
        return self.look()

    def settle(self, order: RemoteOrder, settlement: Settlement = FILED) -> None:
        self.connector().settle(order, settlement)

    def names(self, folder: str = "") -> list[str]:
        """Of all files, those of Archway's own notes included."""
        place = self.root / folder
        return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def write(root: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def write_as_before(place: Path, content: bytes) -> None:
    """As some programs copy: the new file has the old one's time."""
    times = (place.stat().st_atime_ns, place.stat().st_mtime_ns)
    place.write_bytes(content)
    os.utime(place, ns=times)


@cache
def an_order(order_id: str = "4711", seed: int = 1) -> Order:
    arches = {arch: make_arch(arch, seed=seed, faces=2_000) for arch in (Arch.UPPER, Arch.LOWER)}
    captured = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return Order(order_id, captured, first_name="Jane", last_name=SURNAME, chart_number="C-1", arches=arches)


def order_folder(order_id: str = "4711") -> dict[str, bytes]:
    return trios_order(an_order(order_id))


def loose_files(prefix: str | None = None) -> dict[str, bytes]:
    return trios_export(an_order(), prefix=prefix)
