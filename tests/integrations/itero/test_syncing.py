"""From the cloud into the clinic: each order once, under the right patient, whatever is notified or listed again."""

from integrations.models import ScannerIntegration, ScannerOrder, SyncItem
from integrations.sandbox.remote import Sandbox
from integrations.services.runs import OneOrder
from patients.audit import Actor
from patients.services import create_patient
from scans.models import Case, Delivery
from tests.integrations.clouds import export, fresh, look, put_order
from tests.made import World


def _patient(world: World, last: str, chart: str):
    return create_patient(
        world.ours, first_name="Jane", last_name=last, birth_date=None, chart_number=chart, actor=Actor.system("test")
    )


def test_a_new_order_becomes_one_case(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    run = look(connected)
    assert (run.state, run.listed, run.taken, run.failed) == ("DONE", 1, 1, 0)
    case = Case.objects.get()
    assert (case.order_id, case.received_name, case.scans.count()) == ("701", "Marsh, Jane", 2)
    assert case.delivery.channel == Delivery.Channel.SCANNER


def test_what_is_here_is_not_fetched_again(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    look(connected)
    sandbox.forget_calls()
    assert look(connected).taken == 0
    assert sandbox.calls().get("download", 0) == 0
    assert Case.objects.count() == 1


def test_a_rescan_is_a_new_version(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    look(connected)
    sandbox.rescan("701", export("701", "Marsh", seed=2))
    assert look(connected).taken == 1
    assert sorted(Case.objects.values_list("order_id", "version")) == [("701", 1), ("701", 2)]


def test_many_pages_are_all_read(connected: ScannerIntegration, sandbox: Sandbox, monkeypatch) -> None:
    for number in range(52):
        sandbox.add_order(rxId=f"{900 + number}", status="InProgress", silent=True)
    run = look(connected)
    assert (run.state, run.listed, run.taken) == ("DONE", 52, 0)


def test_an_order_in_progress_waits_until_it_is_ready(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.add_order({"lastName": "Marsh"}, content=export("701", "Marsh"), rxId="701", status="InProgress")
    assert look(connected).taken == 0
    sandbox.complete("701")
    assert look(connected).taken == 1


def test_the_chart_number_of_the_cloud_stands_in_for_the_one_the_zip_lacks(
    world: World, connected: ScannerIntegration, sandbox: Sandbox
) -> None:
    patient = _patient(world, "Marsh", "C-77")
    sandbox.add_order(
        {"firstName": "Jane", "lastName": "Marsh", "chartNumber": "C-77"}, content=export("701", "Marsh"), rxId="701"
    )
    look(connected)
    assert Case.objects.get().patient == patient


def test_one_order_to_one_patient(world: World, connected: ScannerIntegration, sandbox: Sandbox) -> None:
    patient = _patient(world, "Marsh", "C-77")
    for order in ("701", "702"):
        put_order(sandbox, order, "Marsh", seed=int(order))
    run = look(connected, OneOrder("702", patient))
    assert (run.taken, Case.objects.get().order_id, Case.objects.get().patient) == (1, "702", patient)


def test_an_order_that_is_gone_says_so(connected: ScannerIntegration) -> None:
    run = look(connected, OneOrder("4711"))
    assert (run.state, run.code) == ("FAILED", "not_there")


def test_a_broken_order_costs_itself_only(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    sandbox.add_order({"lastName": "Broken"}, content=b"PK\x03\x04 no zip at all", rxId="700")
    put_order(sandbox, "701", "Marsh")
    assert look(connected).taken == 2
    assert Case.objects.get().order_id == "701"
    assert Delivery.objects.filter(state="REJECTED").count() == 1


def test_the_mark_moves_with_an_overlap(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    put_order(sandbox, "701", "Marsh")
    look(connected)
    assert fresh(connected).cursor["changed_at"] == ScannerOrder.objects.get().changed_at.isoformat()
    # Older than the mark, but within the overlap: listed once more, taken once only.
    assert look(connected).listed == 1


def test_an_unreadable_entry_is_named_and_costs_itself_only(connected: ScannerIntegration, sandbox: Sandbox) -> None:
    for order in ("701", "702"):
        put_order(sandbox, order, "Marsh", seed=int(order))
    sandbox.fault("bad_item", "list")
    run = look(connected)
    item = SyncItem.objects.get(run=run, outcome="FAILED")
    assert item.code == "unexpected_answer"
    assert "Marsh" not in item.message
    assert fresh(connected).cursor.get("changed_at") is None
    look(connected)
    assert sorted(Case.objects.values_list("order_id", flat=True)) == ["701", "702"]
