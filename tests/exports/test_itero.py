"""iTero and OrthoCAD exports."""

from datetime import datetime, timedelta, timezone

import pytest

from scans.classification.verdict import Arch, Category, Method, Role
from scans.exports import EntryKind, SeveralCases, Source, read_export
from tests.exports.listings import ITERO_V24, ITERO_V50, entry, kinds, listing, verdicts

XML = "itero_export_#45678901_v50.xml"


def order(*extra: str):
    return read_export(
        listing("scan_a.ply", "scan_a_texture.jpg", "scan_b.ply", "scan_c.ply", *extra, contents={XML: ITERO_V50})
    )


@pytest.mark.parametrize(("jaw", "arch"), [("u", Arch.UPPER), ("l", Arch.LOWER)])
@pytest.mark.parametrize("pose", ["occlusion", "teethup"])
def test_occlusion_is_a_pose_and_not_a_bite(jaw: str, arch: Arch, pose: str) -> None:
    path = f"OrthoCAD_Export_123456/123456_shell_{pose}_{jaw}.stl"
    manifest = read_export(listing(path))
    verdict = verdicts(manifest)[path]
    assert (verdict.arch, verdict.role, verdict.needs_person) == (arch, Role.ARCH, False)
    assert entry(manifest, path).metadata == {"pose": pose}
    assert (manifest.source, manifest.order_id) == (Source.ITERO, "123456")


def test_an_order_that_denies_the_shell_s_name_needs_a_person() -> None:
    path = "45678901_shell_occlusion_u.stl"
    manifest = read_export(listing(path, contents={XML: ITERO_V50.replace("C:\\Export\\scan_b.ply", path)}))
    verdict = verdicts(manifest)[path]
    assert {vote.method for vote in verdict.votes} == {Method.SIDECAR, Method.VENDOR}
    assert verdict.needs_person
    assert verdict.conflict == "what was sent with it says lower, the scanner's name says upper"


def test_an_arch_placed_in_a_bite_stays_an_arch() -> None:
    manifest = read_export(listing("123456_shell_occlusion_u.stl", "123456_shell_occlusion_l_bite1.stl"))
    verdict = verdicts(manifest)["123456_shell_occlusion_l_bite1.stl"]
    assert (verdict.arch, verdict.role, verdict.category) == (Arch.LOWER, Role.ARCH, Category.LOWER)
    assert entry(manifest, "123456_shell_occlusion_l_bite1.stl").metadata["placed_in_bite"] == 1


def test_newer_names_carry_jaw_ditch_and_order() -> None:
    manifest = read_export(
        listing("upper_jaw_with_ditch_#77.ply", "lower_jaw_without_ditch_#77.ply", "upper_jaw_pretreatment_#77.ply")
    )
    found = verdicts(manifest)
    assert manifest.order_id == "77"
    assert entry(manifest, "upper_jaw_with_ditch_#77.ply").metadata == {"ditch": True}
    assert entry(manifest, "lower_jaw_without_ditch_#77.ply").metadata == {"ditch": False}
    assert found["upper_jaw_pretreatment_#77.ply"].role is Role.PRE_PREPARATION
    assert found["upper_jaw_pretreatment_#77.ply"].category is Category.OTHER


def test_the_folder_may_carry_the_mark_of_a_second_download() -> None:
    manifest = read_export(listing("upper.stl", "lower.stl", contents={XML: ITERO_V24}), container="iTero_Export_9 (4)")
    assert manifest.order_id == "45678901"
    assert read_export(listing("9_shell_occlusion_u (4).stl")).order_id == "9"


def test_identity_comes_as_received() -> None:
    identity = order().identity
    assert (identity.full_name, identity.chart_number) == ("Beispiel, Berta", "C-77")
    assert (identity.first_name, identity.last_name, identity.birth_date) == ("", "", None)


def test_export_time_is_aware_when_the_offset_is_given() -> None:
    assert order().captured_at == datetime(2026, 3, 14, 10, 5, 7, tzinfo=timezone(timedelta(hours=-5)))


def test_the_order_names_jaw_and_kind_of_each_file() -> None:
    found = verdicts(order())
    assert {path: (one.arch, one.role) for path, one in found.items()} == {
        "scan_a.ply": (Arch.UPPER, Role.ARCH),
        "scan_b.ply": (Arch.LOWER, Role.ARCH),
        "scan_c.ply": (Arch.UPPER, Role.PRE_PREPARATION),
    }
    assert {vote.method for one in found.values() for vote in one.votes} == {Method.SIDECAR}
    assert [found["scan_c.ply"].category, found["scan_a.ply"].confidence] == [Category.OTHER, 0.98]


def test_the_texture_named_by_the_order_belongs_to_its_mesh() -> None:
    manifest = order()
    assert entry(manifest, "scan_a.ply").companions == ("scan_a_texture.jpg",)
    assert entry(manifest, "scan_a_texture.jpg").kind is EntryKind.COMPANION


def test_a_scan_named_by_the_order_but_not_there_is_reported() -> None:
    assert order().metadata["missing_files"] == ["lost.ply"]


def test_transforms_have_their_translation_in_the_last_column() -> None:
    (transform,) = order().metadata["transforms"]
    assert transform["translation_mm"] == [1.5, -2.5, 3.5]
    assert order().metadata["teeth"] == {"system": "ADA", "numbers": [3, 14]}


def test_of_several_versions_of_one_order_the_highest_counts() -> None:
    contents = {"itero_export_#45678901_v24.xml": ITERO_V24, XML: ITERO_V50}
    manifest = read_export(listing("scan_a.ply", "scan_b.ply", contents=contents))
    assert manifest.identity.full_name == "Beispiel, Berta"
    assert entry(manifest, "itero_export_#45678901_v24.xml").note.startswith("An older version")
    assert kinds(manifest)[XML] is EntryKind.SIDECAR


def test_two_orders_in_one_listing_are_named() -> None:
    with pytest.raises(SeveralCases) as caught:
        read_export(listing("111_shell_occlusion_u.stl", "111_shell_occlusion_l.stl", "222_shell_occlusion_u.stl"))
    assert caught.value.data["cases"] == ["111", "222"]
    assert "111, 222" in caught.value.message


def test_two_order_files_with_different_ids_are_two_cases() -> None:
    other = ITERO_V24.replace("45678901", "5")
    with pytest.raises(SeveralCases) as caught:
        read_export(listing("a.stl", contents={"one.xml": ITERO_V24, "two.xml": other}))
    assert caught.value.data["cases"] == ["45678901", "5"]


def test_prescriptions_and_galleries_are_documents_and_litter_is_junk() -> None:
    manifest = order("Rx.html", "Rx.pdf", "__MACOSX/._scan_a.ply", ".DS_Store")
    assert kinds(manifest)["Rx.html"] is kinds(manifest)["Rx.pdf"] is EntryKind.DOCUMENT
    assert kinds(manifest)["__MACOSX/._scan_a.ply"] is kinds(manifest)[".DS_Store"] is EntryKind.JUNK


def test_a_patient_whose_name_is_a_trade_word_changes_nothing() -> None:
    text = ITERO_V50.replace("Beispiel, Berta", "Bite, Max").replace("scan_a.ply", "x.ply")
    manifest = read_export(listing("Bite Max upper.ply", "Bite Max lower.ply", contents={XML: text}))
    assert [one.role for one in verdicts(manifest).values()] == [Role.ARCH, Role.ARCH]
