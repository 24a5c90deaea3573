"""Tests may give the cloud an order of a certain moment, spoil it and take it away."""

import urllib.error

import pytest

from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import running

MOMENT, LATER = "2026-03-01T08:00:00+00:00", "2026-03-02T08:00:00+00:00"


def put(sandbox: Sandbox, moment: str = MOMENT) -> str:
    return sandbox.add_order({"lastName": "Quackenbush"}, content=b"scans", updatedAt=moment, silent=True)


def test_an_order_and_its_rescan_stand_at_the_moments_that_were_given() -> None:
    with running(Options()) as sandbox:
        rx_id = put(sandbox)
        assert sandbox.orders()[0]["updatedAt"] == MOMENT
        sandbox.rescan(rx_id, b"other scans", updatedAt=LATER)
        assert [(order["updatedAt"], order["artefacts"]["size"]) for order in sandbox.orders()] == [(LATER, 11)]


def test_a_spoiled_order_names_its_patient_and_tells_of_no_file() -> None:
    with running(Options()) as sandbox:
        sandbox.spoil(put(sandbox))
        [order] = sandbox.orders()
    assert (order["patient"]["lastName"], order["updatedAt"]) == ("Quackenbush", MOMENT)
    assert isinstance(order["artefacts"], str)


def test_an_order_that_was_taken_away_is_gone_and_cannot_be_taken_twice() -> None:
    with running(Options()) as sandbox:
        rx_id = put(sandbox)
        sandbox.remove(rx_id)
        assert sandbox.orders() == []
        with pytest.raises(urllib.error.HTTPError) as caught:
            sandbox.remove(rx_id)
    with caught.value as answer:
        assert answer.code == 404


def test_a_moment_without_a_zone_is_refused() -> None:
    with running(Options()) as sandbox, pytest.raises(urllib.error.HTTPError) as caught:
        put(sandbox, "2026-03-01T08:00:00")
    with caught.value as answer:
        assert answer.code == 400
