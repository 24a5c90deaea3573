"""manage.py demo : a made-up clinic with scans in every state."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scans.models import Case, Delivery
from scans.services.demo import DemoOutcome, ensure_clinic, import_exports
from scans.synthetic.demo import ARCH_FACES


class Command(BaseCommand):
    help = "Make a demo clinic with accounts, patients and scanner exports; running it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--faces", type=int, default=ARCH_FACES, help="triangles of an arch")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic, passwords = ensure_clinic(settings.DATA_DIR / "demo" / "passwords.json")
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("Importing made-up scanner exports")
            outcomes = import_exports(
                clinic,
                lambda done, total: progress.update(task, completed=done, total=total),
                faces=options["faces"],
            )
        console = Console()
        console.print(_cases(outcomes))
        console.print(_accounts(passwords))


def _cases(outcomes: list[DemoOutcome]) -> Table:
    table = Table("Export", "Made to show", "Became", title="Made-up scanner exports")
    for outcome in outcomes:
        table.add_row(outcome.label, outcome.expectation, _state_of(outcome.delivery))
    return table


def _state_of(delivery: Delivery) -> str:
    case = Case.objects.filter(delivery=delivery).first()
    if case is None:
        return delivery.get_state_display()
    return " ".join([str(case.get_state_display()), *case.wait_codes])


def _accounts(passwords: dict[str, str]) -> Table:
    table = Table("User", "Password", title="Accounts of this installation")
    for user_name, password in passwords.items():
        table.add_row(user_name, password)
    return table
