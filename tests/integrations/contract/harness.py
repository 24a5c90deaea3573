"""What the contract suite needs of each connector: a side to talk to that does as it is told."""

from datetime import datetime
from typing import Protocol

from integrations.connectors.base import Connector
from tests.integrations.contract.faults import Capability, Fault

PATIENT = "Zephyrine Quillfeather"
"""A name that stands nowhere but in patients: where it turns up, it was repeated."""


class Harness(Protocol):
    """One connector and its other side, on a real socket or a real disk.

    can: what this side can do wrong, and what the connector does by its nature. secrets: what must never show.
    sent_bytes: of file contents, so far.
    """

    can: frozenset[Capability]

    @property
    def secrets(self) -> tuple[str, ...]: ...

    @property
    def sent_bytes(self) -> int: ...

    def connector(self) -> Connector: ...

    def put(self, order_id: str, changed_at: datetime, content: bytes) -> None:
        """An order of PATIENT with one file, or the same order with another one. `content` is a whole archive."""

    def take_away(self, order_id: str) -> None: ...

    def spoil(self, order_id: str) -> None:
        """The order cannot be read any more, in a list or alone, though it still names its patient."""

    def do(self, fault: Fault) -> None:
        """From now on, or once where it is about a download."""

    def do_no_wrong(self) -> None: ...
