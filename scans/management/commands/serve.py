"""manage.py serve : web server and worker in one terminal, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

START_LIMIT_S = 60


class Command(BaseCommand):
    help = "Run web server and worker on this machine; for one clinic's own computer and for the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        address = f"http://{options['host']}:{options['port']}/"
        children = [
            _start("granian", "--interface", "wsgi", "--host", options["host"], "--port", str(options["port"]),
                   "--no-ws", "--blocking-threads", "4", "config.wsgi:application"),
            _start("django", "qcluster"),
        ]  # fmt: skip
        signal.signal(signal.SIGTERM, _stop_now)
        try:
            _wait_until_it_answers(f"{address}livez", children)
            self.stdout.write(self.style.SUCCESS(f"\nArchway is at {address}  (Ctrl-C stops it)"))
            _wait_for_an_end(children)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            _stop(children)


def _start(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings")}
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment)  # noqa: S603


def _stop_now(*_: Any) -> None:
    raise KeyboardInterrupt


def _wait_until_it_answers(address: str, children: Sequence["subprocess.Popen[bytes]"]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CommandError("The web server or the worker ended at once; is the port free?")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise CommandError(f"The web server did not answer within {START_LIMIT_S} seconds.")


def _wait_for_an_end(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)


def _stop(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
