"""What tests of a connected cloud do: connect as a person would, look once, and read what came."""

from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.models import User

from integrations.models import ScannerIntegration, SyncRun
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting, runs
from integrations.services.connecting import Returned
from integrations.services.keys import store_secrets
from integrations.services.runs import OneOrder
from patients.audit import Actor
from patients.models import Clinic
from scans.models import Job
from scans.services import jobs
from tests.made import itero_zip

SESSION = "a-session"


def new_connection(clinic: Clinic, sandbox: Sandbox, user: User) -> ScannerIntegration:
    """Set up, not connected."""
    connection = ScannerIntegration.objects.create(clinic=clinic, scanner_type="ITERO")
    options = sandbox.options
    secrets = {"client_id": options.client_id, "client_secret": options.client_secret}
    store_secrets(connection, secrets, actor=Actor.of(user))
    return fresh(connection)


def fresh(connection: ScannerIntegration) -> ScannerIntegration:
    return ScannerIntegration.objects.select_related("clinic").get(pk=connection.pk)


def returned(address: str) -> Returned:
    """What the browser brings back with this address."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return Returned(said.get("state", ""), said.get("code", ""), said.get("error", ""))


def consent(connection: ScannerIntegration, sandbox: Sandbox, user: User) -> ScannerIntegration:
    address = connecting.start(connection, session_key=SESSION, actor=Actor.of(user))
    answer = returned(sandbox.approve(address))
    return connecting.finish(answer, session_key=SESSION, actor=Actor.of(user))


def connect(connection: ScannerIntegration, sandbox: Sandbox, user: User) -> ScannerIntegration:
    waiting = consent(connection, sandbox, user)
    first = connecting.accounts(waiting)[0]
    connecting.choose(fresh(waiting), first.account, actor=Actor.of(user))
    return fresh(connection)


def look(connection: ScannerIntegration, only: OneOrder | None = None) -> SyncRun:
    """One look, and then everything that came is read."""
    run = runs.ask_for(fresh(connection), reason=SyncRun.Reason.PERSON, actor=Actor.system("test"), only=only)
    runs.run(run.uuid)
    read_all()
    run.refresh_from_db()
    return run


def read_all() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.uuid)


def put_order(sandbox: Sandbox, order: str, last: str, first: str = "Jane", chart: str = "", *, seed: int = 1) -> str:
    """An order in the cloud whose zip is a small real export."""
    content = export(order, last, first, chart, seed=seed)
    patient = {"firstName": first, "lastName": last, "chartNumber": chart}
    return sandbox.add_order(patient, content=content, rxId=order, silent=True)


def export(order: str, last: str, first: str = "Jane", chart: str = "", *, seed: int = 1) -> bytes:
    return next(iter(itero_zip(order, f"{last}, {first}", chart, seed=seed).values()))
