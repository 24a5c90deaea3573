"""The list of scanner connections: each state in words, with the buttons that make sense then."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from integrations.models import ScannerIntegration, SyncRun
from integrations.services.keys import store_secrets
from patients.audit import Actor
from patients.models import AuditEvent, Membership
from tests.admin.scanners import ADD, LIST, page_of, read, steps_on
from tests.made import World

ACTOR = Actor.system("test")
CLIENT = {"client_id": "an-id", "client_secret": "a-secret"}


@pytest.fixture
def itero(world: World) -> ScannerIntegration:
    connection = ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    store_secrets(connection, CLIENT, actor=ACTOR)
    return connection


def _set(connection: ScannerIntegration, **values: object) -> None:
    ScannerIntegration.objects.filter(pk=connection.pk).update(**values)


def test_an_empty_list_says_what_to_do(office: Client) -> None:
    page = read(office, LIST)
    assert "No scanner is connected yet" in page
    assert ADD in page


def test_who_belongs_to_no_clinic_is_told_so(world: World, browse) -> None:
    assert "You belong to no clinic" in read(browse(User.objects.create_superuser("boss")), LIST)


def test_a_superuser_sees_the_connections_of_the_own_clinic(world: World, itero: ScannerIntegration, browse) -> None:
    boss = User.objects.create_superuser("boss")
    assert browse(boss).get(page_of(itero)).status_code == 404
    Membership.objects.create(user=boss, clinic=world.ours)
    assert page_of(itero) in read(browse(boss), LIST)
    assert browse(boss).get(page_of(itero)).status_code == 200


def test_the_front_desk_is_not_even_told_that_there_are_connections(world: World, itero, browse) -> None:
    assert LIST not in read(browse(world.owner), "/admin/")
    assert LIST in read(browse(world.imaging), "/admin/")
    assert browse(world.owner).get(LIST).status_code == 403


STANDINGS = [
    # what the row holds, the badge, the buttons
    ({"state": "NEW"}, "No scans come", ["Connect", "Open"]),
    ({"state": "NEW", "credentials": None}, "No scans come", ["Set up", "Open"]),
    ({"state": "CHOOSING"}, "Needs attention", ["Choose account", "Connect again", "Disconnect", "Open"]),
    ({"state": "RECONNECT"}, "No scans come", ["Reconnect", "Disconnect", "Open"]),
    ({"state": "CONNECTED"}, "Needs attention", ["Sync now", "Connect again", "Disconnect", "Open"]),
    ({"state": "CONNECTED", "is_active": False}, "No scans come", ["Connect again", "Disconnect", "Open"]),
    ({"scanner_type": "3SHAPE", "credentials": None}, "No scans come", ["Set up", "Open"]),
    ({"scanner_type": "3SHAPE", "state": "CONNECTED"}, "Needs attention", ["Sync now", "Disconnect", "Open"]),
]


@pytest.mark.parametrize(("row", "badge", "steps"), STANDINGS)
def test_every_state_has_its_words_and_its_buttons(office: Client, itero, row, badge, steps) -> None:
    _set(itero, **row)
    page = read(office, LIST)
    assert badge in page
    assert steps_on(page) == steps


def test_a_fresh_success_is_green(office: Client, itero: ScannerIntegration) -> None:
    now = timezone.now()
    _set(itero, state="CONNECTED", last_sync_at=now, last_attempt_at=now, account_name="Main Street")
    page = read(office, LIST)
    assert "✓ Works" in page
    assert "Main Street" in page


def test_a_failure_is_told_once_with_the_next_attempt(office: Client, itero: ScannerIntegration) -> None:
    later = timezone.now() + timedelta(hours=1)
    _set(itero, state="CONNECTED", last_error="The cloud has a fault of its own.", next_attempt_at=later)
    page = read(office, LIST)
    assert page.count("The cloud has a fault of its own.") == 1
    assert "Next attempt at" in page
    assert "within a minute" not in page


def test_while_a_look_is_under_way_nobody_can_ask_for_another(office: Client, itero: ScannerIntegration) -> None:
    _set(itero, state="CONNECTED")
    SyncRun.objects.create(connection=itero, reason="PERSON")
    page = read(office, LIST)
    assert "under way" in page
    assert "Sync now" not in steps_on(page)


@pytest.mark.parametrize(("scanner", "address"), [("ITERO", "itero"), ("MEDIT", "medit")])
def test_connect_is_a_link_to_the_clinic_s_own_consent(office: Client, itero, scanner: str, address: str) -> None:
    _set(itero, scanner_type=scanner)
    assert f'href="/api/imaging/3d/{address}/auth?clinic={itero.clinic.uuid}"' in read(office, LIST)


def test_a_browser_that_cannot_be_sent_to_the_cloud_reads_why_on_the_page(office: Client, itero, settings) -> None:
    settings.ARCHWAY_CLOUDS = {}
    address = f"/api/imaging/3d/itero/auth?clinic={itero.clinic.uuid}"
    answer = office.get(address, headers={"Accept": "text/html,*/*;q=0.8"}, follow=True)
    assert answer.redirect_chain == [(page_of(itero), 302)]
    assert "its operator must set one" in answer.content.decode()
    assert office.get(address, headers={"Accept": "application/json"}).status_code == 409


def test_a_scanner_is_added_once(world: World, office: Client) -> None:
    form = {"clinic": world.ours.pk, "scanner_type": "MEDIT"}
    answer = office.post(ADD, form)
    connection = ScannerIntegration.objects.get()
    assert answer["Location"] == page_of(connection)
    assert AuditEvent.objects.filter(verb="integration.added", subject_uuid=connection.uuid).count() == 1
    assert "has a connection to this scanner already" in office.post(ADD, form).content.decode()
    assert ScannerIntegration.objects.count() == 1


def test_a_scanner_is_added_to_the_own_clinic_only(world: World, office: Client) -> None:
    assert "Theirs" not in read(office, ADD)
    office.post(ADD, {"clinic": world.theirs.pk, "scanner_type": "ITERO"})
    assert not ScannerIntegration.objects.exists()


def test_the_list_costs_one_statement_a_connection(world: World, office: Client, django_assert_max_num_queries) -> None:
    for scanner in ("ITERO", "MEDIT", "3SHAPE"):
        ScannerIntegration.objects.create(clinic=world.ours, scanner_type=scanner)
    with django_assert_max_num_queries(8 + 3):
        office.get(LIST)
