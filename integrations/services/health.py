"""How a connection stands, in a colour and in words that say what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.models import ScannerIntegration
from scans.said import said

FRESH = timedelta(minutes=10)
A_LOOK = timedelta(minutes=2)
"""What a look may take before its success is known."""
State = ScannerIntegration.State


class Level(StrEnum):
    GOOD = "good"
    ATTENTION = "attention"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Health:
    level: Level
    words: str


def health_of(connection: ScannerIntegration, now: datetime) -> Health:
    """Green while the last success is younger than ten minutes, or than the connection's own interval."""
    if not connection.is_active:
        return Health(Level.STOPPED, _("Switched off: no scans come from here."))
    if connection.state != State.CONNECTED:
        return _unconnected(connection)
    fresh = max(FRESH, timedelta(minutes=connection.interval_minutes) + A_LOOK)
    if connection.last_sync_at and now - connection.last_sync_at < fresh:
        return Health(Level.GOOD, _("Connected. Last look at %(time)s.") % {"time": _time(connection.last_sync_at)})
    return Health(Level.ATTENTION, _overdue(connection))


def _unconnected(connection: ScannerIntegration) -> Health:
    if connection.state == State.CHOOSING:
        return Health(Level.ATTENTION, _("Choose the account whose scans shall come."))
    if connection.state == State.RECONNECT:
        words = _("The cloud no longer accepts this connection. Press Reconnect and log in there once more.")
        return Health(Level.STOPPED, words)
    return Health(Level.STOPPED, _first_step(connection))


def _first_step(connection: ScannerIntegration) -> str:
    if not connection.is_cloud:
        return _("Enter the folder where the scanner puts its exports.")
    return _("Not connected. Enter client id and client secret, then press Connect.")


def _overdue(connection: ScannerIntegration) -> str:
    if connection.last_error:
        when = connection.next_attempt_at
        again = _(" Next attempt at %(time)s.") % {"time": _time(when)} if when else ""
        return f"{said(connection.last_error)}{again}"
    if connection.last_attempt_at is None:
        return _("Connected, and nothing was fetched yet: the first look comes within a minute.")
    return _("Connected, but no look since %(time)s. Is the background worker running?") % {
        "time": _time(connection.last_attempt_at)
    }


def _time(moment: datetime) -> str:
    """Without the dot of "p.m.": a sentence ends here and brings its own."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT").rstrip(".")
