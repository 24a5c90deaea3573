"""manage.py serve : web server and worker in one terminal, until Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import children, env
from config.children import Child

NEW_ORDER_EVERY_S = 120


class Command(BaseCommand):
    help = "Run web server and worker on this machine; for one clinic's own computer and for the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--with-sandbox", type=int, metavar="PORT", help="also an iTero sandbox there, connected to the demo clinic"
        )
        parser.add_argument("--new-every", type=float, default=NEW_ORDER_EVERY_S, help="seconds between its new orders")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        started: list[Child] = []
        try:
            self._serve(options, started, stop)
        except children.DidNotStart as error:
            raise CommandError(str(error)) from error
        finally:
            children.end(started)

    def _serve(self, options: dict[str, Any], started: list[Child], stop: threading.Event) -> None:
        # A server that listens everywhere is asked for on this machine.
        host = "127.0.0.1" if options["host"] in {"0.0.0.0", "::"} else options["host"]  # noqa: S104
        address = f"http://{host}:{options['port']}"
        environment = {} if env.text("ARCHWAY_PUBLIC_URL") else {"ARCHWAY_PUBLIC_URL": address}
        if options["with_sandbox"]:
            if env.text("ARCHWAY_ITERO_URL"):
                raise CommandError("ARCHWAY_ITERO_URL is set: this installation has a real cloud, so no sandbox.")
            environment = _sandbox_environment(address, options["with_sandbox"])
            if not self._start_sandbox(environment, options, started, stop):
                return
        started.append(
            children.start(environment, "granian", "--interface", "wsgi", "--host", options["host"], "--port",
                           str(options["port"]), "--no-ws", "--blocking-threads", "4", "config.wsgi:application")
        )  # fmt: skip
        started.append(children.start(environment, "django", "qcluster"))
        if children.answers_in_time(f"{address}/livez", started, stop):
            self.stdout.write(self.style.SUCCESS(f"\nArchway is at {address}/  (Ctrl-C stops it)"))
            children.wait(started, stop)

    def _start_sandbox(
        self, environment: dict[str, str], options: dict[str, Any], started: list[Child], stop: threading.Event
    ) -> bool:
        """False when it is to stop before the sandbox answers."""
        arguments = {
            "port": options["with_sandbox"],
            "orders": 3,
            "new-every": options["new_every"],
            "redirect-uri": f"{environment['ARCHWAY_PUBLIC_URL']}/api/imaging/3d/itero/auth/callback",
            "state": settings.DATA_DIR / "demo" / "itero-sandbox",
        }
        named = [text for name, value in arguments.items() for text in (f"--{name}", str(value))]
        started.append(children.start(environment, "django", "itero_sandbox", *named))
        if not children.answers_in_time(environment["ARCHWAY_ITERO_URL"], started, stop):
            return False
        if children.run(environment, "django", "connect_sandbox"):
            raise children.DidNotStart("The demo clinic could not be connected to the sandbox.")
        return True


def _sandbox_environment(public_url: str, port: int) -> dict[str, str]:
    host = f"127.0.0.1:{port}"
    return {
        "ARCHWAY_PUBLIC_URL": public_url,
        "ARCHWAY_ITERO_URL": f"http://{host}",
        "ARCHWAY_ITERO_HOSTS": host,
    }
