"""manage.py measure_matching : how often automatic filing is right, on a made-up register."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from patients.measurement.measure import HELD_OUT_SEED, measure


class Command(BaseCommand):
    help = "Measure PPV and sensitivity of automatic filing on a generated register; says what the set is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pairs", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=HELD_OUT_SEED)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = measure(options["pairs"], options["seed"])
        self.stdout.write(json.dumps(report.as_dict()) if options["json"] else report.as_markdown())
