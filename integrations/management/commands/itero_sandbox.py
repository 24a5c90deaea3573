"""manage.py itero_sandbox : a made-up iTero cloud on this machine, until Ctrl-C."""

import contextlib
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.sandbox.arguments import add_arguments, options_of
from integrations.sandbox.server import serving

PORT = 8765


class Command(BaseCommand):
    help = "Run a stand-alone iTero cloud with made-up orders on 127.0.0.1, to try the connection without Align."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser, port=PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt), serving(options_of(options)) as (server, sandbox):
            self.stdout.write(f"iTero sandbox at {sandbox.address}  client id {sandbox.options.client_id}")
            self.stdout.flush()
            server.serve_forever()
