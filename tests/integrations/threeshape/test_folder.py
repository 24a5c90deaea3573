"""What in a folder is one export, under which id, and what is passed over."""

import os
import unicodedata

import pytest

from scans.synthetic.exports import as_zip
from tests.integrations.threeshape.watched import SURNAME, Watched, loose_files, order_folder, write

NFC, NFD = (unicodedata.normalize(form, "Bösch") for form in ("NFC", "NFD"))


def _ids(watched: Watched) -> list[str]:
    return sorted(order.order_id for order in watched.rested())


def test_a_folder_an_archive_and_loose_files_are_an_export_each(watched: Watched) -> None:
    write(watched.root, order_folder() | {"Order 2.zip": as_zip(order_folder("2"))} | loose_files("Marsh_"))
    assert _ids(watched) == ["4711", "Marsh", "Order 2.zip"]


def test_loose_files_are_told_apart_by_their_prefix(watched: Watched) -> None:
    write(watched.root, loose_files("1") | loose_files("2") | loose_files("Marsh ") | loose_files(""))
    found = {order.order_id: len(order.files) for order in watched.rested()}
    assert found == {"1": 2, "2": 2, "Marsh": 2, "JawScan": 2}


def test_an_accent_tells_two_people_apart(watched: Watched) -> None:
    write(watched.root, loose_files("Bosch_") | loose_files("Bösch_"))
    assert _ids(watched) == ["Bosch", "Bösch"]


def test_what_belongs_to_loose_scans_goes_with_them(watched: Watched) -> None:
    beside = {"Marsh.xml": b"<a/>", "Marsh_UpperJawScan.mtl": b"m", "Marshall.pdf": b"p", "notes.txt": b"n"}
    write(watched.root, loose_files("Marsh_") | beside)
    names = {file.name for file in watched.rested()[0].files}
    assert names == {"Marsh.xml", "Marsh_LowerJawScan.stl", "Marsh_UpperJawScan.mtl", "Marsh_UpperJawScan.stl"}


def test_a_numbered_copy_of_loose_files_is_an_export_of_its_own(watched: Watched) -> None:
    write(watched.root, {"MarshUpperJawScan.stl": b"one", "MarshUpperJawScan (2).stl": b"two"})
    assert _ids(watched) == ["Marsh", "Marsh (2)"]


def test_a_closed_format_is_taken_so_that_somebody_is_told(watched: Watched) -> None:
    write(watched.root, {"case.dxd": b"closed", "case.rar": b"Rar!"})
    assert _ids(watched) == ["case.dxd", "case.rar"]


@pytest.mark.parametrize(
    "name", [".hidden.stl", "~$upper.stl", "upper.stl.part", "upper.stl.tmp", "Thumbs.db", ".DS_Store", "._upper.stl"]
)
def test_what_is_hidden_or_unfinished_is_no_part_of_an_export(watched: Watched, name) -> None:
    write(watched.root, {name: b"x", f"only/{name}": b"x"})
    assert watched.rested() == []
    assert watched.faults == []


def test_done_and_failed_are_not_looked_into(watched: Watched) -> None:
    write(watched.root, {f"{folder}/{name}": b for folder in ("done", "failed") for name, b in order_folder().items()})
    assert watched.rested() == []


@pytest.mark.parametrize("name", [NFC, NFD])
def test_a_name_is_one_however_it_is_composed(watched: Watched, name) -> None:
    write(watched.root, {f"{name}/{name}_upper.stl": b"mesh"})
    order = watched.rested()[0]
    assert (order.order_id, order.files[0].name) == (NFC, f"{NFC}/{NFC}_upper.stl")


def test_the_same_export_under_both_spellings_is_one(watched: Watched) -> None:
    write(watched.root, {f"{NFC}/upper.stl": b"mesh", f"{NFD}/upper.stl": b"mesh"})
    orders = watched.rested()
    watched.settle(orders[0])
    assert len(orders) == 1
    assert watched.rested() == []
    assert sorted(path.name for path in (watched.root / "done").iterdir() if path.is_dir()) == sorted([NFC, NFD])


def test_the_revision_is_over_names_and_contents_alone(watched: Watched) -> None:
    inside = {"Scans/Upper/a.stl": b"mesh"}
    for folder in ("first", "second", "first (2)"):
        write(watched.root, {f"{folder}/{name}": content for name, content in inside.items()})
    write(watched.root, {"renamed/Scans/Lower/a.stl": b"mesh", "changed/Scans/Upper/a.stl": b"Mesh"})
    revisions = {order.order_id: order.revision for order in watched.rested()}
    assert revisions["first"] == revisions["second"] == revisions["first (2)"]
    assert len(set(revisions.values())) == 3


def test_links_are_not_followed_and_a_loop_ends(watched: Watched) -> None:
    outside = watched.root.parent / "outside.stl"
    outside.write_bytes(b"somebody else's")
    write(watched.root, {"4711/upper.stl": b"mesh"})
    (watched.root / "4711/loop").symlink_to(watched.root, target_is_directory=True)
    (watched.root / "4711/lower.stl").symlink_to(outside)
    (watched.root / "linked_upper.stl").symlink_to(outside)
    orders = watched.rested()
    assert [[file.name for file in order.files] for order in orders] == [["4711/upper.stl"]]


def test_a_pipe_is_no_file(watched: Watched) -> None:
    write(watched.root, {"4711/upper.stl": b"mesh"})
    os.mkfifo(watched.root / "4711/pipe.stl")
    os.mkfifo(watched.root / "pipe_upper.stl")
    assert [len(order.files) for order in watched.rested()] == [1]


@pytest.mark.parametrize(
    "name", ["back\\slash", "bell\x07", "line\nbreak", "x" * 255, b"\xe4\xf6".decode("utf-8", "surrogateescape")]
)
def test_a_strange_name_is_taken_and_settled_like_any_other(watched: Watched, name) -> None:
    write(watched.root, {f"{name}/upper.stl": b"mesh"})
    order = watched.rested()[0]
    order.files[0].name.encode()
    watched.settle(order)
    assert [place.read_bytes() for place in watched.root.glob("done/*/upper.stl")] == [b"mesh"]


def test_the_order_names_the_patient_as_received(watched: Watched) -> None:
    write(watched.root, order_folder() | loose_files("JaneMarsh_"))
    people = {order.order_id: order.identity for order in watched.rested()}
    assert (people["4711"].last_name, people["4711"].chart_number) == (f"Jane {SURNAME}", "C-1")
