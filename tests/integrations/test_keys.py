"""Keys: several at once, rotated in one go, and a lost one stops everything before anything is written over."""

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from encrypted_model_fields import fields as library

from integrations.checks import stored_secrets_open
from integrations.fields import CannotDecrypt
from integrations.models import ScannerIntegration
from integrations.services import keys
from patients.audit import Actor
from patients.models import AuditEvent
from tests.made import World

SECRET = {"client_id": "the-id", "client_secret": "the-secret"}


def _use(monkeypatch, *new: bytes) -> None:
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(key) for key in new]))


def _raw() -> list[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM integrations_scannerintegration ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def stored(world: World) -> list[ScannerIntegration]:
    made = [ScannerIntegration.objects.create(clinic=world.ours, scanner_type=kind) for kind in ("ITERO", "MEDIT")]
    for connection in made:
        keys.store_secrets(connection, SECRET, actor=Actor.of(world.imaging))
    return made


def test_rotation_leaves_only_the_newest_key(stored, monkeypatch, settings, capsys) -> None:
    new, old = Fernet.generate_key(), [key.encode() for key in settings.FIELD_ENCRYPTION_KEY]
    _use(monkeypatch, new, *old)
    call_command("rotate_credentials")
    assert "2 connection(s)" in capsys.readouterr().out
    _use(monkeypatch, new)
    assert [row.credentials for row in ScannerIntegration.objects.order_by("pk")] == [SECRET, SECRET]
    assert AuditEvent.objects.filter(verb="credentials.reencrypted").count() == 2


def test_rotation_with_one_lost_key_changes_nothing(stored, monkeypatch) -> None:
    _use(monkeypatch, Fernet.generate_key())
    ScannerIntegration.objects.filter(pk=stored[1].pk).update(credentials={"readable": "now"})
    before = _raw()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_credentials")
    assert _raw() == before


def test_a_lost_key_is_an_error_at_start_up(stored, monkeypatch) -> None:
    assert stored_secrets_open() == []
    _use(monkeypatch, Fernet.generate_key())
    [error] = stored_secrets_open()
    assert (error.id, "2 scanner connection(s)" in error.msg) == ("archway.E004", True)


def test_a_lost_key_never_leads_to_an_overwrite(world: World, stored, monkeypatch) -> None:
    before = _raw()
    _use(monkeypatch, Fernet.generate_key())
    with pytest.raises(CannotDecrypt):
        keys.store_secrets(stored[0], {"client_secret": "new"}, actor=Actor.of(world.imaging))
    assert _raw() == before


def test_the_way_out_deletes_on_purpose(world: World, stored, monkeypatch) -> None:
    _use(monkeypatch, Fernet.generate_key())
    row = ScannerIntegration.objects.without_secrets().get(pk=stored[0].pk)
    keys.forget(row, actor=Actor.of(world.imaging))
    keys.store_secrets(row, {"client_secret": "new"}, actor=Actor.of(world.imaging))
    assert ScannerIntegration.objects.get(pk=row.pk).credentials == {"client_secret": "new"}
    assert AuditEvent.objects.filter(verb="credentials.deleted", subject_uuid=row.uuid).exists()


def test_a_key_that_is_lost_for_good_costs_only_what_it_closed(stored, monkeypatch, capsys) -> None:
    _use(monkeypatch, Fernet.generate_key())
    ScannerIntegration.objects.filter(pk=stored[1].pk).update(credentials=SECRET)
    call_command("rotate_credentials", "--forget-unreadable")
    assert "1 connection(s) lost" in capsys.readouterr().out
    assert [row.credentials for row in ScannerIntegration.objects.order_by("pk")] == [None, SECRET]
    assert stored_secrets_open() == []


def test_what_is_entered_leaves_the_rest(world: World, stored) -> None:
    keys.store_secrets(stored[0], {"client_secret": "another"}, actor=Actor.of(world.imaging))
    assert ScannerIntegration.objects.get(pk=stored[0].pk).credentials == {**SECRET, "client_secret": "another"}


def test_no_representation_shows_a_secret(stored) -> None:
    row = ScannerIntegration.objects.get(pk=stored[0].pk)
    shown = f"{row!r} {row.credentials!r} {row.credentials} {vars(row)}"
    assert "the-secret" not in shown
    assert dict(row.credentials) == SECRET


def test_ciphertext_that_is_no_json_is_an_error_too(stored) -> None:
    text = library.encrypt_str("no json").decode()
    with database.cursor() as cursor:
        cursor.execute("UPDATE integrations_scannerintegration SET credentials = %s", [text])
    with pytest.raises(CannotDecrypt) as error:
        ScannerIntegration.objects.get(pk=stored[0].pk)
    assert "no json" not in f"{error.value} {error.value.__cause__}"
