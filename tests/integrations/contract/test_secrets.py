"""No secret and no patient shows: not in logs at their most talkative, not in a representation."""

import logging
from pathlib import Path

import pytest

from integrations.errors import ConnectorError
from tests.integrations.contract.faults import Fault
from tests.integrations.contract.harness import PATIENT, Harness
from tests.integrations.contract.orders import CAP, FIRST, archive


def everything(harness: Harness, place: Path) -> None:
    connector = harness.connector()
    list(connector.pages(None))
    order = connector.order("order-1")
    connector.fetch(order, order.files[0], place, cap=CAP, on_chunk=lambda: None)


def test_a_good_run_logs_no_secret(harness: Harness, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    harness.put("order-1", FIRST, archive())
    everything(harness, tmp_path / "part")
    for planted in (PATIENT, *harness.secrets):
        assert planted not in caplog.text


@pytest.mark.parametrize("fault", Fault)
def test_a_bad_run_logs_no_secret(
    harness: Harness, fault: Fault, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    harness.put("order-1", FIRST, archive())
    if fault in harness.can:
        harness.do(fault)
    try:
        everything(harness, tmp_path / "part")
    except ConnectorError as error:
        logging.getLogger("integrations").warning("order-1: %s %r", error.code, error, exc_info=True)
    for planted in (PATIENT, *harness.secrets):
        assert planted not in caplog.text


def test_a_connector_shows_no_secret_when_it_is_looked_at(harness: Harness) -> None:
    connector = harness.connector()
    shown = f"{connector!r} {vars(connector)!r}"
    for planted in harness.secrets:
        assert planted not in shown
