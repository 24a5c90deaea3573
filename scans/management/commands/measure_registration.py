"""manage.py measure_registration [DIR] : how often a bite finds its arches and refuses those of another person."""

import json
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scans.measurement.registration.pairs import from_folder, made_up
from scans.measurement.registration.report import as_markdown, report
from scans.measurement.registration.trials import trials


class Command(BaseCommand):
    help = "Measure bite registration on pairs of DIR/labels.csv (columns file, label, patient), or on made-up ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?")
        parser.add_argument("--pairs", type=int, default=20)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["folder"]
        pairs = from_folder(folder) if folder else made_up(options["seed"])
        results = []
        try:
            for result in trials(islice(pairs, options["pairs"]), seed=options["seed"]):
                results.append(result)
                if options["verbosity"] > 1:
                    self.stderr.write(str(result))
        except FileNotFoundError as error:
            raise CommandError("There is no labels.csv in this folder.") from error
        except KeyError as error:
            raise CommandError(f"labels.csv has no column {error}.") from error
        found = report(results)
        self.stdout.write(json.dumps(found.as_dict(), indent=2) if options["json"] else as_markdown(found))
