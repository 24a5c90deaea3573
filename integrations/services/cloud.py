"""From a connection's row to the vendor's side of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from integrations.connectors.access import Access
from integrations.connectors.base import Authorization, Connector, Region
from integrations.connectors.itero.authorization import IteroAuthorization
from integrations.connectors.itero.connector import IteroConnector
from integrations.connectors.medit.authorization import MeditAuthorization
from integrations.connectors.medit.connector import MeditConnector
from integrations.errors import Misconfigured
from integrations.models import ScannerIntegration
from integrations.oauth import Client

Scanner = ScannerIntegration.ScannerType


@dataclass(frozen=True, slots=True)
class Cloud:
    """A vendor's two halves: how we are let in, and what we do there."""

    authorization: Callable[[Client, str], Authorization]
    connector: Callable[[Access], Connector]


CLOUDS: Mapping[str, Cloud] = {
    Scanner.ITERO: Cloud(IteroAuthorization, IteroConnector),
    Scanner.MEDIT: Cloud(MeditAuthorization, MeditConnector),
}


def authorization_of(connection: ScannerIntegration) -> Authorization:
    """Raises Misconfigured when the installation has no address of this cloud or the connection no client id."""
    address = _address(connection)
    return CLOUDS[connection.scanner_type].authorization(
        _client(connection, address["oauth_base"]), address["base_url"]
    )


def cloud_connector(connection: ScannerIntegration, token: Callable[[str], str]) -> Connector:
    address = _address(connection)
    access = Access(
        hosts=tuple(address["hosts"]),
        base_url=connection.base_url,
        account=connection.account,
        client_id=str((connection.credentials or {}).get("client_id", "")),
        token=token,
    )
    return CLOUDS[connection.scanner_type].connector(access)


def region_of(connection: ScannerIntegration) -> Region:
    return Region(connection.region, connection.base_url, connection.oauth_base)


def _address(connection: ScannerIntegration) -> Mapping[str, Any]:
    address: Mapping[str, Any] = settings.ARCHWAY_CLOUDS.get(connection.scanner_type, {})
    if not address.get("base_url"):
        raise Misconfigured(
            "no_address", f"This installation has no address of the {connection} cloud; its operator must set one."
        )
    return address


def _client(connection: ScannerIntegration, oauth_base: str) -> Client:
    stored = connection.credentials or {}
    if not stored.get("client_id") or not stored.get("client_secret"):
        raise Misconfigured("no_client", "Client id and client secret are missing: enter them first.")
    hosts = tuple(settings.ARCHWAY_CLOUDS[connection.scanner_type]["hosts"])
    return Client(stored["client_id"], stored["client_secret"], oauth_base, hosts)
