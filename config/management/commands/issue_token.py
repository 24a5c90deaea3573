"""manage.py issue_token USER : an API token for a program that runs for months, such as the uploader."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model

from patients.audit import Actor, record

LONGEST_DAYS = 730


class Command(BaseCommand):
    help = (
        "Print an API token of a user, good for many days; only its hash is stored. Revoke it with /api/token/revoke."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("--days", type=int, default=365)

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days must be 1 to {LONGEST_DAYS}.")
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError("There is no active user of this name.")
        _, token = get_token_model().objects.create(user, expiry=timedelta(days=days))
        record("token.created", "user", None, clinic=None, actor=Actor.system("issue_token"), days=days)
        self.stdout.write(token)
