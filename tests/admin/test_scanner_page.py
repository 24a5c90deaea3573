"""The page of one connection, against the cloud on loopback: choose, look, read what came, leave."""

from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from integrations.models import ScannerIntegration, SyncItem, SyncRun
from integrations.sandbox.remote import Sandbox
from integrations.services import runs
from patients.audit import Actor
from patients.models import AuditEvent
from scans.models import Case
from scans.services import pending
from tests.admin.scanners import act_at, page_of, read, steps_on
from tests.integrations.clouds import consent, fresh, look, put_order
from tests.made import World

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_person_goes_to_the_cloud_and_comes_back_to_the_page(office: Client, sandbox: Sandbox, connection) -> None:
    address = f"{reverse('scanners:itero-auth')}?clinic={connection.clinic.uuid}"
    assert f'href="{address}"' in read(office, page_of(connection))
    consent_page = office.get(address, headers=BROWSER)["Location"]
    back = urlsplit(sandbox.approve(consent_page))
    answer = office.get(f"{back.path}?{back.query}", headers=BROWSER, follow=True)
    assert answer.redirect_chain == [(page_of(connection), 302)]
    page = answer.content.decode()
    assert "Choose the account" in page
    assert page.count('type="radio"') == 2
    assert "Sandbox Dental, Main Street" in page


def test_the_chosen_account_is_connected_and_calls_from_then_on(
    world: World, office: Client, sandbox, connection
) -> None:
    consent(connection, sandbox, world.imaging)
    page = office.post(act_at(connection, "choose"), {"account": "1001"}, follow=True).content.decode()
    assert "From now on scans come by themselves" in page
    assert (fresh(connection).state, fresh(connection).account) == ("CONNECTED", "1001")
    assert "callback_secret" in fresh(connection).credentials


def test_an_account_that_was_not_offered_is_refused_in_words(world: World, office: Client, sandbox, connection) -> None:
    consent(connection, sandbox, world.imaging)
    page = office.post(act_at(connection, "choose"), {"account": "77"}, follow=True).content.decode()
    assert "The cloud does not offer this account." in page
    assert fresh(connection).state == "CHOOSING"


def test_a_cloud_that_cannot_say_its_accounts_is_told_in_a_sentence(world: World, office, sandbox, connection) -> None:
    consent(connection, sandbox, world.imaging)
    sandbox.fault("server_error", "pairing", times=None)
    page = read(office, page_of(connection))
    assert 'type="radio"' not in page
    assert "has a fault" in page
    assert "Connect again" in steps_on(page)


def test_sync_now_asks_for_one_look(world: World, office: Client, connected: ScannerIntegration) -> None:
    page = office.post(act_at(connected, "sync"), follow=True).content.decode()
    run = SyncRun.objects.get()
    assert (run.reason, run.requested_by, run.state) == ("PERSON", world.imaging, "QUEUED")
    assert "Sync now" not in steps_on(page)
    assert "under way already" in office.post(act_at(connected, "sync"), follow=True).content.decode()
    assert SyncRun.objects.count() == 1


def test_a_look_says_what_became_of_every_order(world: World, office: Client, sandbox: Sandbox, connected) -> None:
    put_order(sandbox, "5001", "Marsh")
    put_order(sandbox, "5002", "Boone", seed=2)
    look(connected)
    pending.reject(Case.objects.get(order_id="5002"), "TEST_SCAN", actor=Actor.of(world.imaging))
    page = read(office, page_of(connected))
    assert "2 listed, 2 new" in page
    assert "waits in the queue" in page
    assert "rejected by a person" in page
    for case in Case.objects.all():
        assert reverse("admin:scans_pendingcase_case", args=[case.uuid]) in page
    assert "Marsh" not in page, "an order is named by its number: the queue is where patients are"


def test_a_failed_order_says_why(office: Client, sandbox: Sandbox, connected: ScannerIntegration) -> None:
    put_order(sandbox, "5001", "Marsh")
    sandbox.fault("server_error", "download", times=None)
    look(connected)
    item = SyncItem.objects.get()
    page = read(office, page_of(connected))
    assert "1 failed" in page
    assert item.message in page
    assert "1 order; it is tried again by itself" in page


