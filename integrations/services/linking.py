"""What a person changes about whom a connection talks to: one conditional UPDATE, which ends what is under way.

A worker that still acts for the connection as it was finds its run ended and its renewal void: it writes nothing more.
"""

from typing import Any

from django.db.models import F
from django.utils import timezone

from integrations.models import ConnectAttempt, ScannerIntegration, SyncRun
from patients.errors import Conflict

ENDED: dict[str, Any] = {
    "state": SyncRun.State.FAILED,
    "worker": None,
    "lease_until": None,
    "code": "connection_changed",
    "message": "Ended: the connection was changed by a person.",
}

FREE: dict[str, Any] = {"refreshing": None, "refresh_until": None}
"""Nobody renews the tokens."""
NO_ERROR: dict[str, Any] = {"error_code": "", "last_error": "", "failures": 0, "next_attempt_at": None}


def relink(connection: ScannerIntegration, changes: dict[str, Any]) -> None:
    """Inside the transaction of the deed. Raises Conflict when the connection is no longer as it was seen."""
    seen = ScannerIntegration.objects.filter(pk=connection.pk, link=connection.link)
    if not seen.update(**{**changes, **FREE, "link": F("link") + 1, "updated_at": timezone.now()}):
        raise Conflict("changed_meanwhile", "Somebody changed this connection at the same time. Please look again.")
    SyncRun.objects.filter(connection=connection.pk).open().update(finished_at=timezone.now(), **ENDED)
    ConnectAttempt.objects.filter(connection=connection.pk).delete()
