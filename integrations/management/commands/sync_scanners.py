"""manage.py sync_scanners : look for new scans now, without a worker; for cron and for a first look by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.models import ScannerIntegration, SyncRun
from integrations.services import runs
from patients.audit import Actor
from patients.errors import Conflict
from scans.models import Job
from scans.services import jobs


class Command(BaseCommand):
    help = "Look for new scans at every connected scanner whose time has come; exit code 1 when a look failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those whose time has not come yet")

    def handle(self, *args: Any, **options: Any) -> None:
        runs.sweep()
        if options["all"]:
            self._ask_for_all()
        else:
            runs.ask_for_due()
        failed = [run for run in self._open_runs() if not self._do(run)]
        self._read_what_came()
        if failed:
            raise CommandError(f"{len(failed)} look(s) failed.")

    def _ask_for_all(self) -> None:
        for connection in ScannerIntegration.objects.working().without_secrets():
            try:
                runs.ask_for(connection, reason=SyncRun.Reason.SCHEDULE, actor=Actor.system("sync_scanners"))
            except Conflict:  # a look is under way
                continue

    def _open_runs(self) -> list[SyncRun]:
        return list(SyncRun.objects.filter(state=SyncRun.State.QUEUED).select_related("connection__clinic"))

    def _read_what_came(self) -> None:
        """As a worker would; where one runs, each delivery is read by whoever is first."""
        waiting = Job.objects.filter(kind=Job.Kind.PROCESS_DELIVERY, state=Job.State.QUEUED)
        for job_uuid in waiting.values_list("uuid", flat=True):
            jobs.run(job_uuid)

    def _do(self, run: SyncRun) -> bool:
        runs.run(run.uuid)
        run.refresh_from_db()
        words = f"{run.listed} listed, {run.taken} taken, {run.failed} failed {run.message}".rstrip()
        self.stdout.write(f"{run.connection.clinic} {run.connection}: {run.get_state_display()}, {words}")
        return run.state != SyncRun.State.FAILED
