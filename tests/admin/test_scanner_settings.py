"""The settings of a connection: saved whole or not at all, and secrets only go in."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.test import Client
from encrypted_model_fields import fields as library

from integrations.fields import CannotDecrypt
from integrations.models import ScannerIntegration
from integrations.services.keys import store_secrets, stored_names
from patients.audit import Actor
from patients.models import AuditEvent
from tests.admin.scanners import act_at, page_of, read, settings_form, steps_on
from tests.integrations.clouds import fresh
from tests.made import World

ACTOR = Actor.system("test")


@pytest.fixture
def trios(world: World) -> ScannerIntegration:
    return ScannerIntegration.objects.create(clinic=world.ours, scanner_type="3SHAPE")


@pytest.fixture
def itero(world: World) -> ScannerIntegration:
    return ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")


def test_what_was_entered_is_saved_and_told_as_stored_only(office: Client, itero: ScannerIntegration) -> None:
    assert read(office, page_of(itero)).count("Not stored.") == 2
    form = settings_form(interval_minutes="30", client_id="id-1", client_secret="secret-1")
    page = office.post(page_of(itero), form, follow=True).content.decode()
    saved = fresh(itero)
    assert (saved.interval_minutes, dict(saved.credentials)) == (30, {"client_id": "id-1", "client_secret": "secret-1"})
    assert page.count("Stored. Leave empty") == 2
    assert "id-1" not in page
    assert "secret-1" not in page


def test_an_empty_secret_keeps_the_stored_one(office: Client, itero: ScannerIntegration) -> None:
    store_secrets(itero, {"client_id": "id-1", "client_secret": "secret-1"}, actor=ACTOR)
    office.post(page_of(itero), settings_form(client_id="", client_secret="secret-2"))
    assert dict(fresh(itero).credentials) == {"client_id": "id-1", "client_secret": "secret-2"}


def test_a_mistake_gives_no_secret_back(office: Client, itero: ScannerIntegration) -> None:
    page = office.post(page_of(itero), settings_form(interval_minutes="0", client_secret="secret-1")).content.decode()
    assert "greater than or equal to 1" in page
    assert "secret-1" not in page
    assert fresh(itero).credentials is None


def test_a_change_leaves_a_trace_without_values(world: World, office: Client, itero: ScannerIntegration) -> None:
    office.post(page_of(itero), settings_form(is_active="", client_id="id-1"))
    trail = AuditEvent.objects.filter(subject_uuid=itero.uuid, actor=world.imaging).order_by("pk")
    assert [(event.verb, event.detail) for event in trail] == [
        ("credentials.changed", {"scanner": "ITERO", "names": ["client_id"]}),
        ("integration.changed", {"scanner": "ITERO", "fields": ["is_active"], "is_active": False}),
    ]


def test_a_folder_connects_a_trios_and_its_absence_disconnects(office: Client, trios, tmp_path: Path) -> None:
    office.post(page_of(trios), settings_form(folder=str(tmp_path)))
    assert (fresh(trios).state, fresh(trios).folder) == ("CONNECTED", str(tmp_path))
    office.post(page_of(trios), settings_form(folder=""))
    assert (fresh(trios).state, fresh(trios).folder) == ("NEW", "")


def test_another_folder_is_looked_at_with_fresh_eyes(office: Client, trios, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    ScannerIntegration.objects.update(folder=str(tmp_path / "old"), state="CONNECTED", cursor={"looks": {"a": 1}})
    office.post(page_of(trios), settings_form(folder=str(tmp_path / "old")))
    assert fresh(trios).cursor == {"looks": {"a": 1}}
    office.post(page_of(trios), settings_form(folder=str(tmp_path / "new")))
    assert fresh(trios).cursor == {}


def test_a_folder_that_is_not_there_is_a_warning(office: Client, trios, tmp_path: Path) -> None:
    page = office.post(page_of(trios), settings_form(folder=str(tmp_path / "away")), follow=True).content.decode()
    assert fresh(trios).state == "CONNECTED"
    assert "cannot be found from here now" in page
    assert (
        "cannot be found from here now"
        not in office.post(page_of(trios), settings_form(folder=str(tmp_path)), follow=True).content.decode()
    )


@pytest.mark.parametrize("folder", ["exports", "./exports", "/", "~/exports"])
def test_a_folder_is_named_by_its_whole_path(office: Client, trios: ScannerIntegration, folder: str) -> None:
    page = office.post(page_of(trios), settings_form(folder=folder)).content.decode()
    assert "Please enter the whole path" in page
    assert (fresh(trios).state, fresh(trios).folder) == ("NEW", "")


@pytest.mark.parametrize("place", ["", "inside", ".."])
def test_nobody_watches_the_folder_of_another_clinic(world: World, office: Client, trios, tmp_path, place) -> None:
    theirs = tmp_path / "theirs"
    ScannerIntegration.objects.create(clinic=world.theirs, scanner_type="3SHAPE", folder=str(theirs))
    page = office.post(page_of(trios), settings_form(folder=str(theirs / place))).content.decode()
    assert "in use already" in page
    assert fresh(trios).folder == ""


def test_nobody_watches_archway_s_own_data(office: Client, trios, settings) -> None:
    page = office.post(page_of(trios), settings_form(folder=f"{settings.DATA_DIR}/originals")).content.decode()
    assert "in use already" in page


def test_a_link_does_not_lead_around_that(world: World, office: Client, trios, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    ScannerIntegration.objects.create(clinic=world.theirs, scanner_type="3SHAPE", folder=str(tmp_path / "theirs"))
    assert (
        "in use already" in office.post(page_of(trios), settings_form(folder=str(tmp_path / "link"))).content.decode()
    )


@pytest.fixture
def unreadable(itero: ScannerIntegration, monkeypatch) -> ScannerIntegration:
    """Stored with a key that is gone."""
    store_secrets(itero, {"client_id": "id-1", "client_secret": "secret-1"}, actor=ACTOR)
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
    return itero


def test_secrets_that_cannot_be_opened_lock_no_page(office: Client, unreadable: ScannerIntegration) -> None:
    page = read(office, page_of(unreadable))
    assert "cannot be opened" in page
    assert "No scans come" in page
    assert "Delete the stored secrets" in steps_on(page)
    assert 'type="password"' not in page
    office.post(page_of(unreadable), settings_form(interval_minutes="9", client_id="id-2"))
    assert ScannerIntegration.objects.without_secrets().get().interval_minutes == 9
    with pytest.raises(CannotDecrypt):
        stored_names(unreadable.pk)


def test_they_are_deleted_after_a_question(office: Client, unreadable: ScannerIntegration) -> None:
    assert "Delete the stored secrets of iTero?" in read(office, act_at(unreadable, "forget"))
    office.post(act_at(unreadable, "forget"))
    assert stored_names(unreadable.pk) == frozenset()
    assert read(office, page_of(unreadable)).count("Not stored.") == 2
    assert AuditEvent.objects.filter(verb="credentials.deleted", subject_uuid=unreadable.uuid).exists()


def test_a_folder_is_watched_on_without_its_key(office: Client, trios: ScannerIntegration, tmp_path: Path) -> None:
    office.post(page_of(trios), settings_form(folder=str(tmp_path), hps_key="key-1"))
    office.post(act_at(trios, "forget"))
    kept = fresh(trios)
    assert (kept.state, kept.folder, kept.credentials) == ("CONNECTED", str(tmp_path), None)
