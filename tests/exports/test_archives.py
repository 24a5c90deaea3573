"""Archives that came together: each is a folder at the top, called as the archive was."""

import pytest

from scans.classification.verdict import Category
from scans.exports import SeveralCases, Source, read_export
from tests.exports.listings import EXOCAD_PROJECT, entry, listing, verdicts


@pytest.mark.parametrize(
    "tops",
    [
        ("a", "b"),
        ("Export", "Export (2)"),
        ("scans", "export"),
        ("1", "2"),
        ("OrthoCAD_Export_77", "OrthoCAD_Export_78"),
    ],
)
@pytest.mark.parametrize("inside", ["upper.stl", "Scans/Upper/scan.ply", "STL/upper.stl"])
def test_two_archives_with_the_same_scan_are_two_cases(tops: tuple[str, str], inside: str) -> None:
    with pytest.raises(SeveralCases) as caught:
        read_export(listing(*(f"{top}/{inside}" for top in tops)))
    assert len(caught.value.data["cases"]) == 2


def test_two_patients_of_medit_are_two_cases() -> None:
    with pytest.raises(SeveralCases):
        read_export(
            listing(
                "2026-09-09-Anna Muster's Case/2026-09-09-Anna Muster-maxillary.obj",
                "2026-09-09-Ben Muster's Case/2026-09-09-Ben Muster-mandibular.obj",
            )
        )


def test_what_lies_below_a_case_folder_of_medit_is_one_case() -> None:
    folder = "2026-09-09-Anna Muster's Case"
    paths = [f"{folder}/x-{jaw}JawScan/x-{jaw}JawScan.stl" for jaw in ("Upper", "Lower")]
    manifest = read_export(listing(*paths))
    assert (manifest.source, manifest.identity.full_name) == (Source.MEDIT, "Anna Muster")
    assert [verdict.category for verdict in verdicts(manifest).values()] == [Category.UPPER, Category.LOWER]


@pytest.mark.parametrize(
    "paths",
    [
        ["upper/scan.stl", "lower/scan.stl"],
        ["STL/upper.stl", "PLY/upper.ply", "STL/lower.stl", "PLY/lower.ply"],
        ["case/raw/upper.stl", "case/final/upper.stl"],
    ],
)
def test_folders_that_order_one_case_are_no_archives(paths: list[str]) -> None:
    assert len(read_export(listing(*paths)).entries) == len(paths)


def test_inside_one_archive_such_folders_order_one_case() -> None:
    assert len(read_export(listing("raw/upper.stl", "final/upper.stl"), container="Muster.zip").meshes) == 2


@pytest.mark.parametrize("folder", ["OrthoCAD_Export_77", "iTero_Export_77 (4)"])
@pytest.mark.parametrize("name", ["77_shell_occlusion_u.stl", "upper.stl"])
def test_the_name_of_an_itero_archive_at_the_top_is_its_order(folder: str, name: str) -> None:
    inside = read_export(listing(f"{folder}/{name}"))
    around = read_export(listing(name), container=f"{folder}.zip")
    assert (inside.source, inside.order_id) == (around.source, around.order_id) == (Source.ITERO, "77")
    assert verdicts(inside)[f"{folder}/{name}"].category is Category.UPPER


def test_two_archives_of_one_itero_order_are_one_case() -> None:
    manifest = read_export(
        listing("OrthoCAD_Export_77/77_shell_occlusion_u.stl", "OrthoCAD_Export_77 (1)/77_shell_occlusion_l.stl")
    )
    assert manifest.order_id == "77"


def test_the_name_of_a_medit_archive_at_the_top_is_the_patient() -> None:
    manifest = read_export(listing("2026-09-09-Anna Muster's Case/Maxilla_Base.ply"))
    assert (manifest.source, manifest.identity.full_name) == (Source.MEDIT, "Anna Muster")
    assert manifest.captured_at is not None


def test_a_project_stays_with_its_archive() -> None:
    manifest = read_export(listing("x/b-UpperJaw.stl", contents={"x/b.dentalProject": EXOCAD_PROJECT}))
    assert "The project" in entry(manifest, "x/b.dentalProject").note
