"""A round of the uploader: look, send what rests, move it away. The server away is waited for."""

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from integrations.connectors.base import Connector, Outcome, RemoteOrder, Settlement
from integrations.connectors.threeshape.connector import ThreeShapeConnector
from integrations.errors import BadAnswer, Skip, TryLater
from integrations.uploader.packing import Packed, pack
from integrations.uploader.server import Server

CAP_BYTES = 4 * 1024**3
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 300.0
MOST_LOOKS = 60
A_LITTLE_S = 0.1
REFUSED = frozenset({Outcome.REJECTED, Outcome.FAILED})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tally:
    """left: exports that stay where they are, because of themselves."""

    taken: int = 0
    refused: int = 0
    left: int = 0

    def plus(self, other: "Tally") -> "Tally":
        return Tally(self.taken + other.taken, self.refused + other.refused, other.left)


def send_all(connector: Connector, server: Server) -> Tally:
    """One look. An export that cannot be read or sent costs itself only.

    Raises Reconnect and Misconfigured, and TryLater: at once where two exports in a row meet it, for then the server
    is away, and at the end where a single one did.
    """
    taken = refused = left = 0
    later: TryLater | None = None
    is_away = False
    for page in connector.pages(None):
        left += len(page.faults)
        for fault in page.faults:
            logger.warning("An export stays: %s", fault.message)
        for order in page.orders:
            try:
                settlement = _send(connector, server, order)
                connector.settle(order, settlement)
            except TryLater as error:
                if is_away:
                    raise
                later, is_away = later or error, True
                continue
            except (Skip, BadAnswer) as error:
                logger.warning("An export stays: %s", error.message)
                left += 1
                continue
            is_away = False
            logger.info("An export was sent: %s", settlement.outcome)
            refused += settlement.outcome in REFUSED
            taken += settlement.outcome not in REFUSED
    if later:
        raise later
    return Tally(taken, refused, left)


def _send(connector: Connector, server: Server, order: RemoteOrder) -> Settlement:
    """From copies, which are what was listed by their checksums, whatever happens in the folder meanwhile."""
    with tempfile.TemporaryDirectory(prefix="archway-") as folder:
        copies = []
        for number, file in enumerate(order.files):
            place = Path(folder, f"{number:06d}")
            connector.fetch(order, file, place, cap=CAP_BYTES, on_chunk=lambda: None)
            copies.append(Packed(file.name, place))
        return server.take(pack(copies, Path(folder, "packed")))


def with_patience(
    attempt: Callable[[], Tally],
    *,
    wait: Callable[[float], bool],
    now: Callable[[], datetime],
    attempts: int | None = None,
) -> Tally:
    """Tries again, ever later, while TryLater is the answer: `attempts` times, or without end. wait: True to stop."""
    for number in count(1):
        try:
            return attempt()
        except TryLater as error:
            if number == attempts:
                raise
            logger.warning("Not now: %s", error.message)
            if wait(_pause(number, error, now())):
                raise
    raise AssertionError("unreachable")


def _pause(number: int, error: TryLater, now: datetime) -> float:
    if error.retry_at:
        return max((error.retry_at - now) / timedelta(seconds=1), FIRST_WAIT_S)
    return min(FIRST_WAIT_S * 2.0 ** min(number - 1, 10), LONGEST_WAIT_S)


def send_once(
    connector: ThreeShapeConnector,
    server: Server,
    *,
    wait: Callable[[float], bool],
    now: Callable[[], datetime],
    attempts: int | None,
) -> Tally:
    """Until nothing that lies there may come to rest any more. What is incomplete counts as left."""
    total = Tally()
    for _ in range(MOST_LOOKS):
        found = with_patience(lambda: send_all(connector, server), wait=wait, now=now, attempts=attempts)
        total = total.plus(found)
        again = connector.look_again_at
        if again is None or wait(max((again - now()) / timedelta(seconds=1), 0.0) + A_LITTLE_S):
            break
    return Tally(total.taken, total.refused, max(total.left, connector.waiting))
