"""manage.py import_scans: what goes in, what is printed, how it ends."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scans.exports import LEFT_OVER
from scans.models import Case, Delivery, Scan
from tests.made import World, itero_zip, lower_stl, upper_stl, zip_of
from tests.meshes.seven_zips import sevenzipped

Run = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def run() -> Run:
    """Runs the command with --json; gives its exit code and a dict per file, by path."""

    def run_command(*paths: Path, **options: Any) -> tuple[int, list[dict[str, Any]]]:
        out, code = StringIO(), 0
        try:
            call_command("import_scans", *paths, json=True, stdout=out, **options)
        except SystemExit as end:
            code = int(str(end.code))
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    return run_command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as clinics have them: loose arches of two people, a zip, a broken file, litter."""
    place = tmp_path / "inbox"
    (place / "sub").mkdir(parents=True)
    files = {
        "anna_upper.stl": upper_stl(1),
        "anna_lower.stl": lower_stl(1),
        "sub/berta_lower.stl": lower_stl(2),
        "sub/berta_upper.stl": upper_stl(2)[:-20],
        ".DS_Store": b"\0\0\0\1Bud1",
        "notes.csv": b"a,b\n",
        **itero_zip("77", "Marsh, Jane", seed=3),
    }
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def _by_name(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {line["path"].rsplit("/", 1)[-1]: line for line in lines}


def test_a_folder_of_many_cases_is_imported_case_by_case(world: World, run: Run, folder: Path) -> None:
    code, lines = run(folder, clinic="Ours")
    found = _by_name(lines)
    assert code == 1, "one file was rejected"
    assert Case.objects.count() == 3
    assert found["anna_upper.stl"]["category"] == "SCAN_UPPER"
    assert (found["berta_upper.stl"]["verdict"], found["berta_upper.stl"]["code"]) == ("reject", "truncated")
    assert found["77_shell_occlusion_u.stl"]["case_state"] == "PENDING"
    assert found["notes.csv"]["verdict"] == "skip"
    assert len(lines) == 9, "every file has a line"


def test_importing_again_adds_nothing(world: World, run: Run, folder: Path) -> None:
    run(folder, clinic="Ours")
    scans = Scan.objects.count()
    _, lines = run(folder, clinic="Ours")
    assert Scan.objects.count() == scans
    assert _by_name(lines)["anna_upper.stl"]["delivery_state"] == "DUPLICATE"


def test_a_dry_run_reads_and_stores_nothing(db: None, run: Run, folder: Path) -> None:
    code, lines = run(folder, dry_run=True)
    line = _by_name(lines)["anna_lower.stl"]
    wanted = {
        "path", "verdict", "code", "message", "findings", "format", "vertices", "faces", "category", "confidence",
        "evidence",
    }  # fmt: skip
    assert wanted <= set(line)
    assert (line["verdict"], line["format"], line["category"]) == ("accept", "STL", "SCAN_LOWER")
    assert line["evidence"]
    assert line["path"] == str(folder / "anna_lower.stl")
    assert code == 1
    assert not Delivery.objects.exists()


def test_a_zip_with_two_cases_is_refused_and_both_are_named(db: None, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "both.zip"
    place.write_bytes(zip_of({"anna_upper.stl": upper_stl(1), "berta_upper.stl": upper_stl(2)}))
    code, lines = run(place, dry_run=True)
    assert (code, lines[0]["code"]) == (1, "several_cases")
    assert "anna" in lines[0]["message"]
    assert "berta" in lines[0]["message"]


def test_a_good_folder_ends_with_zero(db: None, run: Run, tmp_path: Path) -> None:
    (tmp_path / "anna_upper.stl").write_bytes(upper_stl())
    assert run(tmp_path, dry_run=True)[0] == 0


def test_a_path_that_is_not_there_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_scans", tmp_path / "nowhere")


def test_with_two_clinics_one_must_be_named(world: World, folder: Path) -> None:
    with pytest.raises(CommandError, match="Ours, Theirs"):
        call_command("import_scans", folder)


def test_for_people_there_is_a_line_per_file(world: World, folder: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_scans", folder, clinic="Ours", user="owner", stdout=out)
    assert "SCAN_UPPER" in out.getvalue()
    assert "cut off" in out.getvalue()
    assert set(Delivery.objects.values_list("received_by__username", flat=True)) == {"owner"}


def test_every_malformed_file_gets_its_verdict(db: None, run: Run, shared_data: Path) -> None:
    """The corpus with its expected verdicts: accept, reject, accept+warn, or alternatives."""
    _, lines = run(shared_data / "corpus", dry_run=True)
    found = _by_name(lines)
    with (shared_data / "corpus" / "expected.csv").open(encoding="utf-8") as table:
        expected = {row["file"]: row["verdict"] for row in csv.DictReader(table)}
    wrong = {
        name: (verdict, found[name]["verdict"]) for name, verdict in expected.items() if not _fits(found[name], verdict)
    }
    assert wrong == {}
    assert len(expected) == 52


def _fits(line: dict[str, Any], verdict: str) -> bool:
    warned = any(finding["severity"] != "info" for finding in line["findings"])
    if verdict == "accept+warn":
        return line["verdict"] == "accept" and warned
    if verdict.startswith("accept"):
        return line["verdict"] == "accept" and not warned
    return line["verdict"] == "reject" or (" or " in verdict and warned)


def test_real_arches_are_all_read_and_none_is_named_wrong(world: World, run: Run, shared_data: Path) -> None:
    """A sample of every source (the whole folder takes minutes: see the README)."""
    arches = sorted((shared_data / "scans" / "arch").iterdir())
    sample = [path for number, path in enumerate(arches) if number % 12 == 0 or not path.name.startswith("ios")]
    with (shared_data / "scans" / "labels.csv").open(encoding="utf-8") as table:
        labels = {Path(row["file"]).name: row for row in csv.DictReader(table)}
    code, lines = run(*sample, clinic="Ours")
    assert code == 0
    for line in lines:
        label = labels[Path(line["path"]).name]
        assert line["category"] == f"SCAN_{label['label'].upper()}" or line["confidence"] < 0.8
        assert line["faces"] == int(label["faces"])
    assert Scan.objects.count() == len(sample)
    assert LEFT_OVER not in str(lines)


def test_a_7z_is_a_case_like_a_zip(world: World, run: Run, tmp_path: Path) -> None:
    (tmp_path / "Marsh.7z").write_bytes(sevenzipped(("m_upper.stl", upper_stl()), ("m_lower.stl", lower_stl())))
    for options, count in (({"dry_run": True}, 0), ({"clinic": "Ours"}, 1)):
        code, lines = run(tmp_path, **options)
        assert (code, [line["verdict"] for line in lines]) == (0, ["accept", "accept"])
        assert {line["path"] for line in lines} == {f"{tmp_path}/Marsh.7z!m_{jaw}.stl" for jaw in ("upper", "lower")}
        assert Case.objects.count() == count
