"""The scanners' part of the API, as owner, imaging admin, stranger and nobody."""

import pytest
from django.urls import reverse

from integrations.models import ScannerIntegration, SyncRun
from integrations.sandbox.remote import Sandbox
from integrations.services import runs
from patients.audit import Actor
from patients.models import AuditEvent, Treatment
from patients.services import create_patient
from scans.models import Case
from tests.integrations.clouds import export, fresh, look, put_order, read_all, returned
from tests.made import World

SCANS, SYNC, AUTH = (reverse(f"scanners:itero-{name}") for name in ("scans", "sync", "auth"))


@pytest.fixture
def patient(world: World):
    return create_patient(
        world.ours,
        first_name="Jane",
        last_name="Marsh",
        birth_date=None,
        chart_number="C-77",
        actor=Actor.system("test"),
    )


def _states(answer) -> dict[str, str]:
    return {row["order_id"]: row["state"] for row in answer.json()["results"]}


def test_the_orders_and_what_is_known_of_each(world, connected, sandbox: Sandbox, patient, api) -> None:
    put_order(sandbox, "701", "Marsh", chart="C-77")
    put_order(sandbox, "702", "Nobody", seed=2)
    look(connected)
    put_order(sandbox, "703", "Marsh", chart="C-77", seed=3)
    sandbox.add_order({"lastName": "Marsh"}, rxId="704", status="InProgress", silent=True)
    sandbox.rescan("702", export("702", "Nobody", seed=4))
    answer = api(world.owner).get(SCANS, {"refresh": "1"})
    assert answer.status_code == 200
    assert _states(answer) == {"701": "imported", "702": "changed", "703": "new", "704": "not_ready"}
    assert _states(api(world.owner).get(SCANS, {"state": ["new", "changed"]})) == {"702": "changed", "703": "new"}
    assert _states(api(world.owner).get(SCANS, {"order_id": "701"})) == {"701": "imported"}


def test_a_case_that_waits_is_pending(world, connected, sandbox: Sandbox, api) -> None:
    put_order(sandbox, "702", "Nobody")
    look(connected)
    row = api(world.owner).get(SCANS).json()["results"][0]
    assert (row["state"], row["cases"]) == ("pending", [str(Case.objects.get().uuid)])


def test_a_suggestion_comes_with_its_reasons(world, connected, sandbox: Sandbox, patient, api) -> None:
    put_order(sandbox, "703", "Marsh", chart="C-77")
    row = api(world.owner).get(SCANS, {"refresh": "1"}).json()["results"][0]
    suggestion = row["suggestion"]
    assert (suggestion["patient"], suggestion["is_certain"]) == (str(patient.uuid), True)
    assert {reason["field"] for reason in suggestion["reasons"]} >= {"chart_number"}
    assert row["patient_there"]["chart_number"] == "C-77"


def test_the_list_has_pages(world, connected, sandbox: Sandbox, api) -> None:
    for number in range(3):
        sandbox.add_order(rxId=f"{800 + number}", status="InProgress", silent=True)
    look(connected)
    answer = api(world.owner).get(SCANS, {"page_size": 2}).json()
    assert (answer["count"], len(answer["results"]), bool(answer["next"])) == (3, 2, True)


def test_a_stranger_sees_no_order_and_syncs_nothing(world, connected, sandbox: Sandbox, api) -> None:
    put_order(sandbox, "701", "Marsh")
    run = look(connected)
    assert api(world.stranger).get(SCANS).json()["results"] == []
    assert api(world.stranger).post(SYNC, {}, format="json").status_code == 404
    assert api(world.stranger).get(reverse("scanners:itero-run", args=[run.uuid])).status_code == 404
    assert api(world.stranger).get(AUTH).status_code == 404
    assert api(None).get(SCANS).status_code == 401


def test_who_may_only_look_at_scans_does_not_fetch(world, connected, api) -> None:
    world.owner.groups.clear()
    for answer in (api(world.owner).get(SCANS), api(world.owner).post(SYNC, {}, format="json")):
        assert answer.status_code == 403


def test_one_order_to_one_patient_and_treatment(world, connected, sandbox: Sandbox, patient, api) -> None:
    plan = Treatment.objects.create(patient=patient, name="Aligners")
    put_order(sandbox, "702", "Marsh")
    body = {"order_id": "702", "patient": str(patient.uuid), "treatment": str(plan.uuid)}
    answer = api(world.owner).post(SYNC, body, format="json")
    assert answer.status_code == 202
    runs.run(SyncRun.objects.get().uuid)
    read_all()
    case = Case.objects.get()
    assert (case.patient, case.treatment) == (patient, plan)
    followed = api(world.owner).get(answer.json()["status_url"]).json()
    assert (followed["state"], followed["taken"]) == ("DONE", 1)
    assert [item["order_id"] for item in followed["items"]] == ["702"]


def test_only_one_look_at_a_time(world, connected, api) -> None:
    assert api(world.owner).post(SYNC, {}, format="json").status_code == 202
    second = api(world.owner).post(SYNC, {}, format="json")
    assert (second.status_code, second.json()["code"]) == (409, "sync_runs")


