"""What happens at the same time, late, or with nonsense in it: no order is lost, none comes to the wrong place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import ConnectAttempt, ScannerIntegration, ScannerOrder, SyncRun
from integrations.planning import OVERLAP, advanced, since
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting, runs
from integrations.services.keys import forget
from integrations.services.orders import expect
from integrations.services.overview import overviews_of
from integrations.services.runs import OneOrder
from integrations.services.set_up import Settings, change_settings
from patients.audit import Actor
from patients.errors import Conflict
from patients.models import AuditEvent
from patients.services import create_patient
from scans.models import Case, Delivery
from tests.integrations.clouds import SESSION, export, fresh, look, put_order, returned
from tests.made import World, hand_over, itero_zip

NOW = timezone.now()


def _asked(connection: ScannerIntegration) -> SyncRun:
    return runs.ask_for(connection, reason=SyncRun.Reason.SCHEDULE, actor=Actor.system("test"))


def _disconnect(world: World, connection: ScannerIntegration) -> None:
    connecting.disconnect(connection, actor=Actor.of(world.imaging))


def _forget(world: World, connection: ScannerIntegration) -> None:
    forget(connection, actor=Actor.of(world.imaging))


def _switch_off(world: World, connection: ScannerIntegration) -> None:
    change_settings(connection, Settings(is_active=False, interval_minutes=5), actor=Actor.of(world.imaging))


@pytest.mark.parametrize("deed", [_disconnect, _forget, _switch_off])
def test_a_person_ends_the_look_that_waits(world: World, connected, sandbox: Sandbox, deed) -> None:
    put_order(sandbox, "701", "Marsh")
    run = _asked(connected)
    deed(world, fresh(connected))
    state = fresh(connected).state
    assert runs.run(run.uuid) == "not taken"
    run.refresh_from_db()
    assert (run.state, run.code) == ("FAILED", "connection_changed")
    assert fresh(connected).state == state
    assert not Delivery.objects.exists()


def test_of_two_changes_at_once_one_is_told_to_look_again(world: World, connected) -> None:
    first, second = fresh(connected), fresh(connected)
    _disconnect(world, first)
    with pytest.raises(Conflict) as error:
        _switch_off(world, second)
    assert error.value.code == "changed_meanwhile"


def test_an_old_consent_page_does_not_bring_a_connection_back(world: World, connected, sandbox: Sandbox) -> None:
    actor = Actor.of(world.imaging)
    answer = returned(sandbox.approve(connecting.start(fresh(connected), session_key=SESSION, actor=actor)))
    _disconnect(world, fresh(connected))
    assert not ConnectAttempt.objects.exists()
    with pytest.raises(Exception, match="belongs to no connection"):
        connecting.finish(answer, session_key=SESSION, actor=actor)
    assert fresh(connected).state == "NEW"


def test_disconnecting_with_a_dead_access_token_still_tells_the_cloud(world: World, connected, sandbox) -> None:
    sandbox.expire_tokens()
    sandbox.forget_calls()
    _disconnect(world, fresh(connected))
    assert sandbox.calls()["unpair"] == sandbox.calls()["revoke"] == 1
    assert fresh(connected).base_url == ""


def test_a_mistyped_order_says_nothing_of_the_connection(connected, sandbox: Sandbox) -> None:
    look(connected)
    before = fresh(connected)
    assert look(connected, OneOrder("4711")).state == "FAILED"
    after = fresh(connected)
    assert (after.failures, after.error_code, after.last_attempt_at) == (0, "", before.last_attempt_at)


def test_one_order_that_the_cloud_forbids_does_not_stop_the_others(connected, sandbox: Sandbox) -> None:
    for number, order in enumerate(("701", "702"), start=1):
        put_order(sandbox, order, "Marsh", seed=number)
    sandbox.fault("server_error", "order", times=None, status=403, skip=0)
    run = look(connected)
    assert (run.state, run.code) == ("FAILED", "forbidden"), "all of them: then it is how we are set up"
    sandbox.clear_faults()
    sandbox.fault("server_error", "order", status=403)
    ScannerOrder.objects.update(next_attempt_at=None)
    run = look(connected)
    assert (run.state, run.taken, run.failed) == ("DONE", 1, 1)
    assert Case.objects.get().order_id == "702"


def test_an_order_is_asked_for_by_its_id_when_the_cloud_calls(connected, sandbox: Sandbox) -> None:
    """A cloud may complete an order without listing it as changed."""
    put_order(sandbox, "701", "Marsh")
    ScannerIntegration.objects.update(cursor={"changed_at": (NOW + timedelta(days=1)).isoformat()})
    assert look(connected).taken == 0
    expect(fresh(connected), "701")
    assert look(connected).taken == 1


def test_a_rescan_that_the_cloud_does_not_list_comes_when_it_calls(connected, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    look(connected)
    ScannerIntegration.objects.update(cursor={"changed_at": (NOW + timedelta(days=1)).isoformat()})
    sandbox.rescan("701", export("701", "Marsh", seed=2))
    assert look(connected).taken == 0
    expect(fresh(connected), "701")
    assert look(connected).taken == 1
    assert sorted(Case.objects.values_list("version", flat=True)) == [1, 2]


def test_an_order_that_is_gone_is_no_alarm(world, connected, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    sandbox.fault("server_error", "order", times=None, status=404)
    look(connected)
    [overview] = overviews_of([fresh(connected)], timezone.now())
    assert overview.failing == 0


def test_the_same_export_by_cloud_and_by_upload_is_one_case(world, connected, sandbox: Sandbox) -> None:
    patient = {"firstName": "Jane", "lastName": "Marsh", "chartNumber": "C-77"}
    sandbox.add_order(patient, content=export("701", "Marsh"), rxId="701", silent=True)
    look(connected)
    receipt = hand_over(world.ours, itero_zip("701", "Marsh, Jane"))
    assert receipt.delivery.state == Delivery.State.DUPLICATE
    assert Case.objects.get().received_chart_number == "C-77"


def test_patience_that_one_order_met_is_kept_by_all(connected, sandbox: Sandbox) -> None:
    sandbox.fault("too_many_requests", "order", retry_after=600)
    look(connected, OneOrder("701"))
    assert fresh(connected).next_attempt_at > timezone.now() + timedelta(minutes=9)


def test_disconnecting_works_without_the_clouds_address(world: World, connected, settings) -> None:
    settings.ARCHWAY_CLOUDS = {}
    words = connecting.disconnect(fresh(connected), actor=Actor.of(world.imaging))
    assert "withdraw our access" in words
    assert fresh(connected).state == "NEW"


def test_an_order_that_was_not_ready_is_asked_for_by_its_id_later(connected, sandbox: Sandbox) -> None:
    sandbox.add_order({"lastName": "Marsh"}, content=export("701", "Marsh"), rxId="701", status="InProgress")
    assert (look(connected).taken, look(connected).failed) == (0, 0)
    sandbox.complete("701")
    ScannerIntegration.objects.update(cursor={"changed_at": (NOW + timedelta(days=1)).isoformat()})
    ScannerOrder.objects.update(next_attempt_at=None)
    assert look(connected).taken == 1


def test_another_name_in_the_order_than_in_its_zip_is_looked_at_by_a_person(world, connected, sandbox) -> None:
    create_patient(
        world.ours,
        first_name="Jane",
        last_name="Marsh",
        birth_date=None,
        chart_number="C-77",
        actor=Actor.system("test"),
    )
    patient = {"firstName": "Bartholomew", "lastName": "Quennell", "chartNumber": "C-77"}
    sandbox.add_order(patient, content=export("701", "Marsh", chart="C-77"), rxId="701", silent=True)
    look(connected)
    case = Case.objects.get()
    assert case.state == Case.State.PENDING
    assert "IDENTITY_CONFLICT" in case.wait_codes


def test_what_could_not_be_read_is_fetched_again_when_a_person_asks_for_it(connected, sandbox: Sandbox) -> None:
    sandbox.add_order({"lastName": "Marsh"}, content=b"PK\x03\x04 no zip", rxId="700", silent=True)
    look(connected)
    assert look(connected).taken == 0
    assert look(connected, OneOrder("700")).taken == 1


def test_the_trail_names_the_connection_that_brought_a_case(connected, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    run = _asked(connected)
    runs.run(run.uuid)
    look(connected)
    actors = set(AuditEvent.objects.filter(verb__in=["delivery.received", "case.received"]).values_list("actor_label"))
    assert actors == {("iTero connection",)}


def test_the_mark_never_passes_the_moment_of_the_look() -> None:
    future = NOW + timedelta(days=20_000)
    assert since(advanced({}, future, began=NOW, has_faults=False)) == NOW - OVERLAP


def test_the_mark_waits_a_day_for_what_cannot_be_read() -> None:
    stuck = advanced({}, NOW, began=NOW, has_faults=True)
    assert since(stuck) is None
    later = NOW + timedelta(days=1, minutes=1)
    assert since(advanced(stuck, later, began=later, has_faults=True)) == later - OVERLAP
    assert "stuck_since" not in advanced(stuck, NOW, began=NOW, has_faults=False)


@pytest.mark.parametrize("mark", ["0001-01-01T00:00:00+00:00", "nonsense"])
def test_a_mark_of_nonsense_is_none(mark: str) -> None:
    assert since({"changed_at": mark}) is None
