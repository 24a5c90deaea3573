"""What a page shows of a connection: how it stands, and the steps that make sense now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from integrations.fields import CannotDecrypt
from integrations.models import ScannerIntegration, ScannerOrder, SyncRun
from integrations.services.health import Health, Level, health_of
from integrations.services.keys import stored_names
from integrations.services.orders import GONE, NOT_READY
from scans.said import said

State, ScannerType = ScannerIntegration.State, ScannerIntegration.ScannerType
CLIENT = frozenset({"client_id", "client_secret"})
ENTERED: dict[str, tuple[str, ...]] = {
    ScannerType.ITERO: ("client_id", "client_secret"),
    ScannerType.MEDIT: ("client_id", "client_secret"),
    ScannerType.THREESHAPE: ("hps_key",),
}
"""The secrets that a person types in, by scanner; tokens come by themselves."""


LOCKED = _(
    "The stored secrets cannot be opened: the installation's encryption key is not the one they were stored with. "
    "Have the right key put back, or delete the secrets and connect anew."
)


class Step(StrEnum):
    SET_UP = "set_up"
    CONNECT = "connect"
    RECONNECT = "reconnect"
    CHOOSE = "choose"
    SYNC = "sync"
    CONNECT_AGAIN = "connect_again"
    DISCONNECT = "disconnect"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Overview:
    """secrets: names of what is stored, None when it cannot be opened. next_look: None for none, `now` when due.

    failing: orders that could not be fetched yet and are tried again.
    """

    now: datetime
    connection: ScannerIntegration
    health: Health
    secrets: frozenset[str] | None
    open_run: SyncRun | None
    next_look: datetime | None
    failing: int
    steps: tuple[Step, ...]

    @property
    def error(self) -> str:
        """The last error, unless the health says it already."""
        last = said(self.connection.last_error)
        return "" if last in self.health.words else last


def overviews_of(connections: Iterable[ScannerIntegration], now: datetime) -> list[Overview]:
    rows = list(connections)
    pks = [row.pk for row in rows]
    open_runs = {run.connection_id: run for run in SyncRun.objects.open().filter(connection__in=pks)}
    of_account = ScannerOrder.objects.filter(connection__in=pks, account=F("connection__account"))
    counted = of_account.filter(failures__gt=0).exclude(code__in=[NOT_READY, GONE]).order_by()
    failing = dict(counted.values_list("connection").annotate(Count("pk")))
    return [_overview(row, open_runs.get(row.pk), failing.get(row.pk, 0), now) for row in rows]


def _overview(connection: ScannerIntegration, open_run: SyncRun | None, failing: int, now: datetime) -> Overview:
    secrets = _secrets(connection)
    is_locked = secrets is None
    return Overview(
        now,
        connection,
        Health(Level.STOPPED, str(LOCKED)) if is_locked else health_of(connection, now),
        secrets,
        open_run,
        None if is_locked else next_look(connection, now),
        failing,
        steps_of(connection, secrets, is_looking=open_run is not None),
    )


def _secrets(connection: ScannerIntegration) -> frozenset[str] | None:
    try:
        return stored_names(connection.pk)
    except CannotDecrypt:
        return None


def next_look(connection: ScannerIntegration, now: datetime) -> datetime | None:
    if not connection.is_active or connection.state != State.CONNECTED:
        return None
    moments = [now, connection.next_attempt_at or now]
    if connection.last_attempt_at and not connection.has_hint:
        moments.append(connection.last_attempt_at + timedelta(minutes=connection.interval_minutes))
    return max(moments)


def steps_of(
    connection: ScannerIntegration, secrets: frozenset[str] | None, *, is_looking: bool = False
) -> tuple[Step, ...]:
    """The likeliest first."""
    if secrets is None:
        return (Step.FORGET,)
    if connection.state == State.CONNECTED:
        sync = () if is_looking or not connection.is_active else (Step.SYNC,)
        return (*sync, *((Step.CONNECT_AGAIN,) if connection.is_cloud else ()), Step.DISCONNECT)
    if not connection.is_cloud or not secrets >= CLIENT:
        return (Step.SET_UP,)
    return {
        State.CHOOSING: (Step.CHOOSE, Step.CONNECT_AGAIN, Step.DISCONNECT),
        State.RECONNECT: (Step.RECONNECT, Step.DISCONNECT),
    }.get(State(connection.state), (Step.CONNECT,))
