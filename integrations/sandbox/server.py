"""The cloud on a port of this machine: here in a thread, or as a process of its own.

with running(Options(redirect_uris=(...,), orders=3, faces=2_000)) as sandbox: ...
with process(Options(...)) as sandbox: ...
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from integrations.sandbox.app import create_app
from integrations.sandbox.arguments import SECRET_VARIABLE, arguments_of
from integrations.sandbox.cloud import Cloud
from integrations.sandbox.options import LOOPBACK, Options
from integrations.sandbox.remote import Sandbox

ROOT = Path(__file__).resolve().parents[2]
STOP_LIMIT_S = 15
POLL_S = 0.02
"""How long it may take to notice that the server is to stop."""


class _Quiet(WSGIRequestHandler):
    """Addresses hold codes and states: none is logged."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def serving(options: Options) -> Iterator[tuple[BaseWSGIServer, Sandbox]]:
    """A bound server, not yet answering: `serve_forever` does that. Loopback only, whatever is asked."""
    cloud = Cloud(options)
    server = make_server(LOOPBACK, options.port, create_app(cloud), threaded=True, request_handler=_Quiet)
    cloud.start()
    try:
        yield server, Sandbox(f"http://{LOOPBACK}:{server.server_port}", options)
    finally:
        server.server_close()
        cloud.stop()


@contextmanager
def running(options: Options) -> Iterator[Sandbox]:
    """In a thread of this process."""
    with serving(options) as (server, sandbox):
        thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), name="itero-sandbox", daemon=True)
        thread.start()
        try:
            yield sandbox
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def process(options: Options) -> Iterator[Sandbox]:
    """In a process of its own, which says on its first line where it is."""
    child = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "integrations.sandbox", *arguments_of(options)],
        cwd=ROOT,
        env={**os.environ, SECRET_VARIABLE: options.client_secret},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        first_line = child.stdout.readline() if child.stdout else ""
        yield Sandbox(json.loads(first_line)["address"], options)
    finally:
        child.terminate()
        if child.stdout:
            child.stdout.close()
        try:
            child.wait(timeout=STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
