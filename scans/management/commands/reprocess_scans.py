"""manage.py reprocess_scans [CASE_UUID...] : read cases again from their originals."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from scans.models import Case, Job, Scan
from scans.services import jobs
from scans.services.opening import open_job


class Command(BaseCommand):
    help = "Read cases again from their originals. What a person decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", nargs="*", type=UUID, metavar="CASE", help="uuids; without any, all cases")
        parser.add_argument("--needs-key", action="store_true", help="only cases with files that needed a key")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = Case.objects.select_related("clinic")
        if options["cases"]:
            cases = cases.filter(uuid__in=options["cases"])
        if options["needs_key"]:
            cases = cases.filter(scans__state=Scan.State.NEEDS_KEY).distinct()
        states = [self._again(case) for case in cases]
        done = states.count(Job.State.DONE)
        self.stdout.write(f"{done} of {len(states)} cases read again.")
        if done < len(states):
            raise SystemExit(1)

    def _again(self, case: Case) -> str:
        job = open_job(Job.Kind.REPROCESS_CASE, case.uuid, case.clinic)
        return jobs.run(job.uuid)
