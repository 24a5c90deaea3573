"""manage.py watch_exports : takes TRIOS exports as they arrive, until it is stopped; for a service manager."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from integrations.models import ScannerIntegration, SyncRun
from integrations.services import runs
from integrations.uploader.__main__ import main as upload
from integrations.watching import watch
from patients.audit import Actor
from patients.errors import Conflict

log = logging.getLogger(__name__)

PAUSE_S = 60.0


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
        connections: Mapping[Path, ScannerIntegration] = self._connections()
        if not connections:
            raise CommandError("No active 3Shape connection has a folder. Enter one in the admin first.")
        if options["once"]:
            for folder in connections:
                self._look(connections, folder)
            return
        stop = _stop_event()
        while not stop.is_set():
            self.stdout.write(f"Watching {len(connections)} folder(s).")
            if connections:
                self._watch(connections, stop)
            else:
                stop.wait(PAUSE_S)
            connections = self._connections_now(connections)

    def _watch(self, connections: Mapping[Path, ScannerIntegration], stop: threading.Event) -> None:
        """Until it is to stop, or until somebody has changed which folders are watched."""
        changed = Either(stop)

        def look(folder: Path) -> None:
            self._look(connections, folder)
            if set(self._connections_now(connections)) != set(connections):
                changed.set()

        watch(list(connections), changed, look)

    def _connections_now(self, known: Mapping[Path, ScannerIntegration]) -> Mapping[Path, ScannerIntegration]:
        """As they are, or as they were while the database cannot be asked."""
        try:
            return self._connections()
        except DatabaseError as error:
            log.error("the connections cannot be read: %s", type(error).__name__)  # noqa: TRY400
            return known

    def _connections(self) -> dict[Path, ScannerIntegration]:
        rows = ScannerIntegration.objects.working().without_secrets().select_related("clinic")
        found = rows.filter(scanner_type=ScannerIntegration.ScannerType.THREESHAPE).exclude(folder="")
        return {Path(connection.folder): connection for connection in found}

    def _look(self, connections: Mapping[Path, ScannerIntegration], folder: Path) -> None:
        """One look, here in this process; when a worker is at it already, that one does it."""
        close_old_connections()
        try:
            self._take(connections[folder])
        except Conflict as error:
            log.info("connection %s: %s", connections[folder].uuid, error.code)
        except Exception as error:  # noqa: BLE001 - the process border: watching goes on, the next look tries again
            log.error("connection %s: %s", connections[folder].uuid, type(error).__name__)  # noqa: TRY400

    def _take(self, connection: ScannerIntegration) -> None:
        run = runs.ask_for(connection, reason=SyncRun.Reason.SCHEDULE, actor=Actor.system("watch_exports"), wakes=False)
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


class Either(threading.Event):
    """Set by itself or by the other."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()


def _stop_event() -> threading.Event:
    """Set by Ctrl-C and by a service manager."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
