"""Secrets lie encrypted in their row and nowhere else: a connection lives its life, then everything is searched."""

import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from integrations.models import CallbackEvent, ScannerIntegration, ScannerOrder, SyncItem, SyncRun
from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.sandbox.server import process
from patients.models import AuditEvent
from scans.models import Job
from tests.admin.scanners import ADD, LIST, act_at, page_of, settings_form
from tests.integrations.clouds import fresh, look, put_order
from tests.integrations.itero.conftest import PUBLIC
from tests.made import World

PLANTED = {"client_id": "planted-client-id", "client_secret": "planted-client-secret", "hps_key": "planted-hps-key"}
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


class Search:
    """Everything secret that was ever seen, and every text that must not hold it."""

    def __init__(self) -> None:
        self.secrets: set[str] = set(PLANTED.values())
        self.texts: dict[str, str] = {}

    def learn(self) -> None:
        """The secrets of this moment, opened and as they lie in the table."""
        for row in ScannerIntegration.objects.all():
            values = {name: value for name, value in (row.credentials or {}).items() if name != "expires_at"}
            self.secrets |= set(values.values())
        with database.cursor() as cursor:
            cursor.execute("SELECT credentials FROM integrations_scannerintegration WHERE credentials IS NOT NULL")
            self.secrets |= {row[0] for row in cursor.fetchall()}

    def keep(self, place: str, text: str) -> None:
        self.texts[f"{len(self.texts)} {place}"] = text

    def found(self) -> list[tuple[str, str]]:
        return [(place, secret) for place, text in self.texts.items() for secret in self.secrets if secret in text]


@pytest.fixture
def sandbox(settings) -> Iterator[Sandbox]:
    """In a process of its own: what a cloud logs is not ours."""
    options = Options(
        redirect_uris=(f"{PUBLIC}/api/imaging/3d/itero/auth/callback",),
        client_id=PLANTED["client_id"],
        client_secret=PLANTED["client_secret"],
    )
    with process(options) as sandbox:
        host = sandbox.address.removeprefix("http://")
        settings.ARCHWAY_CLOUDS = {
            "ITERO": {"base_url": sandbox.address, "oauth_base": sandbox.address, "hosts": [host]}
        }
        settings.ARCHWAY_PUBLIC_URL = PUBLIC
        yield sandbox


@pytest.fixture
def search(world: World, office: Client, sandbox: Sandbox, caplog, capsys) -> Search:
    """Set up, connect, look, renew, lose the grant, leave: and look at every page after each."""
    caplog.set_level(logging.DEBUG)
    search = Search()
    itero = _set_up(world, office, search)
    _connect(office, sandbox, itero, search)
    _look_and_renew(office, sandbox, itero, search)
    _leave(office, sandbox, itero, search)
    call_command("rotate_credentials")
    _read_everything(office, search)
    search.keep("log", caplog.text)
    search.keep("log records", str([vars(record) for record in caplog.records]))
    search.keep("output", "".join(capsys.readouterr()))
    return search


def _set_up(world: World, office: Client, search: Search) -> ScannerIntegration:
    for scanner, names in (("3SHAPE", ["hps_key"]), ("ITERO", ["client_id", "client_secret"])):
        office.post(ADD, {"clinic": world.ours.pk, "scanner_type": scanner})
        added = ScannerIntegration.objects.without_secrets().get(scanner_type=scanner)
        form = settings_form(**{name: PLANTED[name] for name in names})
        wrong = office.post(page_of(added), {**form, "interval_minutes": "never"})
        search.keep("the form after a mistake", wrong.content.decode())
        office.post(page_of(added), form)
    _read_everything(office, search)
    return added


def _connect(office: Client, sandbox: Sandbox, itero: ScannerIntegration, search: Search) -> None:
    consent_page = office.get(f"{reverse('scanners:itero-auth')}?clinic={itero.clinic.uuid}", headers=BROWSER)[
        "Location"
    ]
    # OAuth shows the client id to the browser: in this one address and nowhere else.
    search.keep("consent address", consent_page.replace(PLANTED["client_id"], ""))
    back = urlsplit(sandbox.approve(consent_page))
    search.keep("callback", office.get(f"{back.path}?{back.query}", headers=BROWSER, follow=True).content.decode())
    _read_everything(office, search)
    office.post(act_at(itero, "choose"), {"account": "1001"})
    _read_everything(office, search)
    assert "callback_secret" in fresh(itero).credentials


def _look_and_renew(office: Client, sandbox: Sandbox, itero: ScannerIntegration, search: Search) -> None:
    put_order(sandbox, "5001", "Marsh")
    office.post(act_at(itero, "sync"))
    search.keep("queue", str(list(OrmQ.objects.values())))
    before = fresh(itero).credentials["access_token"]
    SyncRun.objects.all().delete()
    sandbox.expire_tokens()
    assert look(itero).state == SyncRun.State.DONE
    assert fresh(itero).credentials["access_token"] != before
    _read_everything(office, search)


def _leave(office: Client, sandbox: Sandbox, itero: ScannerIntegration, search: Search) -> None:
    sandbox.revoke_grants()
    sandbox.expire_tokens()
    assert look(itero).code == "grant_lost"
    _read_everything(office, search)
    search.keep("disconnecting", office.post(act_at(itero, "disconnect"), follow=True).content.decode())


def _read_everything(office: Client, search: Search) -> None:
    search.learn()
    pages = [LIST, ADD, "/admin/", "/admin/patients/auditevent/", "/admin/scans/job/", "/admin/scans/delivery/"]
    for row in ScannerIntegration.objects.without_secrets():
        pages += [page_of(row), act_at(row, "disconnect"), act_at(row, "forget")]
    pages += [f"/admin/patients/auditevent/{event.pk}/change/" for event in AuditEvent.objects.all()]
    pages += [f"/admin/integrations/scannerorder/{order.pk}/change/" for order in ScannerOrder.objects.all()]
    pages += ["/admin/integrations/scannerorder/", reverse("scanners:itero-scans"), "/api/imaging/3d/cases"]
    pages += [reverse("scanners:itero-run", args=[run.uuid]) for run in SyncRun.objects.all()]
    for address in pages:
        answer = office.get(address)
        assert answer.status_code == 200, address
        search.keep(address, answer.content.decode() + str(answer.headers))
    for model in (AuditEvent, OrmQ, Job, SyncRun, SyncItem, ScannerOrder, CallbackEvent, LogEntry):
        search.keep(model.__name__, str(list(model.objects.values())))
    search.keep("rows", str([vars(row) for row in ScannerIntegration.objects.all()]))


def test_no_page_no_answer_no_row_and_no_log_holds_a_secret(search: Search) -> None:
    kinds = {"planted-client-secret", "planted-hps-key", "planted-client-id"}
    assert kinds < search.secrets
    assert len(search.secrets) > 10, "tokens of several sets, the callbacks' secret, and each encrypted"
    assert len(search.texts) > 100
    assert search.found() == []


def test_the_search_finds_what_is_there() -> None:
    search = Search()
    search.keep("page", f"<p>{PLANTED['hps_key']}</p>")
    assert search.found() == [("0 page", PLANTED["hps_key"])]
