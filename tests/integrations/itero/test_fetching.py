"""A scan is asked for only where it has not come already and may be taken."""

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.connectors.base import RemoteFile, RemoteOrder
from integrations.connectors.fetching import sha256_of
from integrations.errors import Skip, TryLater
from integrations.models import ScannerIntegration
from integrations.sandbox.remote import Sandbox
from integrations.services.connectors import connector_of
from tests.integrations.clouds import put_order

CAP = 10_000_000


@pytest.fixture
def order(connected: ScannerIntegration, sandbox: Sandbox) -> RemoteOrder:
    put_order(sandbox, "701", "Marsh")
    return connector_of(connected).order("701")


def _fetch(connection: ScannerIntegration, order: RemoteOrder, place: Path, *, cap: int = CAP, **said: object) -> None:
    [file] = order.files
    stated: RemoteFile = replace(file, **said)
    connector_of(connection).fetch(order, stated, place, cap=cap, on_chunk=lambda: None)


def test_what_came_whole_before_the_worker_was_killed_is_not_asked_for_again(
    connected: ScannerIntegration, sandbox: Sandbox, order: RemoteOrder, tmp_path: Path
) -> None:
    _fetch(connected, order, tmp_path / "part")
    sandbox.forget_calls()
    _fetch(connected, order, tmp_path / "part")
    assert "download" not in sandbox.calls()


def test_another_file_of_the_same_size_is_not_taken_for_it(
    connected: ScannerIntegration, sandbox: Sandbox, order: RemoteOrder, tmp_path: Path
) -> None:
    place, [file] = tmp_path / "part", order.files
    place.write_bytes(bytes(file.size))
    with pytest.raises(TryLater):
        _fetch(connected, order, place)
    _fetch(connected, order, place)
    assert sha256_of(place) == file.sha256


@pytest.mark.parametrize(("cap", "size"), [(CAP, CAP + 1), (0, 1), (-1, 1)])
def test_what_may_not_be_taken_is_not_asked_for(
    connected: ScannerIntegration, sandbox: Sandbox, order: RemoteOrder, tmp_path: Path, cap: int, size: int
) -> None:
    with pytest.raises(Skip) as error:
        _fetch(connected, order, tmp_path / "part", cap=cap, size=size)
    assert (error.value.code, "download" in sandbox.calls()) == ("too_large", False)
    assert " 0 MB" not in error.value.message
    assert "-" not in error.value.message
