"""What a browser shows of a scan: the surface in two levels and a small picture, to those who may see the scan."""

import io
import json
import struct

import pytest
from PIL import Image

from patients.models import AuditEvent
from scans.models import Scan
from tests.made import World, hand_over, itero_zip, upper_stl

BASE = "/api/imaging/3d"


@pytest.fixture
def scan(world: World) -> Scan:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    return Scan.objects.get(category="SCAN_UPPER")


def triangles(glb: bytes) -> int:
    """From the JSON chunk of a GLB, as glTF 2.0 lays it out."""
    assert glb[:4] == b"glTF"
    length = struct.unpack_from("<I", glb, 12)[0]
    tree = json.loads(glb[20 : 20 + length])
    return tree["accessors"][tree["meshes"][0]["primitives"][0]["indices"]]["count"] // 3


@pytest.mark.parametrize("level", ["", "?level=small", "?level=full"])
def test_a_scan_is_shown_with_all_its_triangles(world: World, scan: Scan, api, level: str) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/preview{level}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "model/gltf-binary")
    assert triangles(b"".join(answer.streaming_content)) == (len(upper_stl()) - 84) // 50


def test_a_level_that_there_is_not_is_an_error_in_words(world: World, scan: Scan, api) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/preview?level=huge")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_level")


def test_the_small_picture_is_a_picture(world: World, scan: Scan, api) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/thumbnail")
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (320, 240)


def test_who_has_it_need_not_have_it_again(world: World, scan: Scan, api) -> None:
    client = api(world.owner)
    etag = client.get(f"{BASE}/scans/{scan.uuid}/preview")["ETag"]
    again = client.get(f"{BASE}/scans/{scan.uuid}/preview", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_scan_without_a_picture_says_so(world: World, scan: Scan, api) -> None:
    Scan.objects.filter(pk=scan.pk).update(preview="", thumbnail="")
    for what in ("preview", "thumbnail"):
        answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_show")


def test_looking_at_the_surface_leaves_a_trace(world: World, scan: Scan, api) -> None:
    api(world.owner).get(f"{BASE}/scans/{scan.uuid}/preview")
    assert AuditEvent.objects.filter(actor=world.owner, verb="scan.viewed", subject_uuid=scan.uuid).exists()


def test_a_scan_has_its_quality_explained(world: World, scan: Scan, api) -> None:
    body = api(world.owner).get(f"{BASE}/scans/{scan.uuid}").json()
    assert 0 < body["scan_quality"] <= 1
    assert body["quality"]["score"] == body["scan_quality"]
    codes = {finding["code"] for finding in body["findings"]}
    assert {part["code"] for part in body["quality"]["parts"]} <= codes


def test_a_case_tells_what_it_lacks(world: World, api) -> None:
    hand_over(world.ours, itero_zip("77", "Marsh, Jane", without="_l.stl"))
    case = Scan.objects.get().case
    lacks = api(world.owner).get(f"{BASE}/cases/{case.uuid}").json()["lacks"]
    assert [lack["code"] for lack in lacks] == ["lower", "bite"]
    assert "Ask for a rescan now" in lacks[0]["message"]