def test_a_failed_look_says_why(office: Client, sandbox: Sandbox, connected: ScannerIntegration) -> None:
    sandbox.revoke_grants()
    sandbox.expire_tokens()
    run = look(connected)
    page = read(office, page_of(connected))
    assert run.message in page
    assert steps_on(page)[0] == "Reconnect"


def test_disconnecting_is_asked_for_and_then_done(office: Client, sandbox: Sandbox, connected) -> None:
    assert "Disconnect iTero?" in read(office, act_at(connected, "disconnect"))
    assert fresh(connected).state == "CONNECTED"
    page = office.post(act_at(connected, "disconnect"), follow=True).content.decode()
    assert "Disconnected. No scans come from here now." in page
    assert steps_on(page)[0] == "Connect", "client id and secret are still there"
    assert AuditEvent.objects.filter(verb="integration.disconnected", subject_uuid=connected.uuid).exists()


def test_a_cloud_that_could_not_be_told_is_a_warning(office: Client, sandbox: Sandbox, connected, settings) -> None:
    settings.ARCHWAY_CLOUDS["ITERO"] |= {"base_url": "http://127.0.0.1:1", "hosts": ["127.0.0.1:1"]}
    page = office.post(act_at(connected, "disconnect"), follow=True).content.decode()
    assert "withdraw our access at the cloud" in page
    assert fresh(connected).state == "NEW"


def test_a_disconnected_folder_is_no_longer_watched(office: Client, world: World) -> None:
    trios = ScannerIntegration.objects.create(
        clinic=world.ours, scanner_type="3SHAPE", state="CONNECTED", folder="/exports"
    )
    office.post(act_at(trios, "disconnect"))
    assert (fresh(trios).state, fresh(trios).folder) == ("NEW", "")


def test_only_the_newest_looks_and_not_all_orders_of_one_are_shown(
    office: Client, connected, django_assert_max_num_queries
) -> None:
    for _ in range(22):
        run = SyncRun.objects.create(connection=connected, reason="SCHEDULE", state="DONE", failed=60)
        SyncItem.objects.bulk_create(SyncItem(run=run, outcome="FAILED", message="Cut off.") for _ in range(60))
    with django_assert_max_num_queries(12):
        page = read(office, page_of(connected))
    assert page.count("<details") == 20
    assert page.count("Cut off.") == 20 * 50
    assert page.count("… and 10 more.") == 20


def test_a_deed_is_never_a_get(office: Client, connected: ScannerIntegration) -> None:
    assert office.get(act_at(connected, "sync")).status_code == 404
    assert office.get(act_at(connected, "choose")).status_code == 404
    assert office.post(act_at(connected, "unknown")).status_code == 404
    assert not SyncRun.objects.exists()


def test_without_the_page_s_own_token_nothing_is_done(world: World, connected: ScannerIntegration) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.imaging, backend="django.contrib.auth.backends.ModelBackend")
    for action in ("sync", "disconnect", "forget"):
        assert client.post(act_at(connected, action)).status_code == 403
    assert fresh(connected).state == "CONNECTED"


def test_a_look_at_an_unreadable_order_has_a_line(office: Client, connected: ScannerIntegration) -> None:
    run = runs.ask_for(connected, reason=SyncRun.Reason.PERSON, actor=Actor.system("test"))
    SyncItem.objects.create(run=run, outcome="FAILED", code="no_id", message="An order has no number.")
    page = read(office, page_of(connected))
    assert "An order that could not be read" in page
    assert "An order has no number." in page


def test_our_pages_allow_no_script_and_no_style_from_elsewhere(office: Client, connected: ScannerIntegration) -> None:
    for address in (page_of(connected), act_at(connected, "disconnect")):
        answer = office.get(address)
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert " style=" not in answer.content.decode()
