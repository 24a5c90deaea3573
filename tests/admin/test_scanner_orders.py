"""The orders of the other side in the admin: what the front desk finds there, and how far each has come."""

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.urls import reverse
from encrypted_model_fields import fields as library

from integrations.models import ScannerIntegration, ScannerOrder
from patients.models import AuditEvent
from scans.models import Case
from tests.admin.scanners import read
from tests.integrations.clouds import look, put_order
from tests.made import World

ORDERS = "/admin/integrations/scannerorder/"


@pytest.fixture
def orders(sandbox, connected: ScannerIntegration) -> None:
    """One that is here and waits for a person, and one that is not complete there."""
    put_order(sandbox, "5001", "Marsh")
    sandbox.add_order({"lastName": "Boone", "firstName": "Rex"}, rxId="5002", status="InProgress", silent=True)
    look(connected)


def test_the_front_desk_sees_what_is_there_and_what_is_here(world: World, orders: None, browse) -> None:
    page = read(browse(world.owner), ORDERS)
    assert "Marsh, Jane" in page
    assert reverse("admin:scans_pendingcase_case", args=[Case.objects.get().uuid]) in page
    assert "here, not filed yet</td>" in page
    assert "not complete there</td>" in page


@pytest.mark.parametrize(("standing", "found"), [("pending", "5001"), ("not_ready", "5002"), ("imported", "")])
def test_the_list_is_narrowed_by_how_orders_stand(world: World, orders, browse, standing: str, found: str) -> None:
    page = read(browse(world.owner), f"{ORDERS}?standing={standing}")
    assert [order for order in ("5001", "5002") if f">{order}</a>" in page] == [found] * bool(found)


def test_a_stranger_sees_none_of_it(world: World, orders: None, browse) -> None:
    page = read(browse(world.stranger), ORDERS)
    assert "Marsh" not in page
    assert "5001" not in page


def test_looking_at_one_is_written_down_and_nothing_can_be_changed(world: World, orders: None, browse) -> None:
    order = ScannerOrder.objects.get(order_id="5001")
    address = reverse("admin:integrations_scannerorder_change", args=[order.pk])
    page = read(browse(world.owner), address)
    assert "Marsh, Jane" in page
    assert 'name="_save"' not in page
    assert AuditEvent.objects.filter(verb="scannerorder.viewed", subject_uuid=order.uuid, actor=world.owner).exists()
    assert browse(world.owner).post(address, {"order_id": "1"}).status_code == 403


def test_a_lost_encryption_key_does_not_lock_the_list(world: World, orders: None, browse, monkeypatch) -> None:
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
    assert "Marsh, Jane" in read(browse(world.owner), ORDERS)
    order = ScannerOrder.objects.get(order_id="5001")
    assert "Marsh, Jane" in read(
        browse(world.owner), reverse("admin:integrations_scannerorder_change", args=[order.pk])
    )


def test_an_order_is_listed_by_its_id_and_called_by_none_that_may_name_a_person(world: World, orders, browse) -> None:
    order = ScannerOrder.objects.get(order_id="5001")
    assert ">5001</a>" in read(browse(world.owner), ORDERS)
    assert str(order) == str(order.uuid)
