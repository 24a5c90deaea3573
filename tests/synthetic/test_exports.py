"""Exports have the paths and side-cars of their vendor, and equal orders give equal bytes."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from defusedxml.ElementTree import fromstring

from scans.classification.verdict import Arch
from scans.synthetic import exports
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from scans.synthetic.exports import Order
from tests.synthetic.outside import loaded


@pytest.fixture(scope="module")
def order() -> Order:
    upper, lower = (make_arch(jaw, seed=6, faces=2_000) for jaw in (Arch.UPPER, Arch.LOWER))
    return Order(
        order_id="30184417",
        captured=datetime(2026, 3, 14, 10, 5, 7, tzinfo=UTC),
        first_name="Zoë",
        last_name="Müller & Sohn",
        birth_date=date(1990, 2, 28),
        chart_number="A-1006",
        arches={Arch.UPPER: upper, Arch.LOWER: lower},
        bites=(make_bite(6, faces=1_000), make_bite(6, faces=1_000)),
    )


def test_itero(order: Order) -> None:
    files = exports.itero_export(order)
    folder = "OrthoCAD_Export_30184417/"
    assert set(files) == {
        folder + "30184417_shell_occlusion_u.stl",
        folder + "30184417_shell_occlusion_l.stl",
        folder + "itero_export_#30184417_v30.xml",
    }
    root = fromstring(files[folder + "itero_export_#30184417_v30.xml"])
    assert (root.tag, root.get("Version")) == ("iTeroExport", "3.0")
    assert root.findtext("RxInfo/OrderID") == "30184417"
    assert root.findtext("RxInfo/Patient") == "Zoë Müller & Sohn"
    assert root.findtext("RxInfo/ExportTime") == "03/14/2026 10:05:07"
    assert root.findtext("RxInfo/ChartNumber") is None
    assert [node.get("JawId") for node in root.findall("ExportedObjects/Object")] == ["Upper", "Lower"]


@pytest.mark.parametrize(
    ("version", "patient", "order_tag"),
    [("2.4", "Zoë Müller & Sohn", "CaseId"), ("5.0", "Müller & Sohn, Zoë", "OrderID")],
)
def test_other_versions_of_itero(order: Order, version: str, patient: str, order_tag: str) -> None:
    files = exports.itero_export(order, version=version)
    root = fromstring(next(content for path, content in files.items() if path.endswith(".xml")))
    assert root.findtext("RxInfo/Patient") == patient
    assert root.findtext("RxInfo/ChartNumber") == "A-1006"
    assert root.findtext(f"RxInfo/{order_tag}") == "30184417"


def test_trios_meshes_have_a_glued_prefix(order: Order) -> None:
    assert list(exports.trios_export(replace(order, last_name="Muller"))) == [
        "ZoëMullerUpperJawScan.stl",
        "ZoëMullerLowerJawScan.stl",
        "ZoëMullerBiteScan.stl",
        "ZoëMullerBiteScan2.stl",
    ]
    assert "case7_LowerJawScan.stl" in exports.trios_export(order, prefix="case7_")


def test_trios_order_has_its_xml_and_the_arch_in_the_folder(order: Order) -> None:
    files = exports.trios_order(order)
    assert set(files) == {
        "30184417/30184417.xml",
        "30184417/Scans/Upper/PreparationScan.stl",
        "30184417/Scans/Lower/AntagonistScan.stl",
        "30184417/Scans/Common/Raw Bite scan.stl",
        "30184417/Scans/Common/Raw Bite scan2.stl",
    }
    root = fromstring(files["30184417/30184417.xml"])
    values = {node.get("name"): node.get("value") for node in root.iter("Property")}
    assert values["Patient_LastName"] == "Zoë Müller & Sohn"
    assert values["CacheMaxScanDate"] == "1773482707"


def test_medit(order: Order) -> None:
    start = "2026-03-14-Zoë Müller & Sohn's Case/2026-03-14-Zoë Müller & Sohn-"
    parts = ("maxillary", "mandibular", "occlusionfirst", "occlusionsecond")
    assert list(exports.medit_export(order)) == [f"{start}{part}.obj" for part in parts]


def test_exocad_gives_every_scan_in_three_formats(order: Order) -> None:
    files = exports.exocad_export(replace(order, last_name="Muller"))
    start = "2026-03-14_30184417_Zoë-Muller_exo/2026-03-14_30184417_Zoë-Muller"
    parts = ("UpperJaw", "LowerJaw", "TotalJaw0", "TotalJaw1")
    expected = {f"{start}-{part}.{kind}" for part in parts for kind in ("stl", "ply", "obj", "matrix4")}
    assert set(files) == expected | {f"{start}.dentalProject"}
    faces = {len(loaded(files[f"{start}-UpperJaw.{kind}"], kind).faces) for kind in ("stl", "ply", "obj")}
    assert faces == {order.arches[Arch.UPPER].face_count}


def test_dental_project_has_bom_crlf_and_the_birth_date(order: Order) -> None:
    files = exports.exocad_export(replace(order, arches={}, bites=()))
    (content,) = files.values()
    assert content.startswith(b"\xef\xbb\xbf<?xml")
    assert content.count(b"\n") == content.count(b"\r\n")
    root = fromstring(content)
    assert root.findtext("Patient/PatientDateOfBirth") == "1990-02-28T00:00:00"
    assert root.findtext("Patient/PatientName") == "Müller & Sohn"


def test_patient_id_zero_means_none(order: Order) -> None:
    (content,) = exports.exocad_export(replace(order, arches={}, bites=(), chart_number="")).values()
    assert fromstring(content).findtext("Patient/PatientId") == "0"


def test_equal_files_give_equal_archives() -> None:
    files = {"a/ü.txt": b"one", "b.stl": b"two" * 100}
    packed = exports.as_zip(files)
    assert packed == exports.as_zip(dict(files))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
