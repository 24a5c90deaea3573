"""Whatever a cloud answers, a connector says what it means for us, in words that hold nothing of a patient."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.connectors.base import Connector, RemoteOrder
from integrations.errors import BadAnswer, ConnectorError, Reconnect, TryLater
from tests.integrations.contract.faults import RETRY_AFTER_S, Fault
from tests.integrations.contract.harness import PATIENT, Harness
from tests.integrations.contract.orders import CAP, FIRST, archive

Step = Callable[[Connector, RemoteOrder, Path], object]
STEPS: dict[str, Step] = {
    "list": lambda connector, order, place: list(connector.pages(None)),
    "order": lambda connector, order, place: connector.order(order.order_id),
    "fetch": lambda connector, order, place: connector.fetch(
        order, order.files[0], place, cap=CAP, on_chunk=lambda: None
    ),
}


@pytest.fixture
def order(harness: Harness) -> RemoteOrder:
    harness.put("order-1", FIRST, archive())
    return harness.connector().order("order-1")


@pytest.fixture(params=STEPS)
def step(request: pytest.FixtureRequest) -> Step:
    return STEPS[request.param]


def refused(harness: Harness, fault: Fault, step: Step, order: RemoteOrder, place: Path) -> ConnectorError:
    harness.do(fault)
    with pytest.raises(ConnectorError) as caught:
        step(harness.connector(), order, place)
    error = caught.value
    for planted in (PATIENT, PATIENT.split()[1], *harness.secrets):
        assert planted not in f"{error} {error!r} {error.__cause__!r}"
    return error


@pytest.mark.about(Fault.UNAUTHORISED)
def test_a_grant_that_is_gone_asks_for_a_person(harness: Harness, step: Step, order: RemoteOrder, tmp_path) -> None:
    assert isinstance(refused(harness, Fault.UNAUTHORISED, step, order, tmp_path / "part"), Reconnect)


@pytest.mark.about(Fault.EXPIRED)
def test_a_token_that_died_is_renewed_and_nobody_notices(
    harness: Harness, step: Step, order: RemoteOrder, tmp_path
) -> None:
    harness.do(Fault.EXPIRED)
    step(harness.connector(), order, tmp_path / "part")
    assert harness.connector().order("order-1") == order


@pytest.mark.about(Fault.TOO_MANY)
def test_too_many_calls_is_later_at_the_time_they_name(
    harness: Harness, step: Step, order: RemoteOrder, tmp_path
) -> None:
    error = refused(harness, Fault.TOO_MANY, step, order, tmp_path / "part")
    assert isinstance(error, TryLater)
    assert error.retry_at is not None
    wait = error.retry_at - datetime.now(UTC)
    assert timedelta(seconds=RETRY_AFTER_S - 10) < wait <= timedelta(seconds=RETRY_AFTER_S)


@pytest.mark.about(Fault.BROKEN)
def test_a_fault_over_there_is_later(harness: Harness, step: Step, order: RemoteOrder, tmp_path) -> None:
    assert isinstance(refused(harness, Fault.BROKEN, step, order, tmp_path / "part"), TryLater)
    harness.do_no_wrong()
    step(harness.connector(), order, tmp_path / "part")


@pytest.mark.about(Fault.NO_JSON)
@pytest.mark.parametrize("name", ["list", "order"])
def test_an_answer_that_is_no_json_is_a_bad_answer(harness: Harness, name: str, order: RemoteOrder, tmp_path) -> None:
    assert isinstance(refused(harness, Fault.NO_JSON, STEPS[name], order, tmp_path / "part"), BadAnswer)
