"""What was read is moved to done/ or failed/ with a report; nothing is deleted, nothing is overwritten."""

from pathlib import Path

import pytest

from integrations.connectors.base import Outcome, Settlement
from integrations.connectors.threeshape.folder import look_into
from integrations.connectors.threeshape.settling import begin, report_of
from scans.synthetic.exports import as_zip
from tests.integrations.threeshape.watched import FILED, REJECTED, Watched, loose_files, order_folder, write


def _contents(root: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in root.rglob("*") if path.is_file() and "report" not in path.name)


@pytest.mark.parametrize(
    ("outcome", "folder"),
    [("filed", "done"), ("waits", "done"), ("duplicate", "done"), ("rejected", "failed"), ("failed", "failed")],
)
def test_every_outcome_has_its_folder(watched: Watched, outcome, folder) -> None:
    write(watched.root, order_folder())
    watched.settle(watched.rested()[0], Settlement(Outcome(outcome), "Words."))
    assert watched.names() == sorted(f"{folder}/{name}" for name in [*order_folder(), "4711.report.txt"])


def test_the_report_says_in_words_what_became_of_each_file(watched: Watched) -> None:
    write(watched.root, order_folder())
    watched.settle(watched.rested()[0])
    text = (watched.root / "done/4711.report.txt").read_text(encoding="utf-8")
    assert text == "Archway, 2026-11-24 12:00 UTC: filed\nFiled under its patient.\n\n- upper.stl: accept.\n"


def test_loose_files_are_moved_into_a_folder_of_their_prefix(watched: Watched) -> None:
    write(watched.root, loose_files("Marsh_") | {"notes.txt": b"stays"})
    watched.settle(watched.rested()[0])
    assert watched.names() == [
        "done/Marsh.report.txt",
        "done/Marsh/Marsh_LowerJawScan.stl",
        "done/Marsh/Marsh_UpperJawScan.stl",
        "notes.txt",
    ]


def test_a_name_that_is_taken_gets_a_number(watched: Watched) -> None:
    for content in (b"one", b"two", b"three"):
        write(watched.root, {"4711/upper.stl": content, "case.zip": as_zip({"upper.stl": content})})
        for order in watched.rested():
            watched.settle(order)
    there = sorted(path.name for path in (watched.root / "done").iterdir() if "report" not in path.name)
    assert there == ["4711", "4711 (2)", "4711 (3)", "case (2).zip", "case (3).zip", "case.zip"]
    assert len(list(watched.root.glob("done/*.report.txt"))) == 6
    assert {b"one", b"two", b"three"} <= set(_contents(watched.root))


def test_the_same_export_twice_comes_twice_and_both_are_moved(watched: Watched) -> None:
    write(watched.root, order_folder() | {f"4711 (2){name[4:]}": content for name, content in order_folder().items()})
    orders = watched.rested()
    assert len({order.revision for order in orders}) == 1
    for order in orders:
        watched.settle(order)
    assert sorted(path.name for path in (watched.root / "done").iterdir()) == [
        "4711",
        "4711 (2)",
        "4711 (2).report.txt",
        "4711.report.txt",
    ]


def test_settling_twice_is_settling_once(watched: Watched) -> None:
    write(watched.root, order_folder())
    order = watched.rested()[0]
    watched.settle(order)
    before = watched.names()
    watched.settle(order)
    assert watched.names() == before


def test_what_changed_since_it_was_read_stays_and_is_taken_anew(watched: Watched) -> None:
    write(watched.root, order_folder())
    first = watched.rested()[0]
    write(watched.root, {"4711/Scans/Common/Raw Bite scan.stl": b"a bite"})
    watched.settle(first)
    assert not (watched.root / "done").exists()
    again = watched.rested()[0]
    assert (again.order_id, again.revision != first.revision) == ("4711", True)


@pytest.mark.parametrize("files", [order_folder(), loose_files("Marsh_"), {"case.zip": as_zip(order_folder())}])
def test_a_crash_before_the_move_is_made_good_by_the_next_look(watched: Watched, files) -> None:
    write(watched.root, files)
    _begin_and_die(watched)
    assert watched.look() == []
    assert not [name for name in watched.names() if not name.startswith("done/")]
    assert _contents(watched.root) == sorted(files.values())
    assert len(list(watched.root.glob("done/*.report.txt"))) == 1


def test_a_crash_between_report_and_move_is_harmless(watched: Watched) -> None:
    write(watched.root, order_folder())
    _begin_and_die(watched)
    report = report_of(FILED, watched.clock())
    write(watched.root, {"done/4711.report.txt": report.encode()})
    watched.look()
    assert watched.names("done") == sorted([*order_folder(), "4711.report.txt"])


def test_loose_files_that_were_moved_in_part_are_never_an_export(watched: Watched) -> None:
    files = loose_files("Marsh_")
    write(watched.root, files)
    _begin_and_die(watched)
    (watched.root / "done/Marsh").mkdir()
    (watched.root / "Marsh_LowerJawScan.stl").rename(watched.root / "done/Marsh/Marsh_LowerJawScan.stl")
    assert watched.rested() == []
    assert sorted(path.name for path in (watched.root / "done/Marsh").iterdir()) == sorted(files)
    assert len(list(watched.root.glob("done/*.report.txt"))) == 1


def test_a_new_file_in_the_place_of_one_that_waits_for_its_move_stays(watched: Watched) -> None:
    write(watched.root, loose_files("Marsh_"))
    _begin_and_die(watched)
    write(watched.root, {"Marsh_UpperJawScan.stl": b"a rescan"})
    orders = watched.rested()
    assert [[file.name for file in order.files] for order in orders] == [["Marsh_UpperJawScan.stl"]]
    assert [path.name for path in (watched.root / "done/Marsh").iterdir()] == ["Marsh_LowerJawScan.stl"]


def test_a_file_that_only_looks_like_our_note_moves_nothing(watched: Watched) -> None:
    write(watched.root, {".archway-1.moving": b'{"folder": "../..", "items": []}', ".archway-2.moving": b"\xff"})
    write(watched.root, order_folder())
    assert len(watched.rested()) == 1


def test_hidden_files_go_along_with_their_folder(watched: Watched) -> None:
    write(watched.root, order_folder() | {"4711/.thumbs": b"kept"})
    watched.settle(watched.rested()[0], REJECTED)
    assert (watched.root / "failed/4711/.thumbs").read_bytes() == b"kept"


def _begin_and_die(watched: Watched) -> None:
    """As a process leaves it that is killed between its note and the first move."""
    begin(watched.root, look_into(watched.root).exports[0], FILED, watched.clock())
