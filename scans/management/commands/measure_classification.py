"""manage.py measure_classification DIR : how often the shape alone names labelled scans rightly."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scans.classification.measurement.answers import answers, labelled
from scans.classification.measurement.report import report
from scans.classification.measurement.text import as_markdown


class Command(BaseCommand):
    help = "Measure classification by geometry on DIR/labels.csv (columns file, label, group; files relative to DIR)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--poses", type=int, default=0, help="as many random poses of each scan besides")
        parser.add_argument("--inverted", action="store_true", help="each of these with inverted winding too")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            scans = labelled(folder)
        except FileNotFoundError as error:
            raise CommandError("There is no labels.csv in this folder.") from error
        except KeyError as error:
            raise CommandError(f"labels.csv has no column {error}.") from error
        missing = [scan.file for scan in scans if not (folder / scan.file).is_file()]
        if missing:
            raise CommandError(f"labels.csv names files that are not there: {', '.join(missing[:3])}.")
        found = report(list(answers(folder, scans, poses=options["poses"], inverted=options["inverted"])))
        self.stdout.write(json.dumps(found.as_dict(), indent=2) if options["json"] else as_markdown(found))
