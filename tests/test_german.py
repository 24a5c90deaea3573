"""A German desk reads German: no sentence of ours is left in English on any page."""

import re
from collections.abc import Iterator
from html import unescape

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from integrations.models import ScannerIntegration, SyncItem, SyncRun
from patients.audit import Actor
from patients.services import create_patient
from scans.models import Case, Delivery, Job
from tests.made import World, hand_over, itero_zip

CATALOG = settings.LOCALE_PATHS[0] / "de" / "LC_MESSAGES" / "django.po"
TELLING = 14
"""Characters of English that are no accident in a German page."""
LISTS = [
    "admin:index",
    "admin:scans_pendingcase_changelist",
    "admin:scans_pendingcase_guide",
    "admin:scans_pendingcase_upload",
    "admin:scans_case_changelist",
    "admin:scans_scan_changelist",
    "admin:scans_delivery_changelist",
    "admin:scans_job_changelist",
    "admin:patients_patient_changelist",
    "admin:patients_patient_add",
    "admin:patients_auditevent_changelist",
    "admin:integrations_scannerorder_changelist",
    "admin:integrations_scannerintegration_changelist",
    "admin:integrations_scannerintegration_add",
]


@pytest.fixture
def desk(world: World) -> Client:
    """Somebody of ours with a German browser; a case waits, a delivery was refused, a scanner failed."""
    create_patient(
        world.ours, first_name="Jan", last_name="Marsh", birth_date=None, chart_number="1", actor=Actor.system("test")
    )
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    hand_over(world.ours, {"note.txt": b"no scan at all"})
    last_error = "The cloud does not answer in time."
    connection = ScannerIntegration.objects.create(
        clinic=world.ours, scanner_type="ITERO", state="CONNECTED", account="7", last_error=last_error
    )
    run = SyncRun.objects.create(connection=connection, state=SyncRun.State.FAILED, message=last_error)
    SyncItem.objects.create(run=run, outcome=SyncItem.Outcome.FAILED, message=last_error)
    client = Client(headers={"accept-language": "de-DE,de;q=0.9,en;q=0.5"})
    client.force_login(world.imaging)
    return client


def test_no_page_shows_a_sentence_in_english(desk: Client) -> None:
    found = {}
    for address in _pages():
        answer = desk.get(address)
        assert answer.status_code == 200, address
        left = [words for words in _english() if words in _text(answer.content.decode())]
        if left:
            found[address] = left
    assert found == {}


def _pages() -> Iterator[str]:
    yield from map(reverse, LISTS)
    for state in ("HELD", "FILED", "REJECTED"):
        yield reverse("admin:scans_pendingcase_changelist") + f"?state={state}"
    case = Case.objects.get()
    yield reverse("admin:scans_case_change", args=[case.pk])
    yield reverse("admin:scans_pendingcase_case", args=[case.uuid])
    yield reverse("admin:scans_pendingcase_viewer", args=[case.uuid])
    for delivery in Delivery.objects.all():
        yield reverse("admin:scans_delivery_change", args=[delivery.pk])
    for job in Job.objects.all():
        yield reverse("admin:scans_job_change", args=[job.pk])
    connection = ScannerIntegration.objects.get()
    yield reverse("admin:integrations_scannerintegration_change", args=[connection.pk])
    yield reverse("admin:integrations_scannerintegration_act", args=[connection.pk, "forget"])
    yield reverse("admin:integrations_scannerintegration_act", args=[connection.pk, "disconnect"])


def _english() -> list[str]:
    """The longest piece without a gap of every sentence of ours that reads otherwise in German."""
    pieces = []
    for entry in polib.pofile(str(CATALOG)):
        piece = max(re.split(r"%\(\w+\)[sd]|\{\}", entry.msgid), key=len).strip()
        if len(piece) >= TELLING and " " in piece and piece not in entry.msgstr:
            pieces.append(piece)
    return pieces


def _text(page: str) -> str:
    """What is read or spoken: texts, and the labels that stand in attributes."""
    without_code = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder|value)="([^"]*)"', without_code)
    return " ".join(unescape(" ".join([re.sub(r"<[^>]+>", " ", without_code), *spoken])).split())


def test_a_person_changes_the_language_and_it_stays(desk: Client) -> None:
    queue = reverse("admin:scans_pendingcase_changelist")
    answer = desk.post(reverse("set_language"), {"language": "en-us", "next": queue}, follow=True)
    assert answer.redirect_chain[-1][0] == queue
    assert "Waiting cases" in _text(answer.content.decode())
    assert "Waiting cases" in _text(desk.get(queue).content.decode())


def test_the_language_is_offered_before_the_login_too(client: Client, db: None) -> None:
    page = client.get(reverse("admin:login"), headers={"accept-language": "de"}).content.decode()
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page
    assert "Sprache" in page


def test_an_address_elsewhere_is_no_way_on(desk: Client) -> None:
    answer = desk.post(reverse("set_language"), {"language": "de", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_days_are_written_as_the_clinic_writes_them(desk: Client, settings) -> None:
    """An American browser does not turn day and month round in a British clinic."""
    Case.objects.update(received_birth_date="1980-03-04")
    queue = reverse("admin:scans_pendingcase_changelist")
    assert "04.03.1980" in desk.get(queue).content.decode()
    settings.LANGUAGE_CODE, settings.LANGUAGES = "en-gb", [("en-gb", "English"), ("de", "Deutsch")]
    assert "04/03/1980" in desk.get(queue, headers={"accept-language": "en-US"}).content.decode()
    settings.LANGUAGE_CODE, settings.LANGUAGES = "en-us", [("en-us", "English"), ("de", "Deutsch")]
    assert "03/04/1980" in desk.get(queue, headers={"accept-language": "en-GB"}).content.decode()
