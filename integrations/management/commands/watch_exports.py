"""manage.py watch_exports : takes TRIOS exports as they arrive, until it is stopped; for a service manager."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from integrations.models import ScannerIntegration, SyncRun
from integrations.services import runs
from integrations.uploader.__main__ import main as upload
from integrations.watching import watch
from patients.audit import Actor
from patients.errors import Conflict

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Watch the folders of all 3Shape connections and take exports as they arrive. With --remote URL it works on "
        "another PC instead: it sends the exports of --folder to the Archway at URL, and touches no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one look, then end")
        parser.add_argument("--remote", metavar="URL", help="send to this Archway instead of taking in here")
        parser.add_argument("--folder", type=Path, help="with --remote: the folder to be watched")
        parser.add_argument("--token-file", type=Path, help="with --remote: a file that holds an API token")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remote"]:
            self._send(options)
            return
        connections = self._connections()
        if not connections:
            raise CommandError("No active 3Shape connection has a folder. Enter one in the admin first.")
        if options["once"]:
            for folder in connections:
                self._look(connections, folder)
            return
        self.stdout.write(f"Watching {len(connections)} folder(s).")
        watch(list(connections), _stop_event(), lambda folder: self._look(connections, folder))

    def _connections(self) -> dict[Path, ScannerIntegration]:
        rows = ScannerIntegration.objects.working().without_secrets().select_related("clinic")
        found = rows.filter(scanner_type=ScannerIntegration.ScannerType.THREESHAPE).exclude(folder="")
        return {Path(connection.folder): connection for connection in found}

    def _look(self, connections: Mapping[Path, ScannerIntegration], folder: Path) -> None:
        """One look, here in this process; when a worker is at it already, that one does it."""
        close_old_connections()
        try:
            run = runs.ask_for(
                connections[folder], reason=SyncRun.Reason.SCHEDULE, actor=Actor.system("watch_exports"), wakes=False
            )
        except Conflict as error:
            log.info("connection %s: %s", connections[folder].uuid, error.code)
            return
        runs.run(run.uuid)

    def _send(self, options: Mapping[str, Any]) -> None:
        if not options["folder"]:
            raise CommandError("With --remote, name the folder to be watched with --folder.")
        arguments = [str(options["folder"]), "--url", options["remote"]]
        arguments += ["--token-file", str(options["token_file"])] if options["token_file"] else []
        arguments += ["--once"] if options["once"] else []
        code = upload(arguments, stop=_stop_event())
        if code:
            raise SystemExit(code)


def _stop_event() -> threading.Event:
    """Set by Ctrl-C and by a service manager."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
