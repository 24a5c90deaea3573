"""manage.py serve : web server and worker in one terminal, until Ctrl-C."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, TypeAlias

from django.core.management.base import BaseCommand, CommandError

START_LIMIT_S = 60
STOP_LIMIT_S = 15

Child: TypeAlias = "subprocess.Popen[bytes]"


class Command(BaseCommand):
    help = "Run web server and worker on this machine; for one clinic's own computer and for the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        address = f"http://{options['host']}:{options['port']}/"
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        children = [
            _start("granian", "--interface", "wsgi", "--host", options["host"], "--port", str(options["port"]),
                   "--no-ws", "--blocking-threads", "4", "config.wsgi:application"),
            _start("django", "qcluster"),
        ]  # fmt: skip
        try:
            if _answers_in_time(f"{address}livez", children, stop):
                self.stdout.write(self.style.SUCCESS(f"\nArchway is at {address}  (Ctrl-C stops it)"))
                _wait(children, stop)
        finally:
            _stop(children)


def _start(module: str, *arguments: str) -> Child:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings")}
    # In a session of its own: Ctrl-C reaches this command alone, which then ends its children in order.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *arguments], env=environment, start_new_session=True
    )


def _answers_in_time(address: str, children: Sequence[Child], stop: threading.Event) -> bool:
    """True once the server answers, False when it is to stop before that."""
    deadline = time.monotonic() + START_LIMIT_S
    while not stop.wait(0.2):
        if any(child.poll() is not None for child in children):
            raise CommandError("The web server or the worker ended at once; is the port free?")
        if time.monotonic() > deadline:
            raise CommandError(f"The web server did not answer within {START_LIMIT_S} seconds.")
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
            return True
    return False


def _wait(children: Sequence[Child], stop: threading.Event) -> None:
    """Until Ctrl-C, or until one of them ends by itself."""
    while all(child.poll() is None for child in children) and not stop.wait(0.5):
        pass


def _stop(children: Sequence[Child]) -> None:
    """End every child with all that it started."""
    for child in children:
        child.terminate()
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=STOP_LIMIT_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
