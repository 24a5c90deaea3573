"""exocad folders, whoever wrote them."""

from datetime import date, datetime

import pytest

from scans.classification.verdict import Arch, Category, Role
from scans.exports import EntryKind, SeveralCases, Source, read_export
from tests.exports.listings import EXOCAD_PROJECT, MATRIX_LAST_ROW, entry, kinds, listing, verdicts

CASE = "2026-03-14_00012-001_Beispiel"
FOLDER = f"{CASE}_exo"


def project(*names: str, text: str = EXOCAD_PROJECT, **contents: str):
    files = {
        f"{FOLDER}/{CASE}.dentalProject": text,
        **{f"{FOLDER}/{CASE}-{key}": value for key, value in contents.items()},
    }
    return read_export(listing(*(f"{FOLDER}/{CASE}-{name}" for name in names), contents=files))


def test_total_jaws_are_bites() -> None:
    manifest = project("UpperJaw.stl", "LowerJaw.stl", "TotalJaw0.stl", "TotalJaw1.stl")
    assert [(one.arch, one.category, one.index) for one in verdicts(manifest).values()] == [
        (Arch.UPPER, Category.UPPER, None),
        (Arch.LOWER, Category.LOWER, None),
        (Arch.BOTH, Category.BITE, 0),
        (Arch.BOTH, Category.BITE, 1),
    ]
    assert (manifest.source, manifest.order_id) == (Source.EXOCAD, "aaaa-1111")


def test_a_project_with_bom_and_crlf_is_read_and_patient_0_is_missing() -> None:
    manifest = project("UpperJaw.stl")
    identity = manifest.identity
    assert (identity.first_name, identity.last_name, identity.chart_number) == ("Berta", "Beispiel", "")
    assert identity.birth_date == date(1980, 2, 3)
    assert manifest.captured_at == datetime(2026, 3, 14, 10, 5, 7)  # noqa: DTZ001 - exocad writes local time
    assert manifest.metadata["teeth"] == {"system": "FDI", "numbers": [16]}


def test_a_program_s_no_date_is_no_birth_date() -> None:
    identity = project("UpperJaw.stl", text=EXOCAD_PROJECT.replace("1980-02-03", "0001-01-01")).identity
    assert (identity.birth_date, identity.birth_date_text) == (None, "")


def test_one_name_alone_stays_one_string() -> None:
    text = EXOCAD_PROJECT.replace("<PatientFirstName>Berta</PatientFirstName>", "")
    assert project("UpperJaw.stl", text=text).identity.full_name == "Beispiel"


def test_without_a_project_the_folder_names_the_patient() -> None:
    manifest = read_export(listing(f"{FOLDER}/{CASE}-UpperJaw.stl"))
    assert (manifest.identity.full_name, manifest.order_id) == ("Beispiel", "00012-001")


def test_the_same_mesh_in_three_formats_is_one_scan() -> None:
    manifest = project("UpperJaw.stl", "UpperJaw.ply", "UpperJaw.obj", "LowerJaw.stl", "LowerJaw.obj")
    found = {path.removeprefix(f"{FOLDER}/{CASE}-"): kind for path, kind in kinds(manifest).items()}
    assert found["UpperJaw.ply"] is found["LowerJaw.stl"] is EntryKind.MESH
    assert found["UpperJaw.stl"] is found["UpperJaw.obj"] is found["LowerJaw.obj"] is EntryKind.ALTERNATE
    assert "PLY" in entry(manifest, f"{FOLDER}/{CASE}-UpperJaw.stl").note


def test_a_textured_obj_is_kept_before_an_stl() -> None:
    manifest = project("UpperJaw.stl", "UpperJaw.obj", "UpperJaw.mtl", "UpperJaw.png")
    obj = entry(manifest, f"{FOLDER}/{CASE}-UpperJaw.obj")
    assert obj.kind is EntryKind.MESH
    assert obj.companions == (f"{FOLDER}/{CASE}-UpperJaw.mtl", f"{FOLDER}/{CASE}-UpperJaw.png")
    assert kinds(manifest)[f"{FOLDER}/{CASE}-UpperJaw.stl"] is EntryKind.ALTERNATE


def test_a_matrix_has_its_translation_in_the_last_row() -> None:
    manifest = project(
        "UpperJaw.stl", "LowerJaw.stl", **{"UpperJaw.matrix4": MATRIX_LAST_ROW, "LowerJaw.matrix4": "1 2"}
    )
    assert entry(manifest, f"{FOLDER}/{CASE}-UpperJaw.stl").metadata["transform"]["translation_mm"] == [7, 8, 9]
    assert "transform" not in entry(manifest, f"{FOLDER}/{CASE}-LowerJaw.stl").metadata
    assert "broken" in entry(manifest, f"{FOLDER}/{CASE}-LowerJaw.matrix4").note


@pytest.mark.parametrize("name", ["16-crown_cad.stl", "UpperJaw-cad.stl", "x.constructionInfo"])
def test_designs_are_no_scans(name: str) -> None:
    assert kinds(project("LowerJaw.stl", name))[f"{FOLDER}/{CASE}-{name}"] is EntryKind.DESIGN


def test_scans_before_the_work_never_take_the_working_slot() -> None:
    path = f"{FOLDER}/{CASE}-UpperJaw-situ.stl"
    verdict = verdicts(project("UpperJaw.stl", "UpperJaw-situ.stl"))[path]
    assert (verdict.role, verdict.category) == (Role.PRE_PREPARATION, Category.OTHER)


def test_two_projects_are_two_cases() -> None:
    contents = {"a.dentalProject": EXOCAD_PROJECT, "b.dentalProject": EXOCAD_PROJECT.replace("aaaa", "bbbb")}
    with pytest.raises(SeveralCases) as caught:
        read_export(listing("a-UpperJaw.stl", "b-UpperJaw.stl", contents=contents))
    assert caught.value.data["cases"] == ["a", "b"]
