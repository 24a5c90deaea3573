"""The cloud on loopback and our clinic's connection, as the connectors' tests have them; an admin's browser."""

import pytest
from django.test import Client

from tests.integrations.itero.conftest import connected, connection, sandbox
from tests.made import World

__all__ = ["connected", "connection", "sandbox"]


@pytest.fixture
def office(world: World, browse) -> Client:
    """The imaging admin's browser."""
    return browse(world.imaging)
