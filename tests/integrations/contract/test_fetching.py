"""Every connector brings a file whole or says why not, whatever happens on the way."""

from pathlib import Path

import pytest

from integrations.connectors.base import Outcome, RemoteOrder, Settlement
from integrations.errors import Skip, TryLater
from tests.integrations.contract.faults import Fault, Trait
from tests.integrations.contract.harness import Harness
from tests.integrations.contract.orders import CAP, FIRST, archive

CONTENT = archive()


@pytest.fixture
def order(harness: Harness) -> RemoteOrder:
    harness.put("order-1", FIRST, CONTENT)
    return harness.connector().order("order-1")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "part"


def fetch(harness: Harness, order: RemoteOrder, place: Path, cap: int = CAP) -> int:
    """Returns how often it was said that work goes on."""
    said: list[int] = []
    [file] = order.files
    harness.connector().fetch(order, file, place, cap=cap, on_chunk=lambda: said.append(1))
    return len(said)


def test_a_file_comes_byte_for_byte_and_says_that_it_comes(harness: Harness, order: RemoteOrder, place: Path) -> None:
    assert fetch(harness, order, place) > 0
    assert place.read_bytes() == CONTENT


def test_a_file_that_has_come_already_is_as_good_as_fetched(harness: Harness, order: RemoteOrder, place: Path) -> None:
    fetch(harness, order, place)
    fetch(harness, order, place)
    assert place.read_bytes() == CONTENT


def test_a_file_beyond_the_cap_is_skipped(harness: Harness, order: RemoteOrder, place: Path) -> None:
    with pytest.raises(Skip) as caught:
        fetch(harness, order, place, cap=100_000)
    assert caught.value.code == "too_large"


@pytest.mark.about(Fault.CUT)
def test_a_cut_download_goes_on_where_it_was_and_comes_out_whole(
    harness: Harness, order: RemoteOrder, place: Path
) -> None:
    harness.do(Fault.CUT)
    with pytest.raises(TryLater):
        fetch(harness, order, place)
    assert 0 < place.stat().st_size < len(CONTENT)
    fetch(harness, order, place)
    assert place.read_bytes() == CONTENT
    assert len(CONTENT) <= harness.sent_bytes <= len(CONTENT) + len(CONTENT) // 4, "most was not sent twice"


@pytest.mark.about(Fault.CUT)
def test_what_is_left_of_another_file_is_never_taken_for_a_part_of_this_one(
    harness: Harness, order: RemoteOrder, place: Path
) -> None:
    place.write_bytes(archive(2)[:200_000])
    with pytest.raises(TryLater):
        fetch(harness, order, place)
    fetch(harness, order, place)
    assert place.read_bytes() == CONTENT


@pytest.mark.about(Fault.WRONG_BYTES)
def test_a_download_with_other_bytes_never_counts_as_good(harness: Harness, order: RemoteOrder, place: Path) -> None:
    harness.do(Fault.WRONG_BYTES)
    with pytest.raises(TryLater):
        fetch(harness, order, place)
    fetch(harness, order, place)
    assert place.read_bytes() == CONTENT


def test_what_became_of_an_order_can_be_said_more_than_once(harness: Harness, order: RemoteOrder) -> None:
    """By any process, and without fetching anything."""
    sent = harness.sent_bytes
    for _ in range(2):
        harness.connector().settle(order, Settlement(Outcome.FILED, "Filed."))
    assert harness.sent_bytes == sent


@pytest.mark.about(Trait.KEEPS_SETTLED)
def test_an_order_that_was_settled_is_the_same_order(harness: Harness, order: RemoteOrder) -> None:
    harness.connector().settle(order, Settlement(Outcome.FILED, "Filed."))
    assert harness.connector().order("order-1").revision == order.revision
