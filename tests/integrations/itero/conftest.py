"""A cloud on loopback for every test, and our clinic connected to it."""

from collections.abc import Iterator

import pytest

from integrations.models import ScannerIntegration
from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import running
from tests.integrations import clouds
from tests.made import World

PUBLIC = "https://archway.example"


@pytest.fixture
def sandbox(settings) -> Iterator[Sandbox]:
    redirect = f"{PUBLIC}/api/imaging/3d/itero/auth/callback"
    with running(Options(redirect_uris=(redirect,))) as sandbox:
        host = sandbox.address.removeprefix("http://")
        address = {"base_url": sandbox.address, "oauth_base": sandbox.address, "hosts": [host]}
        settings.ARCHWAY_CLOUDS = {"ITERO": address}
        settings.ARCHWAY_PUBLIC_URL = PUBLIC
        yield sandbox


@pytest.fixture
def connection(world: World, sandbox: Sandbox) -> ScannerIntegration:
    """Set up, not connected."""
    return clouds.new_connection(world.ours, sandbox, world.imaging)


@pytest.fixture
def connected(world: World, sandbox: Sandbox, connection: ScannerIntegration) -> ScannerIntegration:
    return clouds.connect(connection, sandbox, world.imaging)
