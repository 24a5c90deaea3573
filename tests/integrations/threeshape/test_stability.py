"""When an export is taken: at the second of two looks that are five seconds apart and saw the same."""

import json

import pytest

from integrations.connectors.threeshape.stability import PATIENCE_S
from tests.integrations.threeshape.watched import SURNAME, Watched, loose_files, order_folder, write, write_as_before
from tests.made import upper_stl


def test_the_first_look_takes_nothing(watched: Watched) -> None:
    write(watched.root, order_folder())
    assert watched.look() == []


def test_what_rested_for_five_seconds_is_taken(watched: Watched) -> None:
    write(watched.root, order_folder())
    watched.look()
    watched.clock.on(4.9)
    assert watched.look() == []
    watched.clock.on(0.1)
    assert [order.order_id for order in watched.look()] == ["4711"]


def test_a_growing_file_waits_until_it_rests(watched: Watched) -> None:
    write(watched.root, order_folder())
    with (watched.root / "4711/Scans/Upper/PreparationScan.stl").open("ab", buffering=0) as growing:
        for _ in range(3):
            growing.write(b"more")
            assert watched.look() == []
            watched.clock.on(5)
    assert len(watched.look()) == 1


def test_another_size_under_the_old_time_is_a_change(watched: Watched) -> None:
    write(watched.root, order_folder())
    place = watched.root / "4711/Scans/Upper/PreparationScan.stl"
    write_as_before(place, b"half of it")
    watched.look()
    write_as_before(place, b"all of it now")
    watched.clock.on(5)
    assert watched.look() == []


def test_a_file_that_comes_later_is_a_change(watched: Watched) -> None:
    write(watched.root, {"4711/a_upper.stl": b"mesh"})
    watched.look()
    write(watched.root, {"4711/a_lower.stl": b"mesh"})
    watched.clock.on(5)
    assert watched.look() == []
    watched.clock.on(5)
    assert len(watched.look()[0].files) == 2


def test_a_clock_that_is_put_back_starts_anew(watched: Watched) -> None:
    write(watched.root, order_folder())
    watched.look()
    watched.clock.on(-3600)
    assert watched.look() == []
    watched.clock.on(5)
    assert len(watched.look()) == 1


def test_what_was_seen_is_kept_as_json_without_a_name(watched: Watched) -> None:
    write(watched.root, loose_files())
    watched.look()
    kept = json.dumps(watched.looks)
    assert SURNAME not in kept
    watched.looks = json.loads(kept)
    watched.clock.on(5)
    assert len(watched.look()) == 1


def test_a_look_says_when_the_next_one_is_worth_it(watched: Watched) -> None:
    write(watched.root, order_folder())
    connector = watched.connector()
    list(connector.pages(None))
    assert connector.waiting == 1
    assert connector.look_again_at == watched.clock.moment.replace(second=5)
    watched.clock.on(5)
    list(connector.pages(None))
    assert (connector.waiting, connector.look_again_at) == (0, None)


@pytest.mark.parametrize(
    "incomplete",
    [
        {"4711/a_upper.stl": b""},
        {"4711/a_upper.stl": b"mesh", "4711/a_lower.stl.part": b"me"},
        {"AUpperJawScan.stl": b"mesh", "ALowerJawScan.stl.crdownload": b"me"},
        {"AUpperJawScan.stl": upper_stl()[:-1]},
        {"AUpperJawScan.stl": upper_stl()[:-200] + bytes(200)},
        {"AUpperJawScan.stl": bytes(50_000)},
        {"4711/4711.xml": b"<?xml version='1.0'?><DentalContainer><Obj"},
        {"4711/upper.dcm": b"\xef\xbb\xbf<HPS><Packed_geometry>half"},
        {"4711/4711.zip": b"PK\x03\x04 half"},
        {"4711.zip": b"PK\x03\x04 and no list of its files yet"},
        {"4711.zip": bytes(1_000)},
    ],
)
def test_what_is_incomplete_waits_but_not_for_ever(watched: Watched, incomplete) -> None:
    write(watched.root, incomplete)
    assert watched.rested() == []
    watched.clock.on(PATIENCE_S)
    assert len(watched.look()) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("upper.stl", upper_stl()),
        ("upper.stl", b"solid ascii\nendsolid\n" + b" " * 90),
        ("upper.ply", b"ply\nformat ascii 1.0\nend_header\n"),
        ("order.xml", "<a>\n</a>\n".encode("utf-16")),
        ("order.xml", b"\xef\xbb\xbf<a/>\r\n"),
        ("notes.txt", b"<"),
    ],
)
def test_what_has_its_end_does_not_wait(watched: Watched, name, content) -> None:
    write(watched.root, {f"4711/{name}": content})
    assert len(watched.rested()) == 1


def test_a_scan_that_the_order_names_is_waited_for(watched: Watched) -> None:
    files = order_folder()
    order = files["4711/4711.xml"].replace(b'name="FileName" value=""', b'name="FileName" value="LowerJawScan.dcm"', 1)
    write(watched.root, files | {"4711/4711.xml": order})
    assert watched.rested() == []
    write(watched.root, {"4711/Scans/Lower/LowerJawScan.dcm": b"mesh"})
    assert len(watched.rested()) == 1


def test_a_lone_jaw_without_an_order_is_taken_as_it_is(watched: Watched) -> None:
    write(watched.root, {"4711/Scans/Upper/PreparationScan.stl": b"mesh"})
    assert [file.name for file in watched.rested()[0].files] == ["4711/Scans/Upper/PreparationScan.stl"]
