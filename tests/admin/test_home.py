"""The home page: how our clinic stands, at a constant cost, and nothing of another."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.models import ScannerIntegration
from patients.audit import Actor
from patients.models import Membership
from scans.models import Case, Job, Scan
from scans.services import pending
from scans.services.today import today_of
from tests.made import World, hand_over, itero_zip

HOME = "/admin/"


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


def _text(client: Client, address: str = HOME) -> str:
    return client.get(address).content.decode()


def test_the_address_of_the_installation_leads_home(world: World, desk: Client) -> None:
    assert desk.get("/")["Location"] == HOME
    assert reverse("admin:index") == HOME


def test_what_came_what_waits_and_what_failed_is_counted(world: World) -> None:
    for order in ("1", "2", "3"):
        hand_over(world.ours, itero_zip(order, f"Marsh, {order}", seed=int(order)))
    hand_over(world.ours, {"broken.stl": b"this is no mesh"})
    pending.hold(Case.objects.get(order_id="2"), "ASK_DOCTOR", actor=Actor.of(world.owner))
    Case.objects.filter(order_id="1").update(received_at=timezone.now() - timedelta(days=2))
    Scan.objects.filter(case__order_id="1").update(created_at=timezone.now() - timedelta(days=2))
    today = today_of(world.ours, world.owner)
    assert (today.scans, today.cases, today.waiting, today.held, today.refused) == (4, 2, 2, 1, 1)
    assert [case.order_id for case in today.first] == ["1", "3"], "who waits longest stands first"
    assert today.waiting_since == today.first[0].received_at
    assert today_of(world.ours, world.stranger).has_any is False


def test_a_job_that_was_given_up_is_a_failure(world: World, desk: Client, browse) -> None:
    receipt = hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    Job.objects.filter(pk=receipt.job.pk).update(state=Job.State.QUARANTINED)
    assert "1 job given up" in _text(desk)
    jobs = reverse("admin:scans_job_changelist")
    assert f"{jobs}?state__exact=QUARANTINED" in _text(browse(world.imaging))
    assert f"{jobs}?state__exact=QUARANTINED" not in _text(desk), "the front desk has no list of jobs"


def test_the_page_shows_who_needs_a_person_and_why(world: World, desk: Client) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    page = _text(desk)
    assert reverse("admin:scans_pendingcase_case", args=[Case.objects.get().uuid]) in page
    assert "Marsh, Jane" in page
    assert "No patient in the register fits." in page


def test_a_stranger_sees_nothing_of_ours(world: World, browse) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    page = _text(browse(world.stranger))
    assert "Marsh" not in page
    assert "No scans yet" in page
    assert browse(world.stranger).get(f"{HOME}?clinic={world.ours.uuid}").status_code == 404
    assert browse(world.stranger).get(f"{HOME}?clinic=nonsense").status_code == 404


def test_the_page_costs_the_same_for_one_and_for_many(
    world: World, desk: Client, browse, django_assert_max_num_queries
) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    costs = []
    for count in (1, 8):
        for number in range(2, count + 1):
            _copy_case(str(number))
        for who in (world.owner, world.imaging):
            client = browse(who)
            with django_assert_max_num_queries(26) as counted:
                assert client.get(HOME).status_code == 200
            costs.append(len(counted))
    assert costs[:2] == costs[2:]


def _copy_case(order: str) -> None:
    case = Case.objects.get(order_id="1")
    scans = list(case.scans.all())
    case.pk, case.uuid, case.order_id, case.order_key = (
        None,
        f"00000000-0000-0000-0000-00000000000{order}",
        order,
        order,
    )
    case.save()
    for scan in scans:
        scan.pk, scan.uuid, scan.case, scan.arrived_in = None, None, case, case
        scan.uuid = f"00000000-0000-0000-000{order}-{scan.sha256[:12]}"
        scan.save()


def test_scanners_and_their_health_are_for_who_may_see_them(world: World, desk: Client, browse) -> None:
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    assert "Not connected. Enter client id and client secret" in _text(browse(world.imaging))
    assert "client secret" not in _text(desk)


def test_an_empty_clinic_is_told_what_to_do(world: World, desk: Client, browse) -> None:
    assert "Send the first scans from here." in _text(desk)
    assert "Connect your scanner once" in _text(browse(world.imaging))
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    assert "A scanner is connected" in _text(desk)


def test_nothing_waits_is_good_news(world: World, desk: Client) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    pending.reject(Case.objects.get(), "TEST_SCAN", actor=Actor.of(world.owner))
    assert "Nothing waits" in _text(desk)


def test_members_of_several_clinics_choose(world: World, desk: Client) -> None:
    hand_over(world.theirs, itero_zip("1", "Boone, Carl"))
    Membership.objects.create(user=world.owner, clinic=world.theirs)
    assert "Boone" not in _text(desk)
    assert "Boone" in _text(desk, f"{HOME}?clinic={world.theirs.uuid}")


def test_a_superuser_without_a_clinic_is_told_why_it_is_empty(world: World, browse) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    page = _text(browse(User.objects.create_superuser("boss")))
    assert "superusers are no exception" in page
    assert "Marsh" not in page
    assert reverse("admin:patients_clinic_changelist") in page


def test_who_may_see_no_scans_is_told_whom_to_ask(world: World, desk: Client) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    world.owner.groups.clear()
    page = _text(desk)
    assert "You may not see scans yet" in page
    assert "Marsh" not in page


def test_nobody_comes_to_the_log_in(world: World, browse) -> None:
    assert browse(None).get(HOME)["Location"] == "/admin/login/?next=/admin/"


def test_dates_and_numbers_are_in_the_local_format(world: World, desk: Client, settings) -> None:
    settings.LANGUAGE_CODE = "de"
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    page = desk.get(HOME, headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de"' in page
    now = timezone.localtime(Case.objects.get().delivery.received_at)
    assert f"{now:%H:%M} ·" in page, "not 8:15 a.m."


def test_the_lists_of_the_admin_are_still_there(world: World, desk: Client) -> None:
    page = _text(desk)
    assert reverse("admin:scans_scan_changelist") in page
    assert reverse("admin:patients_patient_add") in page
