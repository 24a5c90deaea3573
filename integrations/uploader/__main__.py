"""python -m integrations.uploader FOLDER --url https://... : sends a scanner PC's exports to an Archway elsewhere.

Exit codes: 0 all is sent, 1 something was refused or stays, 2 it cannot work as it is set up, 3 the token is not good.
"""

import logging
import signal
import sys
import threading
import uuid
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from integrations.connectors.threeshape.connector import ThreeShapeConnector
from integrations.errors import ConnectorError, Misconfigured, Reconnect, TryLater
from integrations.uploader.rounds import send_all, send_once, with_patience
from integrations.uploader.server import Server
from integrations.uploader.token import VARIABLE, token_of
from integrations.watching import watch

FAULT, SET_UP_WRONG, TOKEN_REFUSED = 1, 2, 3
ATTEMPTS_ONCE = 5
NOT_HERE = (
    "there is no --token: what stands on a command line is seen by every user of the machine and kept in the shell's "
    f"history. Put the token into a file (--token-file) or the variable {VARIABLE}"
)

logger = logging.getLogger("integrations.uploader")


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None, *, stop: threading.Event, now: Callable[[], datetime] = _now) -> int:
    options = _options(arguments)
    try:
        return _run(options, stop, now)
    except Reconnect as error:
        logger.error("%s", error.message)  # noqa: TRY400 - a sentence for a person, no traceback
        return TOKEN_REFUSED
    except Misconfigured as error:
        logger.error("%s", error.message)  # noqa: TRY400
        return SET_UP_WRONG
    except ConnectorError as error:
        logger.error("%s", error.message)  # noqa: TRY400
        return FAULT


def _options(arguments: Sequence[str] | None) -> Namespace:
    # Without abbreviations: --token would be short for --token-file.
    parser = ArgumentParser(
        prog="python -m integrations.uploader", description="Send a scanner's exports to Archway.", allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, help="where the scanner exports to; done/ and failed/ are made in it")
    parser.add_argument("--url", required=True, help="address of the Archway, https; http only on this machine")
    parser.add_argument(
        "--token-file",
        type=Path,
        help=f"file that holds the API token (`manage.py issue_token` makes one that lasts); without it {VARIABLE} counts. "
        f"Note: {NOT_HERE}",
    )
    parser.add_argument("--clinic", type=uuid.UUID, help="needed only when the token's user belongs to several")
    parser.add_argument("--once", action="store_true", help="send what lies there, then end; for a scheduler")
    parser.add_argument("--token", help=SUPPRESS)
    options = parser.parse_args(arguments)
    if options.token is not None:
        parser.error(NOT_HERE)
    return options


def _run(options: Namespace, stop: threading.Event, now: Callable[[], datetime]) -> int:
    folder = options.folder.resolve()
    token_of(options.token_file)
    server = Server(
        options.url,
        token=lambda: token_of(options.token_file),
        clinic=str(options.clinic or ""),
        wait=stop.wait,
    )
    connector = ThreeShapeConnector(folder, {}, now)
    if options.once:
        tally = send_once(connector, server, wait=stop.wait, now=now, attempts=ATTEMPTS_ONCE)
        logger.info("%d sent, %d refused, %d stay.", tally.taken, tally.refused, tally.left)
        return FAULT if tally.refused or tally.left else 0
    watch([folder], stop, lambda _: _round(connector, server, stop))
    return 0


def _round(connector: ThreeShapeConnector, server: Server, stop: threading.Event) -> None:
    """Goes on trying while the server or the drive is away; ends early when it is to stop."""
    try:
        with_patience(lambda: send_all(connector, server), wait=stop.wait, now=_now)
    except TryLater:
        if not stop.is_set():
            raise


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    sys.exit(main(stop=stopping))
