"""What the API tells of scans and cases, and the original byte for byte."""

import pytest

from patients.models import AuditEvent
from scans.models import Case, Scan
from tests.made import World, hand_over, itero_zip, upper_stl

BASE = "/api/imaging/3d"


@pytest.fixture
def scan(world: World) -> Scan:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    return Scan.objects.get(category="SCAN_UPPER")


def test_metadata_has_the_scan_the_verdict_and_the_scanner_words(world: World, scan: Scan, api) -> None:
    body = api(world.owner).get(f"{BASE}/{scan.uuid}/metadata").json()
    assert body["vertex_count"] == scan.vertex_count
    assert body["face_count"] == (len(upper_stl()) - 84) // 50
    assert body["verdict"]["votes"]
    assert (body["scanner_type"], body["scan_format"], body["order_id"]) == ("ITERO", "STL", "1234")
    assert body["created_at"].endswith("Z")


def test_looking_leaves_a_trace(world: World, scan: Scan, api) -> None:
    api(world.owner).get(f"{BASE}/{scan.uuid}/metadata")
    api(world.owner).get(f"{BASE}/scans/{scan.uuid}/original")
    api(world.owner).get(f"{BASE}/cases/{scan.case.uuid}")
    trail = AuditEvent.objects.filter(actor=world.owner).values_list("verb", flat=True)
    assert {"scan.viewed", "scan.downloaded", "case.viewed"} <= set(trail)


def test_the_original_comes_back_byte_for_byte(world: World, scan: Scan, api) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/original")
    assert b"".join(answer.streaming_content) == upper_stl()
    assert answer["Content-Disposition"] == f'attachment; filename="{scan.uuid}.stl"'


@pytest.mark.parametrize(
    ("header", "status", "first", "last"),
    [
        ("bytes=0-83", 206, 0, 84),
        ("bytes=100-", 206, 100, None),
        ("bytes=-50", 206, -50, None),
        ("bytes=5-5", 206, 5, 6),
        ("bytes=0-99999999", 206, 0, None),
        ("nonsense", 200, 0, None),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-" + "9" * 5000, 200, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
    ],
)
def test_a_part_of_the_original(world: World, scan: Scan, api, header, status, first, last) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/original", headers={"Range": header})
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, content) == (status, upper_stl()[first:last])
    assert int(answer["Content-Length"]) == len(content)


@pytest.mark.parametrize("header", ["bytes=99999999-", "bytes=-0"])
def test_a_part_outside_of_the_file_is_416(world: World, scan: Scan, api, header) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/{scan.uuid}/original", headers={"Range": header})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{scan.size}")
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "range_not_satisfiable")


def test_lists_are_paged_and_filtered(world: World, scan: Scan, api) -> None:
    client = api(world.owner)
    assert client.get(f"{BASE}/scans").json()["count"] == 2
    assert client.get(f"{BASE}/scans?category=SCAN_UPPER").json()["results"][0]["uuid"] == str(scan.uuid)
    assert client.get(f"{BASE}/cases?state=FILED").json()["count"] == 0
    assert client.get(f"{BASE}/cases?state=PENDING&page_size=1").json()["results"][0]["order_id"] == "1234"


def test_lists_cost_the_same_for_one_case_and_for_many(
    world: World, scan: Scan, api, django_assert_num_queries
) -> None:
    hand_over(world.ours, itero_zip("2", "Boone, R", seed=2))
    assert Case.objects.count() == 2
    client = api(world.owner)
    with django_assert_num_queries(4):
        client.get(f"{BASE}/scans")


def test_an_unknown_scan_is_a_problem(world: World, api) -> None:
    answer = api(world.owner).get(f"{BASE}/scans/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"
