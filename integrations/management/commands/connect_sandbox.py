"""manage.py connect_sandbox : the demonstration clinic's iTero connection, to a sandbox that runs already."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from integrations.errors import ConnectorError
from integrations.sandbox.options import Options
from integrations.sandbox.remote import Sandbox
from integrations.services.demo import connect_to
from patients.models import Clinic
from scans.services.demo import CLINIC

USER = "imaging"


class Command(BaseCommand):
    help = "Connect the demo clinic to the iTero sandbox at ARCHWAY_ITERO_URL; `serve --with-sandbox` calls it."

    def handle(self, *args: Any, **options: Any) -> None:
        address = str(settings.ARCHWAY_CLOUDS["ITERO"]["base_url"])
        clinic = Clinic.objects.filter(name=CLINIC).first()
        if not address or clinic is None:
            raise CommandError("Set ARCHWAY_ITERO_URL to the sandbox's address, and run `manage.py demo` first.")
        if urlsplit(address).hostname != "127.0.0.1":
            raise CommandError("ARCHWAY_ITERO_URL is not the address of a sandbox on this machine.")
        try:
            connection = connect_to(Sandbox(address, Options()), clinic, User.objects.get(username=USER))
        except ConnectorError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{clinic} is connected to {connection}: {connection.account_name}.")