def test_a_patient_needs_an_order_and_must_be_ours(world, connected, patient, api) -> None:
    alone = api(world.owner).post(SYNC, {"patient": str(patient.uuid)}, format="json")
    assert (alone.status_code, alone.json()["code"]) == (422, "which_order")
    theirs = create_patient(
        world.theirs, first_name="", last_name="Other", birth_date=None, chart_number="", actor=Actor.system("test")
    )
    foreign = api(world.owner).post(SYNC, {"order_id": "1", "patient": str(theirs.uuid)}, format="json")
    assert foreign.status_code == 404
    assert not SyncRun.objects.exists()


def test_what_the_cloud_does_becomes_an_answer(world, connected, sandbox: Sandbox, api) -> None:
    sandbox.fault("too_many_requests", "list", retry_after=30)
    busy = api(world.owner).get(SCANS, {"refresh": "1"})
    assert (busy.status_code, busy.json()["code"]) == (503, "too_many_calls")
    assert 25 <= int(busy["Retry-After"]) <= 30
    sandbox.forget_calls()
    again = api(world.owner).get(SCANS, {"refresh": "1"})
    assert (again.status_code, again.json()["code"], sandbox.calls()) == (503, "patience", {})
    ScannerIntegration.objects.update(next_attempt_at=None)
    sandbox.fault("bad_json", "list")
    assert api(world.owner).get(SCANS, {"refresh": "1"}).status_code == 502
    sandbox.revoke_grants()
    lost = api(world.owner).get(SCANS, {"refresh": "1"})
    assert (lost.status_code, lost.json()["code"]) == (409, "grant_lost")


def test_the_flow_in_a_browser(world, connection: ScannerIntegration, sandbox: Sandbox, browse) -> None:
    browser = browse(world.imaging)
    sent = browser.get(AUTH, headers={"Accept": "text/html"})
    assert sent.status_code == 302
    assert sent["Location"].startswith(f"{sandbox.address}/oauth/authorize?")
    answer = returned(sandbox.approve(sent["Location"]))
    back = browser.get(reverse("scanners:itero-callback"), {"state": answer.state, "code": answer.code})
    assert back["Location"] == reverse("admin:integrations_scannerintegration_change", args=[connection.pk])
    assert fresh(connection).state == "CHOOSING"


def test_a_client_gets_the_address_as_json(
    world, connection: ScannerIntegration, sandbox: Sandbox, api, browse
) -> None:
    given = api(world.imaging).get(AUTH).json()["authorization_url"]
    answer = returned(sandbox.approve(given))
    browse(world.imaging).get(reverse("scanners:itero-callback"), {"state": answer.state, "code": answer.code})
    assert fresh(connection).state == "CHOOSING"


def test_another_browser_of_the_same_person_is_not_enough(world, connection, sandbox: Sandbox, browse) -> None:
    sent = browse(world.imaging).get(AUTH, headers={"Accept": "text/html"})["Location"]
    answer = returned(sandbox.approve(sent))
    browse(world.imaging).get(reverse("scanners:itero-callback"), {"state": answer.state, "code": answer.code})
    assert fresh(connection).state == "NEW"


def test_connecting_is_for_imaging_admins(world, connection, api) -> None:
    assert api(world.owner).get(AUTH).status_code == 403
    assert api(world.owner).get(reverse("scanners:itero-callback")).status_code == 403


def test_an_rx_brings_the_scan_back_already_matched(world, connected, sandbox: Sandbox, patient, api) -> None:
    body = {"patient": str(patient.uuid), "procedure": "Study Model"}
    answer = api(world.owner).post(reverse("scanners:itero-scan-requests"), body, format="json")
    assert answer.status_code == 201
    order = answer.json()["order_id"]
    sandbox.add_order(content=export(order, "Marsh"), rxId=order, silent=True)
    look(connected)
    assert Case.objects.get().patient == patient
    assert AuditEvent.objects.filter(verb="scan.requested", subject_uuid=patient.uuid).exists()


ADDRESSES = ["scans", "sync", "scan-requests", "auth", "callback"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_nobody_is_asked_to_log_in(world, connected, api, name: str) -> None:
    address = reverse(f"scanners:itero-{name}")
    client = api(None)
    answer = client.post(address, {}, format="json") if name in {"sync", "scan-requests"} else client.get(address)
    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["medit-auth", "medit-callback"])
def test_medits_way_in_is_as_closed(world, api, name: str) -> None:
    assert api(None).get(reverse(f"scanners:{name}")).status_code == 401
    assert api(world.owner).get(reverse(f"scanners:{name}")).status_code == 403
    assert api(world.stranger).get(reverse("scanners:medit-auth")).status_code == 404


def test_a_stranger_asks_for_no_scan_of_our_patient(world, connected, sandbox: Sandbox, patient, api) -> None:
    ScannerIntegration.objects.create(clinic=world.theirs, scanner_type="ITERO", state="CONNECTED")
    body = {"patient": str(patient.uuid), "procedure": "Study Model"}
    answer = api(world.stranger).post(reverse("scanners:itero-scan-requests"), body, format="json")
    assert answer.status_code == 404
    assert sandbox.pushed() == []
