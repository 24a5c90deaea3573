"""`manage.py makemessages`, so that catalogs stay small to compare and nothing is guessed."""

from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

SETTLED = {"no_location": True, "no_wrap": True, "no_obsolete": True}
NOT_OURS = [".venv", "tests", "node_modules", "var"]
UNTOLD = ('"POT-Creation-Date', '"Report-Msgid-Bugs-To')
"""Lines that would differ with every run."""


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        ignored = [*options.pop("ignore_patterns"), *NOT_OURS]
        super().handle(*args, **{**options, **SETTLED, "ignore_patterns": ignored})

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        catalog = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = catalog.read_text(encoding="utf-8").splitlines(keepends=True)
        catalog.write_text("".join(line for line in lines if not line.startswith(UNTOLD)), encoding="utf-8")
