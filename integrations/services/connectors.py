"""The connector of a connection: a cloud's with its tokens, a folder's with what it looked like before."""

from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from integrations.connectors.base import Connector
from integrations.connectors.threeshape.connector import ThreeShapeConnector
from integrations.errors import Misconfigured
from integrations.models import ScannerIntegration
from integrations.services.cloud import cloud_connector
from integrations.services.tokens import access_token

LOOKS = "looks"
"""Where a folder's earlier looks lie in a connection's cursor."""


def connector_of(connection: ScannerIntegration) -> Connector:
    """Raises Misconfigured when what was set up is not enough to look anywhere."""
    if connection.is_cloud:
        return cloud_connector(connection, partial(access_token, connection.pk, connection.link))
    if not connection.folder:
        raise Misconfigured(
            "no_folder", "There is no folder to be watched: enter the one where TRIOS puts its exports."
        )
    return ThreeShapeConnector(Path(connection.folder), connection.cursor.get(LOOKS, {}), timezone.now)


def looks_of(connector: Connector) -> dict[str, Any]:
    """What a folder looked like, to be kept for the next look."""
    return {LOOKS: connector.looks} if isinstance(connector, ThreeShapeConnector) else {}
