"""What several models share."""

from typing import Any

from django.utils.translation import gettext_lazy

SHA256 = 64
"""Characters of a content's name."""


def choices_of(enum: type) -> list[tuple[str, Any]]:
    """The values of a pure enum with their words, which stand in `scans.sentences.WORDS`."""
    return [(str(member), _words(str(member))) for member in enum]  # type: ignore[attr-defined]


def _words(value: str) -> Any:
    return gettext_lazy(value.replace("_", " ")) if value else ""
