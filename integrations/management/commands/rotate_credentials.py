"""manage.py rotate_credentials : every stored secret encrypted anew with the newest key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.fields import CannotDecrypt
from integrations.services.keys import forget_unreadable, rotate
from patients.audit import Actor


class Command(BaseCommand):
    help = (
        "After a new key was put in front of ARCHWAY_ENCRYPTION_KEYS: encrypt all stored secrets anew, all or none. "
        "Then the older keys can be taken away."
    )
    # The check of stored secrets would stop this command before it can say itself what is wrong.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forget-unreadable",
            action="store_true",
            help="first delete the secrets that no configured key opens: they have to be entered anew",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.system("rotate_credentials")
        if options["forget_unreadable"]:
            self.stdout.write(f"{forget_unreadable(actor=actor)} connection(s) lost their secrets.")
        try:
            done = rotate(actor=actor)
        except CannotDecrypt as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"{done.connections} connection(s) encrypted anew with the newest key.")
        if done.attempts:
            self.stdout.write("Somebody was on a cloud's consent page: that has to be started again.")
