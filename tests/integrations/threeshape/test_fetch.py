"""Bringing a file of an export over: whole, within the cap, and only as it was listed."""

import hashlib
from pathlib import Path

import pytest

from integrations.connectors.base import RemoteOrder
from integrations.errors import Skip
from tests.integrations.threeshape.watched import Watched, order_folder, write, write_as_before

CAP = 10 * 1024**2


@pytest.fixture
def order(watched: Watched) -> RemoteOrder:
    write(watched.root, order_folder())
    return watched.rested()[0]


def _fetch(watched: Watched, order: RemoteOrder, place: Path, cap: int = CAP) -> int:
    calls: list[None] = []
    watched.connector().fetch(order, order.files[0], place, cap=cap, on_chunk=lambda: calls.append(None))
    return len(calls)


def test_a_file_comes_byte_for_byte_with_size_and_checksum(watched: Watched, order, tmp_path) -> None:
    assert _fetch(watched, order, tmp_path / "copy") == 1
    content = (watched.root / order.files[0].name).read_bytes()
    assert (tmp_path / "copy").read_bytes() == content
    assert (order.files[0].size, order.files[0].sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_what_an_earlier_attempt_left_is_written_anew(watched: Watched, order, tmp_path) -> None:
    (tmp_path / "copy").write_bytes(b"x" * 100)
    _fetch(watched, order, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size == order.files[0].size


def test_nothing_beyond_the_cap_is_brought(watched: Watched, order, tmp_path) -> None:
    with pytest.raises(Skip) as caught:
        _fetch(watched, order, tmp_path / "copy", cap=10)
    assert caught.value.code == "too_large"
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("rewrite", [Path.write_bytes, write_as_before])
def test_a_file_that_changed_does_not_count(watched: Watched, order, tmp_path, rewrite) -> None:
    place = watched.root / order.files[0].name
    rewrite(place, place.read_bytes()[:-1] + b"\xff")
    with pytest.raises(Skip) as caught:
        _fetch(watched, order, tmp_path / "copy")
    assert caught.value.code == "still_changing"
    assert not (tmp_path / "copy").exists()


def test_a_file_that_changes_while_it_is_copied_does_not_count(watched: Watched, order, tmp_path) -> None:
    def grow() -> None:
        with (watched.root / order.files[0].name).open("ab") as file:
            file.write(b"more")

    with pytest.raises(Skip) as caught:
        watched.connector().fetch(order, order.files[0], tmp_path / "copy", cap=CAP, on_chunk=grow)
    assert caught.value.code == "still_changing"
    assert not (tmp_path / "copy").exists()


def test_a_file_that_is_gone_is_skipped(watched: Watched, order, tmp_path) -> None:
    (watched.root / order.files[0].name).unlink()
    with pytest.raises(Skip) as caught:
        _fetch(watched, order, tmp_path / "copy")
    assert caught.value.code == "not_there"


def test_an_order_is_told_again_as_it_is_now(watched: Watched, order) -> None:
    assert watched.connector().order("4711") == order
    with pytest.raises(Skip) as caught:
        watched.connector().order("4712")
    assert caught.value.code == "not_there"


def test_an_order_that_changes_is_not_told(watched: Watched, order) -> None:
    write(watched.root, {"4711/new.stl": b"mesh"})
    with pytest.raises(Skip) as caught:
        watched.connector().order("4711")
    assert caught.value.code == "still_changing"
