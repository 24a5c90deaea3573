"""POST import: what a caller gets back for good, repeated, large and bad uploads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from patients.audit import Actor
from patients.models import Clinic, Membership, Treatment
from patients.services import create_patient
from scans.models import Case, Delivery, Job
from scans.services import jobs
from tests.made import World, itero_zip, lower_stl, upper_stl

ADDRESS = "/api/imaging/3d/import"


def _files(files: dict[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in files.items()]


def _post(client, files: dict[str, bytes], **fields):
    return client.post(ADDRESS, {"files": _files(files), **fields}, format="multipart")


def test_the_address_is_the_one_of_the_brief() -> None:
    assert reverse("imaging:import") == ADDRESS


def test_a_zip_is_read_at_once(world: World, api) -> None:
    answer = _post(api(world.owner), itero_zip("1234", "Marsh, Jane"))
    assert answer.status_code == 201
    body = answer.json()
    assert body["case"]["order_id"] == "1234"
    assert body["case"]["received_identity"]["full_name"] == "Marsh, Jane"
    assert body["case"]["wait_reasons"][0]["code"] == "NO_CANDIDATE"
    assert sorted(scan["category"] for scan in body["case"]["scans"]) == ["SCAN_LOWER", "SCAN_UPPER"]
    assert answer["Location"] == body["status_url"]


def test_several_loose_files_are_one_case(world: World, api) -> None:
    answer = _post(api(world.owner), {"a_upper.stl": upper_stl(), "a_lower.stl": lower_stl()})
    assert len(answer.json()["case"]["scans"]) == 2


def test_again_is_answered_as_a_duplicate(world: World, api) -> None:
    first = _post(api(world.owner), itero_zip("1234", "Marsh, Jane"))
    again = _post(api(world.owner), itero_zip("1234", "Marsh, Jane"))
    assert again.status_code == 200
    assert again.json()["delivery"]["state"] == "DUPLICATE"
    assert again.json()["case"]["uuid"] == first.json()["case"]["uuid"]


def test_a_large_upload_is_answered_202_with_an_address_to_follow(world: World, api, settings) -> None:
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 1000
    client = api(world.owner)
    answer = _post(client, {"a_upper.stl": upper_stl()})
    assert answer.status_code == 202
    assert client.get(answer.json()["status_url"]).json()["state"] == "QUEUED"
    jobs.run(Job.objects.get().uuid)
    followed = client.get(answer.json()["status_url"]).json()
    assert followed["state"] == "DONE"
    assert followed["outcome"]["case"] == str(Case.objects.get().uuid)


def test_a_bad_file_is_a_problem_with_a_code_and_a_sentence(world: World, api) -> None:
    answer = _post(api(world.owner), {"a_upper.stl": upper_stl()[:-60]})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["status"], body["title"]) == ("truncated", 422, "Unprocessable Entity")
    assert body["report"][0]["verdict"] == "reject"
    assert Delivery.objects.get().state == Delivery.State.REJECTED


def test_a_large_upload_that_is_refused_says_why(world: World, api, settings) -> None:
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 1000
    client = api(world.owner)
    answer = _post(client, {"a_upper.stl": upper_stl()[:-60]})
    jobs.run(Job.objects.get().uuid)
    outcome = client.get(answer.json()["status_url"]).json()["outcome"]
    assert (outcome["state"], outcome["code"]) == ("REJECTED", "truncated")
    delivery = client.get(f"/api/imaging/3d/deliveries/{outcome['delivery']}").json()
    assert "cut off" in delivery["message"]


def test_an_empty_file_is_told_so(world: World, api) -> None:
    assert _post(api(world.owner), {"upper.stl": b""}).json()["code"] == "empty_file"


def test_no_file_is_a_bad_request(world: World, api) -> None:
    answer = api(world.owner).post(ADDRESS, {}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_patient_and_treatment_can_be_stated(world: World, api) -> None:
    patient = create_patient(
        world.ours, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="", actor=Actor.system("test")
    )
    plan = Treatment.objects.create(patient=patient, name="Aligners")
    answer = _post(api(world.owner), {"upper.stl": upper_stl()}, treatment=str(plan.uuid))
    case = answer.json()["case"]
    assert (case["state"], case["patient"], case["treatment"]) == ("FILED", str(patient.uuid), str(plan.uuid))


def test_a_patient_of_another_clinic_does_not_exist(world: World, api) -> None:
    stranger = create_patient(
        world.theirs, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="", actor=Actor.system("test")
    )
    answer = _post(api(world.owner), {"upper.stl": upper_stl()}, patient=str(stranger.uuid))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_patient")
    assert not Delivery.objects.exists()


def test_the_stated_type_is_taken_over(world: World, api) -> None:
    answer = _post(api(world.owner), {"scan.stl": upper_stl()}, category="SCAN_UPPER")
    assert answer.json()["case"]["scans"][0]["category"] == "SCAN_UPPER"


def test_a_member_of_two_clinics_must_name_one(world: World, api) -> None:
    Membership.objects.create(user=world.owner, clinic=world.theirs)
    client = api(world.owner)
    assert _post(client, {"upper.stl": upper_stl()}).json()["code"] == "which_clinic"
    named = _post(client, {"upper.stl": upper_stl()}, clinic=str(world.theirs.uuid))
    assert named.status_code == 201
    assert Case.objects.get().clinic == world.theirs


@pytest.mark.parametrize(("who", "status"), [("owner", 201), ("colleague", 201), ("imaging", 201), (None, 401)])
def test_who_may_import(world: World, api, who, status) -> None:
    answer = _post(api(getattr(world, who) if who else None), {"upper.stl": upper_stl()})
    assert answer.status_code == status


def test_importing_into_another_clinic_is_not_possible(world: World, api) -> None:
    answer = _post(api(world.stranger), {"upper.stl": upper_stl()}, clinic=str(world.ours.uuid))
    assert answer.status_code == 404
    assert not Case.objects.exists()
    assert Clinic.objects.count() == 2


def test_viewing_alone_does_not_import(world: World, api) -> None:
    world.owner.groups.clear()
    assert _post(api(world.owner), {"upper.stl": upper_stl()}).status_code == 403
