"""Secrets at rest: opened by the right key only, never taken for data, never stored by accident."""

import json
from io import StringIO

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Value
from django.urls import reverse
from encrypted_model_fields import fields as library

from integrations.fields import CannotDecrypt
from integrations.models import ScannerIntegration
from integrations.services.keys import hps_key_for, store_hps_key
from patients.audit import Actor
from patients.models import AuditEvent
from tests.made import World

SECRET = "the-clinics-own-key"


@pytest.fixture
def stored(world: World) -> ScannerIntegration:
    store_hps_key(world.ours, SECRET, actor=Actor.of(world.imaging))
    return ScannerIntegration.objects.get()


def _raw() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM integrations_scannerintegration")
        return str(cursor.fetchone()[0])


def test_it_comes_back_and_lies_encrypted(world: World, stored: ScannerIntegration) -> None:
    assert hps_key_for(world.ours.pk) == SECRET
    assert hps_key_for(world.theirs.pk) == ""
    assert SECRET not in _raw()


def test_a_wrong_key_is_an_error_and_changes_nothing(stored: ScannerIntegration, monkeypatch) -> None:
    before = _raw()
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
    with pytest.raises(CannotDecrypt) as error:
        ScannerIntegration.objects.get()
    assert SECRET not in str(error.value)
    assert before not in str(error.value)
    assert _raw() == before


def test_an_older_key_still_opens(stored: ScannerIntegration, monkeypatch, settings) -> None:
    keys = [Fernet.generate_key(), *settings.FIELD_ENCRYPTION_KEY]
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(key) for key in keys]))
    assert ScannerIntegration.objects.get().credentials == {"hps_key": SECRET}


@pytest.mark.parametrize("expression", [F("scanner_type"), Value("x")])
def test_an_expression_is_refused(stored: ScannerIntegration, expression) -> None:
    before = _raw()
    with pytest.raises(TypeError), transaction.atomic():
        ScannerIntegration.objects.update(credentials=expression)
    assert _raw() == before


def test_a_search_by_value_is_refused(stored: ScannerIntegration) -> None:
    with pytest.raises(TypeError):
        ScannerIntegration.objects.filter(credentials="x").exists()


def test_a_dump_does_not_hold_it(stored: ScannerIntegration) -> None:
    out = StringIO()
    with pytest.raises(Exception, match="not exported"):
        call_command("dumpdata", "integrations", stdout=out)
    assert SECRET not in out.getvalue()


def test_no_page_shows_it_and_the_change_is_audited(world: World, stored: ScannerIntegration, browse) -> None:
    client = browse(world.imaging)
    for address in ("", f"{stored.pk}/change/", f"{stored.pk}/disconnect", f"{stored.pk}/forget"):
        page = client.get(f"/admin/integrations/scannerintegration/{address}")
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
    event = AuditEvent.objects.get(verb="credentials.changed")
    assert SECRET not in json.dumps(event.detail)


def test_a_key_typed_into_the_admin_is_stored_and_not_echoed(world: World, stored: ScannerIntegration, browse) -> None:
    form = {"is_active": "on", "interval_minutes": "5", "hps_key": "another-key-of-ours"}
    answer = browse(world.imaging).post(_page(stored), form, follow=True)
    assert "another-key-of-ours" not in answer.content.decode()
    assert hps_key_for(world.ours.pk) == "another-key-of-ours"


def test_nobody_stores_a_key_for_another_clinic(world: World, stored: ScannerIntegration, browse) -> None:
    form = {"is_active": "on", "interval_minutes": "5", "hps_key": "theirs"}
    assert browse(world.stranger).post(_page(stored), form).status_code == 404
    assert hps_key_for(world.ours.pk) == SECRET


def _page(connection: ScannerIntegration) -> str:
    return reverse("admin:integrations_scannerintegration_change", args=[connection.pk])
