"""Medit's stand-in for every test."""

from collections.abc import Iterator

import pytest

from integrations.connectors.access import Access
from tests.integrations.medit import cloud as medit
from tests.integrations.medit.cloud import MeditCloud


@pytest.fixture
def cloud() -> Iterator[MeditCloud]:
    with medit.running() as cloud:
        yield cloud


@pytest.fixture
def access(cloud: MeditCloud) -> Access:
    host = cloud.address.removeprefix("http://")
    return Access((host,), cloud.address, medit.GROUP, medit.CLIENT_ID, lambda rejected: "token-1")
