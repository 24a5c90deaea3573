"""The demonstration clinic's iTero connection, made the way a person makes it, with the sandbox on the other side."""

from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.models import User
from django.db import transaction

from integrations.models import ScannerIntegration
from integrations.sandbox.remote import Sandbox
from integrations.services import connecting
from integrations.services.connecting import Returned
from integrations.services.keys import store_secrets
from patients.audit import Actor
from patients.models import Clinic

SESSION = "demo"
ITERO = ScannerIntegration.ScannerType.ITERO


def connect_to(sandbox: Sandbox, clinic: Clinic, user: User) -> ScannerIntegration:
    """Connected afterwards, to the sandbox's first account; one that is connected already stays as it is."""
    connection = _set_up(sandbox, clinic, user)
    if connection.state == ScannerIntegration.State.CONNECTED and connection.base_url.startswith(sandbox.address):
        return connection
    actor = Actor.of(user)
    page = connecting.start(connection, session_key=SESSION, actor=actor)
    said = {name: values[0] for name, values in parse_qs(urlsplit(sandbox.approve(page)).query).items()}
    returned = Returned(said.get("state", ""), said.get("code", ""), said.get("error", ""))
    waiting = connecting.finish(returned, session_key=SESSION, actor=actor)
    connecting.choose(waiting, connecting.accounts(waiting)[0].account, actor=actor)
    return waiting


def _set_up(sandbox: Sandbox, clinic: Clinic, user: User) -> ScannerIntegration:
    options = sandbox.options
    with transaction.atomic():
        connection, _ = ScannerIntegration.objects.get_or_create(
            clinic=clinic, scanner_type=ITERO, defaults={"interval_minutes": 1}
        )
        secrets = {"client_id": options.client_id, "client_secret": options.client_secret}
        if not secrets.items() <= (connection.credentials or {}).items():
            store_secrets(connection, secrets, actor=Actor.of(user))
    found: ScannerIntegration = ScannerIntegration.objects.select_related("clinic").get(pk=connection.pk)
    return found
