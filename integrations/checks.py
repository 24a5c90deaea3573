"""Stored secrets that cannot be opened are an error at start-up, before anything works with them."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from integrations.services.keys import unreadable

HINT = (
    "Put the key back that was in use when they were stored. If it is lost for good: "
    "`manage.py rotate_credentials --forget-unreadable` deletes what it closed."
)


@register(Tags.security)
def stored_secrets_open(**_: Any) -> list[CheckMessage]:
    closed = unreadable()
    if not closed:
        return []
    words = f"{closed} scanner connection(s) hold secrets that ARCHWAY_ENCRYPTION_KEYS does not open."
    return [Error(words, hint=HINT, id="archway.E004")]
