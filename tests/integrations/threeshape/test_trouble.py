"""A folder that is gone, one that never was, files that cannot be read: each by its consequence, without a name."""

import traceback
from pathlib import Path

import pytest

from integrations.errors import ConnectorError, Misconfigured, TryLater
from tests.integrations.threeshape.watched import SURNAME, Watched, loose_files, order_folder, write


def test_a_folder_that_never_was_there_is_set_up_wrong(watched: Watched) -> None:
    watched.root = watched.root / "missing"
    with pytest.raises(Misconfigured) as caught:
        watched.look()
    assert caught.value.code == "no_such_folder"


def test_a_file_in_place_of_the_folder_is_set_up_wrong(watched: Watched) -> None:
    watched.root = watched.root / "file"
    watched.root.write_bytes(b"")
    with pytest.raises(Misconfigured) as caught:
        watched.look()
    assert caught.value.code == "no_such_folder"


def _away(watched: Watched) -> Path:
    return watched.root.rename(watched.root.with_name("away"))


def test_a_folder_that_vanished_is_tried_later_and_goes_on_when_it_is_back(watched: Watched) -> None:
    write(watched.root, order_folder())
    watched.look()
    away = _away(watched)
    with pytest.raises(TryLater) as caught:
        watched.look()
    assert caught.value.code == "folder_gone"
    away.rename(watched.root)
    watched.clock.on(5)
    assert len(watched.look()) == 1


def test_a_drive_that_vanishes_in_the_middle_of_a_listing_is_tried_later(watched: Watched) -> None:
    write(watched.root, order_folder("1") | order_folder("2"))
    watched.look()
    watched.clock.on(5)
    pages = watched.connector().pages(None)
    assert next(pages).orders
    _away(watched)
    with pytest.raises(TryLater) as caught:
        next(pages)
    assert caught.value.code == "folder_gone"


def test_a_drive_that_vanishes_in_the_middle_of_a_copy_is_tried_later(watched: Watched, tmp_path) -> None:
    write(watched.root, order_folder())
    order = watched.rested()[0]
    connector = watched.connector()
    with pytest.raises(TryLater) as caught:
        connector.fetch(order, order.files[0], tmp_path / "copy", cap=10**9, on_chunk=lambda: _away(watched))
    assert caught.value.code == "folder_gone"


def test_settling_on_a_lost_drive_can_be_done_again(watched: Watched) -> None:
    write(watched.root, order_folder())
    order = watched.rested()[0]
    away = _away(watched)
    with pytest.raises(TryLater):
        watched.settle(order)
    away.rename(watched.root)
    watched.settle(order)
    assert watched.names("done") == sorted([*order_folder(), "4711.report.txt"])


def test_a_file_that_may_not_be_read_costs_its_export_only(watched: Watched, as_nobody) -> None:
    write(watched.root, order_folder() | {f"{SURNAME}/upper.stl": b"mesh"})
    (watched.root / SURNAME / "upper.stl").chmod(0)
    with as_nobody():
        orders = watched.rested()
    assert [order.order_id for order in orders] == ["4711"]
    assert [fault.code for fault in watched.faults] == ["unreadable"]
    assert SURNAME not in _all_words(watched.faults[0])


def test_a_folder_inside_that_may_not_be_opened_costs_itself_only(watched: Watched, as_nobody) -> None:
    write(watched.root, order_folder() | {f"{SURNAME}/upper.stl": b"mesh"})
    (watched.root / SURNAME).chmod(0)
    with as_nobody():
        orders = watched.rested()
    assert [order.order_id for order in orders] == ["4711"]
    assert [fault.code for fault in watched.faults] == ["unreadable"]


def test_a_folder_that_may_not_be_looked_into_is_set_up_wrong(watched: Watched, as_nobody) -> None:
    watched.root.chmod(0)
    with as_nobody(), pytest.raises(Misconfigured) as caught:
        watched.look()
    assert caught.value.code == "no_permission"


def test_a_folder_that_may_not_be_written_to_is_set_up_wrong_and_nothing_moves(watched: Watched, as_nobody) -> None:
    write(watched.root, loose_files())
    order = watched.rested()[0]
    before = watched.names()
    watched.root.chmod(0o555)
    with as_nobody(), pytest.raises(Misconfigured) as caught:
        watched.settle(order)
    assert caught.value.code == "cannot_move"
    assert watched.names() == before
    assert SURNAME not in _all_words(caught.value)


def test_a_folder_with_too_many_files_is_a_fault(watched: Watched, monkeypatch) -> None:
    monkeypatch.setattr("integrations.connectors.threeshape.folder.MOST_FILES", 10)
    write(watched.root, order_folder() | {f"many/{number}.stl": b"mesh" for number in range(12)})
    assert [order.order_id for order in watched.rested()] == ["4711"]
    assert [fault.code for fault in watched.faults] == ["too_many_files"]


def _all_words(error: ConnectorError) -> str:
    """Message and traceback, with what caused it."""
    return error.message + "".join(traceback.format_exception(error))
