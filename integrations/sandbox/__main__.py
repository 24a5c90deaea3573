"""`python -m integrations.sandbox`: the cloud until it is ended; the first line of output says in JSON where it is."""

import json
import signal
import sys
import threading
from argparse import ArgumentParser

from integrations.sandbox.arguments import add_arguments, options_of
from integrations.sandbox.server import running


def main() -> None:
    parser = ArgumentParser(prog="integrations.sandbox", description=__doc__)
    add_arguments(parser, port=0)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with running(options_of(vars(parser.parse_args()))) as sandbox:
        first = {"address": sandbox.address, "client_id": sandbox.options.client_id}
        sys.stdout.write(f"{json.dumps(first)}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
