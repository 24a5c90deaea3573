"""manage.py measure_classification DIR : how often the shape alone names labelled scans rightly."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scans.classification.geometry.network import WEIGHTS
from scans.measurement.classification.answers import Answer, Labelled, answers, labelled
from scans.measurement.classification.report import report
from scans.measurement.classification.text import as_markdown
from scans.measurement.classification.variants import made_answers, variant_answers


class Command(BaseCommand):
    help = "Measure classification by geometry on DIR/labels.csv (columns file, label, group; files relative to DIR)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--poses", type=int, default=0, help="as many random poses of each scan besides")
        parser.add_argument("--inverted", action="store_true", help="each of these with inverted winding too")
        parser.add_argument("--group", nargs="*", default=[], help="only scans of these groups of labels.csv")
        parser.add_argument("--weights", type=Path, default=WEIGHTS, help="networks to measure, not the shipped ones")
        parser.add_argument("--made", type=int, default=0, help="instead of the scans: as many made-up people")
        parser.add_argument(
            "--variants",
            action="store_true",
            help="instead of the scans: each arch changed (closed base, no palate, a part of it, ...) and things made "
            "of it that are no arch (a tooth, gum alone, a jaw of odd proportions, ...)",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            scans = labelled(folder, options["group"])
        except FileNotFoundError as error:
            raise CommandError("There is no labels.csv in this folder.") from error
        except KeyError as error:
            raise CommandError(f"labels.csv has no column {error}.") from error
        if not scans:
            raise CommandError("labels.csv names no scan of these groups.")
        if not options["weights"].is_file():
            raise CommandError("There is no such file of weights.")
        missing = [scan.file for scan in scans if not (folder / scan.file).is_file()]
        if missing:
            raise CommandError(f"labels.csv names files that are not there: {', '.join(missing[:3])}.")
        found = report(list(_answers(folder, scans, options)))
        self.stdout.write(json.dumps(found.as_dict(), indent=2) if options["json"] else as_markdown(found))


def _answers(folder: Path, scans: Sequence[Labelled], options: Mapping[str, Any]) -> Iterator[Answer]:
    weights: Path = options["weights"]
    if options["made"]:
        return made_answers(options["made"], weights)
    if options["variants"]:
        return variant_answers(folder, options["group"], weights)
    return answers(folder, scans, poses=options["poses"], inverted=options["inverted"], weights=weights)
