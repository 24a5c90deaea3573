"""The zips look as iTero's do, and the real intake reads each as one case of one patient."""

import io
import zipfile

import pytest
from PIL import Image

from scans.exports.manifest import Source
from scans.models import Case, Scan
from tests.made import World, hand_over
from tests.sandbox.partner import Partner

PERSON = {"firstName": "Zoë", "lastName": "Quackenbush", "chartNumber": "B-7"}


def _fetched(partner: Partner) -> tuple[str, bytes]:
    rx_id = partner.sandbox.add_order(PERSON, silent=True)
    return rx_id, partner.call("GET", f"/orders/{rx_id}/scan").body


def test_a_zip_holds_shells_order_gallery_and_prescription_in_one_folder(partner: Partner) -> None:
    rx_id, content = _fetched(partner)
    folder = f"OrthoCAD_Export_{rx_id}/"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {
            f"{folder}{rx_id}_shell_occlusion_u.stl",
            f"{folder}{rx_id}_shell_occlusion_l.stl",
            f"{folder}itero_export_#{rx_id}_v50.xml",
            f"{folder}Gallery/{rx_id}_upper.jpg",
            f"{folder}Gallery/{rx_id}_lower.jpg",
            f"{folder}Rx_{rx_id}.html",
        }
        with Image.open(io.BytesIO(archive.read(f"{folder}Gallery/{rx_id}_upper.jpg"))) as picture:
            assert (picture.format, picture.size) == ("JPEG", (160, 120))
        assert "Quackenbush, Zoë" in archive.read(f"{folder}Rx_{rx_id}.html").decode()


@pytest.mark.parametrize(
    ("others", "version", "name"),
    [
        (0, "5.0", "Quackenbush, Zoë"),
        (1, "3.0", "Zoë Quackenbush"),
        (2, "2.4", "Zoë Quackenbush"),
    ],
)
def test_every_version_is_read_as_one_case_with_the_patient_s_name(
    world: World, partner: Partner, others: int, version: str, name: str
) -> None:
    for _ in range(others):
        partner.sandbox.add_order(silent=True)
    rx_id, content = _fetched(partner)
    hand_over(world.ours, {f"OrthoCAD_Export_{rx_id}.zip": content})
    case = Case.objects.get()
    assert (case.source, case.order_id, case.received_full_name) == (Source.ITERO, rx_id, name)
    assert (case.metadata["xml_version"], case.received_chart_number) == (version, "" if version == "3.0" else "B-7")
    assert set(case.scans.values_list("category", "state")) == {
        ("SCAN_UPPER", Scan.State.READY),
        ("SCAN_LOWER", Scan.State.READY),
    }


def test_a_rescan_has_other_meshes_of_the_same_size(partner: Partner) -> None:
    rx_id, before = _fetched(partner)
    partner.sandbox.rescan(rx_id)
    after = partner.call("GET", f"/orders/{rx_id}/scan").body
    name = f"OrthoCAD_Export_{rx_id}/{rx_id}_shell_occlusion_u.stl"
    meshes = [zipfile.ZipFile(io.BytesIO(content)).read(name) for content in (before, after)]
    assert meshes[0] != meshes[1]
    assert abs(len(meshes[0]) - len(meshes[1])) < 0.05 * len(meshes[0])
