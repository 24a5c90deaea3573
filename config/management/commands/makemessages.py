"""`manage.py makemessages`, so that catalogs stay small to compare and nothing is guessed."""

from typing import Any

from django.core.management.commands import makemessages

SETTLED = {
    "no_location": True,
    "no_wrap": True,
    "no_obsolete": True,
}
NOT_OURS = [".venv", "tests", "node_modules", "var"]


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        ignored = [*options.pop("ignore_patterns"), *NOT_OURS]
        super().handle(*args, **{**options, **SETTLED, "ignore_patterns": ignored})
