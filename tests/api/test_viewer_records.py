"""Views and measurements are kept with a scan: by who may capture, for who may see it, and nobody else."""

import math

import pytest

from patients.models import AuditEvent
from scans.models import Measurement, SavedView, Scan
from scans.services import looking
from tests.made import World, hand_over, itero_zip

BASE = "/api/imaging/3d/scans"
STATE = {"camera": {"turn": [0, 0, 0, 1], "target": [0, 0, 0], "zoom": 1}, "degrees": 10}


@pytest.fixture
def scan(world: World) -> Scan:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    found: Scan = Scan.objects.get(category="SCAN_UPPER")
    return found


def at(scan: Scan, *place: float) -> dict[str, object]:
    return {"scan": str(scan.uuid), "at_mm": list(place)}


def test_a_view_is_kept_listed_and_deleted(world: World, scan: Scan, api) -> None:
    client, address = api(world.owner), f"{BASE}/{scan.uuid}/views"
    kept = client.post(address, {"name": "From the right", "state": STATE}, format="json")
    assert kept.status_code == 201
    listed = api(world.colleague).get(address).json()
    assert [(view["name"], view["state"], view["created_by"]) for view in listed] == [
        ("From the right", STATE, "owner")
    ]
    assert client.delete(f"{address}/{kept.json()['uuid']}").status_code == 204
    assert client.get(address).json() == []
    verbs = AuditEvent.objects.filter(subject_uuid=scan.uuid, actor=world.owner).values_list("verb", flat=True)
    assert {"view.saved", "view.deleted", "scan.viewed"} <= set(verbs)


def test_a_distance_on_one_scan_is_computed_here(world: World, scan: Scan, api) -> None:
    points = [at(scan, 0, 0, 0), at(scan, 3, 4, 12)]
    body = {"name": "width", "points": points, "distance_mm": 99}
    kept = api(world.owner).post(f"{BASE}/{scan.uuid}/measurements", body, format="json")
    assert (kept.status_code, kept.json()["distance_mm"], kept.json()["points"]) == (201, 13, points)
    assert AuditEvent.objects.filter(verb="measurement.saved", actor=world.owner).count() == 1


def test_a_distance_between_two_scans_of_a_case_is_taken_as_given(world: World, scan: Scan, api) -> None:
    other = scan.case.scans.get(category="SCAN_LOWER")
    address, points = f"{BASE}/{scan.uuid}/measurements", [at(scan, 0, 0, 0), at(other, 0, 0, 1)]
    client = api(world.owner)
    without = client.post(address, {"points": points}, format="json")
    assert (without.status_code, without.json()["code"]) == (422, "distance_needed")
    assert client.post(address, {"points": points, "distance_mm": 2.5}, format="json").json()["distance_mm"] == 2.5


@pytest.mark.parametrize(
    "points",
    [
        [],
        [[0, 0, 0]],
        [[0, 0, 0], [1, 0, 0], [2, 0, 0]],
        [[0, 0], [1, 0, 0]],
        [[0, 0, "NaN"], [1, 0, 0]],
        [[0, 0, "Infinity"], [1, 0, 0]],
        [[0, 0, 1e9], [1, 0, 0]],
        [[0, 0, "x"], [1, 0, 0]],
    ],
)
def test_what_is_no_pair_of_points_is_refused(world: World, scan: Scan, api, points: list[list[object]]) -> None:
    body = {"points": [{"scan": str(scan.uuid), "at_mm": place} for place in points]}
    answer = api(world.owner).post(f"{BASE}/{scan.uuid}/measurements", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Measurement.objects.exists()


def test_points_on_scans_of_another_case_are_refused(world: World, scan: Scan, api) -> None:
    hand_over(world.ours, itero_zip("77", "Boone, Carl", seed=2))
    strange = Scan.objects.exclude(case=scan.case).first()
    address, client = f"{BASE}/{scan.uuid}/measurements", api(world.owner)
    elsewhere = {"points": [at(scan, 0, 0, 0), at(strange, 0, 0, 0)], "distance_mm": 1}
    assert client.post(address, elsewhere, format="json").status_code == 404
    first = {"points": [at(strange, 0, 0, 0), at(scan, 0, 0, 0)], "distance_mm": 1}
    assert client.post(address, first, format="json").json()["code"] == "first_point_elsewhere"
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("state", [None, "text", [1]])
def test_what_is_no_view_is_refused(world: World, scan: Scan, api, state: object) -> None:
    answer = api(world.owner).post(f"{BASE}/{scan.uuid}/views", {"name": "x", "state": state}, format="json")
    assert answer.status_code == 400


def test_limits_are_kept(world: World, scan: Scan, api, monkeypatch: pytest.MonkeyPatch) -> None:
    client, address = api(world.owner), f"{BASE}/{scan.uuid}"
    large = client.post(f"{address}/views", {"name": "x", "state": {"a": "b" * 9_000}}, format="json")
    assert (large.status_code, large.json()["code"]) == (413, "view_too_large")
    monkeypatch.setattr(looking, "MOST_VIEWS", 1)
    monkeypatch.setattr(looking, "MOST_MEASUREMENTS", 1)
    points = {"points": [at(scan, 0, 0, 0), at(scan, 0, 0, 1)]}
    for part, body in (("views", {"name": "x", "state": {}}), ("measurements", points)):
        answers = [client.post(f"{address}/{part}", body, format="json").status_code for _ in range(2)]
        assert answers == [201, 413]


def test_numbers_that_json_does_not_know_are_no_view(world: World, scan: Scan, api) -> None:
    text = '{"name": "x", "state": {"zoom": NaN}}'
    answer = api(world.owner).post(f"{BASE}/{scan.uuid}/views", text, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert not SavedView.objects.exists()


def test_one_deletes_one_s_own_and_an_imaging_admin_any(world: World, scan: Scan, api) -> None:
    row = SavedView.objects.create(scan=scan, name="mine", state={}, created_by=world.owner)
    kept = Measurement.objects.create(scan=scan, points=[], distance_mm=math.pi, created_by=world.owner)
    addresses = [f"{BASE}/{scan.uuid}/views/{row.uuid}", f"{BASE}/{scan.uuid}/measurements/{kept.uuid}"]
    for address in addresses:
        refused = api(world.colleague).delete(address)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_yours")
        assert api(world.stranger).delete(address).status_code == 404
        assert api(None).delete(address).status_code == 401
        assert api(world.imaging).delete(address).status_code == 204


def test_a_stranger_sees_and_keeps_nothing(world: World, scan: Scan, api) -> None:
    for part, body in (("views", {"name": "x", "state": {}}), ("measurements", {"points": [at(scan, 0, 0, 0)] * 2})):
        address = f"{BASE}/{scan.uuid}/{part}"
        assert api(world.stranger).get(address).status_code == 404
        assert api(world.stranger).post(address, body, format="json").status_code == 404
        assert api(None).get(address).status_code == 401
        assert api(None).post(address, body, format="json").status_code == 401


def test_who_may_only_look_keeps_nothing(world: World, scan: Scan, api) -> None:
    world.owner.groups.clear()
    assert api(world.owner).get(f"{BASE}/{scan.uuid}/views").status_code == 403
    assert (
        api(world.owner).post(f"{BASE}/{scan.uuid}/views", {"name": "x", "state": {}}, format="json").status_code == 403
    )
