"""A cloud of its own for every test, and a partner that is connected to it."""

from collections.abc import Iterator

import pytest

from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import running
from tests.sandbox.partner import REDIRECT, Partner

FACES = 1_500


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(Options(redirect_uris=(REDIRECT,), faces=FACES)) as cloud:
        yield cloud


@pytest.fixture
def partner(sandbox: Sandbox) -> Partner:
    return Partner(sandbox).connect()
