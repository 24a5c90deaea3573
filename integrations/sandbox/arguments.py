"""The options as arguments of a command line."""

import os
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.options import CLIENT_ID, CLIENT_SECRET, FACES, Options

SECRET_VARIABLE = "ITERO_SANDBOX_SECRET"  # noqa: S105 - a variable's name


def add_arguments(parser: ArgumentParser, *, port: int) -> None:
    parser.add_argument("--port", type=int, default=port, help="0 takes a free one")
    parser.add_argument("--orders", type=int, default=6, help="how many there are from the start")
    parser.add_argument("--new-every", type=float, default=0, metavar="SECONDS", help="0 for never")
    parser.add_argument("--faces", type=int, default=FACES, help="triangles of an arch")
    parser.add_argument("--lifetime", type=int, default=3600, metavar="SECONDS", help="of an access token")
    parser.add_argument("--redirect-uri", action="append", default=[], help="may be given several times")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--state", default="", metavar="FOLDER", help="keeps grants and orders over a restart")


def options_of(given: Mapping[str, Any]) -> Options:
    """The secret comes from the environment: a list of processes shows arguments."""
    return Options(
        port=given["port"],
        redirect_uris=tuple(given["redirect_uri"]),
        orders=given["orders"],
        new_every_s=given["new_every"],
        faces=given["faces"],
        lifetime_s=given["lifetime"],
        client_id=given["client_id"],
        client_secret=os.environ.get(SECRET_VARIABLE, CLIENT_SECRET),
        state_folder=given["state"],
    )


def arguments_of(options: Options) -> list[str]:
    """All but the secret, which is nothing for a list of processes."""
    values = {
        "port": options.port,
        "orders": options.orders,
        "new-every": options.new_every_s,
        "faces": options.faces,
        "lifetime": options.lifetime_s,
        "client-id": options.client_id,
        "state": options.state_folder,
    }
    named = [text for name, value in values.items() for text in (f"--{name}", str(value))]
    return named + [text for uri in options.redirect_uris for text in ("--redirect-uri", uri)]
