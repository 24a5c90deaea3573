"""Medit Link exports."""

from datetime import datetime

import pytest

from scans.classification.verdict import Arch, Category, Role
from scans.exports import EntryKind, Source, read_export
from tests.exports.listings import EXOCAD_PROJECT, kinds, listing, verdicts

FOLDER = "2026-09-09-홍길동's Case"


def test_dated_names_and_the_folder() -> None:
    parts = ("maxillary", "mandibular", "occlusionfirst")
    manifest = read_export(listing(*(f"{FOLDER}/2026-09-09-홍길동-{part}.obj" for part in parts)))
    assert [(one.arch, one.role) for one in verdicts(manifest).values()] == [
        (Arch.UPPER, Role.ARCH),
        (Arch.LOWER, Role.ARCH),
        (Arch.BOTH, Role.BITE),
    ]
    assert (manifest.source, manifest.identity.full_name) == (Source.MEDIT, "홍길동")
    assert manifest.captured_at == datetime(2026, 9, 9)  # noqa: DTZ001 - the clinic's local date


@pytest.mark.parametrize("ending", ["'s Case", "’s Case", "의 케이스", "님 케이스"])
def test_the_folder_is_known_in_english_and_korean(ending: str) -> None:
    manifest = read_export(listing("Maxilla_Base.ply"), container=f"2026-09-09-Anna Muster{ending}.zip")
    assert (manifest.source, manifest.identity.full_name) == (Source.MEDIT, "Anna Muster")


def test_the_folder_beats_another_name_inside_the_file_names() -> None:
    manifest = read_export(listing(f"{FOLDER}/2026-09-09-Anna Muster-maxillary.obj"))
    assert manifest.identity.full_name == "홍길동"
    assert manifest.metadata["file_names_carry_another_name"] is True


def test_exocad_style_with_project() -> None:
    parts = ("upperjaw", "lowerjaw", "upperjaw-situ", "occlusionfirst", "upperjaw-marker")
    paths = [f"2026-09-02-Muster-2026-09-02-{part}.obj" for part in parts]
    manifest = read_export(listing(*paths, contents={"2026-09-02-Muster-2026-09-02.dentalProject": EXOCAD_PROJECT}))
    found = [(one.role, one.category) for one in verdicts(manifest).values()]
    assert found == [
        (Role.ARCH, Category.UPPER),
        (Role.ARCH, Category.LOWER),
        (Role.PRE_PREPARATION, Category.OTHER),
        (Role.BITE, Category.BITE),
        (Role.SCAN_BODY, Category.OTHER),
    ]
    assert (manifest.source, manifest.order_id) == (Source.MEDIT, "aaaa-1111")


def test_lab_style_and_margin_lines() -> None:
    manifest = read_export(
        listing("Maxilla_Base.ply", "Mandible_Base.ply", "Maxilla_PreOP.ply", "Maxilla_MarginLine_18.pts")
    )
    found = verdicts(manifest)
    assert [found["Maxilla_Base.ply"].category, found["Mandible_Base.ply"].category] == [Category.UPPER, Category.LOWER]
    assert found["Maxilla_PreOP.ply"].role is Role.PRE_PREPARATION
    assert kinds(manifest)["Maxilla_MarginLine_18.pts"] is EntryKind.DESIGN


def test_a_second_export_appends_a_number() -> None:
    manifest = read_export(listing("2026-09-09-Muster-maxillary_(3).obj", "2026-09-09-Muster-mandibular_(3).obj"))
    assert [one.arch for one in verdicts(manifest).values()] == [Arch.UPPER, Arch.LOWER]
    assert manifest.identity.full_name == "Muster"
