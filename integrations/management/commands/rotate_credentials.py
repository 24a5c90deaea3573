"""manage.py rotate_credentials : every stored secret encrypted anew with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.fields import CannotDecrypt
from integrations.services.keys import rotate
from patients.audit import Actor


class Command(BaseCommand):
    help = (
        "After a new key was put in front of ARCHWAY_ENCRYPTION_KEYS: encrypt all stored secrets anew, all or none. "
        "Then the older keys can be taken away."
    )
    # The check of stored secrets would stop this command before it can say itself what is wrong.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate(actor=Actor.system("rotate_credentials"))
        except CannotDecrypt as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"{done.connections} connection(s) encrypted anew with the newest key.")
        if done.attempts:
            self.stdout.write("Somebody was on a cloud's consent page: that has to be started again.")
