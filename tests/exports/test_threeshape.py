"""3Shape TRIOS exports."""

from datetime import UTC, datetime

import pytest

from scans.classification.verdict import Arch, Category, Method, Role
from scans.exports import EntryKind, SeveralCases, Source, read_export
from tests.exports.listings import TRIOS_ORDER, entry, kinds, listing, verdicts

ORDER = "20260314_1005_Lab_1"


def order(*paths: str):
    scans = (
        f"{ORDER}/Scans/Upper/PreparationScan.dcm",
        f"{ORDER}/Scans/Upper/PrePreparationScan.dcm",
        f"{ORDER}/Scans/Lower/AntagonistScan.dcm",
        f"{ORDER}/Scans/Upper/Odd name.dcm",
    )
    return read_export(listing(*scans, *paths, contents={f"{ORDER}/{ORDER}.xml": TRIOS_ORDER}))


@pytest.mark.parametrize("joint", ["", " ", "_", "-"])
def test_the_prefix_is_glued_in_four_ways(joint: str) -> None:
    names = [f"JohnDoe{joint}{part}.stl" for part in ("UpperJawScan", "LowerJawScan", "BiteScan", "BiteScan 2")]
    manifest = read_export(listing(*names))
    found = [(one.arch, one.role, one.index, one.needs_person) for one in verdicts(manifest).values()]
    assert found == [
        (Arch.UPPER, Role.ARCH, None, False),
        (Arch.LOWER, Role.ARCH, None, False),
        (Arch.BOTH, Role.BITE, None, False),
        (Arch.BOTH, Role.BITE, 2, False),
    ]
    assert (manifest.source, manifest.identity.full_name, manifest.order_id) == (Source.THREESHAPE, "JohnDoe", "")


@pytest.mark.parametrize(
    ("name", "index"), [("BiteScan2", 2), ("BiteScan 2", 2), ("LowerJawScan_1", 1), ("BiteScan", None)]
)
def test_repeats_are_counted(name: str, index: int | None) -> None:
    assert verdicts(read_export(listing(f"{name}.ply")))[f"{name}.ply"].index == index


def test_an_abutment_scan_is_no_arch() -> None:
    verdict = verdicts(read_export(listing("UpperAbutmentScan3.stl")))["UpperAbutmentScan3.stl"]
    assert (verdict.arch, verdict.role, verdict.category) == (Arch.UPPER, Role.SCAN_BODY, Category.OTHER)


def test_a_prefix_with_numbers_is_an_order_and_no_name() -> None:
    manifest = read_export(listing("20260314_1005 UpperJawScan.stl"))
    assert (manifest.order_id, manifest.identity.full_name) == ("20260314_1005", "")


def test_in_an_order_folder_the_arch_is_the_parent_folder() -> None:
    found = verdicts(order())
    upper = found[f"{ORDER}/Scans/Upper/PreparationScan.dcm"]
    lower = found[f"{ORDER}/Scans/Lower/AntagonistScan.dcm"]
    assert (upper.arch, upper.role, upper.needs_person) == (Arch.UPPER, Role.PREPARATION, False)
    assert (lower.arch, lower.role, lower.needs_person) == (Arch.LOWER, Role.ANTAGONIST, False)
    assert [vote.method for vote in upper.votes] == [Method.VENDOR, Method.FOLDER]


def test_a_scan_before_the_preparation_never_takes_the_working_slot() -> None:
    verdict = verdicts(order())[f"{ORDER}/Scans/Upper/PrePreparationScan.dcm"]
    assert (verdict.role, verdict.category) == (Role.PRE_PREPARATION, Category.OTHER)


@pytest.mark.parametrize("name", ["Raw Bite scan2.dcm", "BiteScan2.dcm"])
def test_a_bite_beside_an_arch_holds_both_jaws(name: str) -> None:
    path = f"{ORDER}/Scans/Upper/{name}"
    verdict = verdicts(read_export(listing(path)))[path]
    assert (verdict.arch, verdict.role, verdict.index, verdict.needs_person) == (Arch.BOTH, Role.BITE, 2, False)


def test_the_order_says_what_an_odd_name_does_not() -> None:
    verdict = verdicts(order())[f"{ORDER}/Scans/Upper/Odd name.dcm"]
    assert (verdict.arch, verdict.role, verdict.votes[0].method) == (Arch.BOTH, Role.BITE, Method.SIDECAR)


def test_order_and_identity_come_as_received() -> None:
    manifest = order()
    assert (manifest.order_id, manifest.identity.last_name, manifest.identity.first_name) == (
        ORDER,
        "Beispiel Berta",
        "",
    )
    assert manifest.identity.chart_number == "R-12"
    assert manifest.captured_at == datetime(2026, 3, 14, 10, 5, 7, tzinfo=UTC)
    assert manifest.metadata["scan_types"] == ["stPreperation", "stOcclusion"]


def test_designs_archives_screenshots_and_backups_are_no_scans() -> None:
    manifest = order(
        f"{ORDER}/CAD/16_Crown.dcm",
        f"{ORDER}/Scans/Upper/PreparationScan.3ml",
        f"{ORDER}/3SCom/Screenshots/a.jpg",
        f"{ORDER}/backup/PreparationScan.dcm",
        f"{ORDER}/Materials.xml",
    )
    found = kinds(manifest)
    assert found[f"{ORDER}/CAD/16_Crown.dcm"] is EntryKind.DESIGN
    assert found[f"{ORDER}/Scans/Upper/PreparationScan.3ml"] is EntryKind.NATIVE
    assert found[f"{ORDER}/3SCom/Screenshots/a.jpg"] is EntryKind.DOCUMENT
    assert found[f"{ORDER}/backup/PreparationScan.dcm"] is EntryKind.JUNK
    assert "backup" in entry(manifest, f"{ORDER}/backup/PreparationScan.dcm").note.casefold()
    assert len(manifest.meshes) == 4


def test_two_orders_are_named() -> None:
    other = TRIOS_ORDER.replace(ORDER, "OTHER_2")
    with pytest.raises(SeveralCases) as caught:
        read_export(listing("Scans/Upper/PreparationScan.dcm", contents={"a.xml": TRIOS_ORDER, "b.xml": other}))
    assert caught.value.data["cases"] == [ORDER, "OTHER_2"]
