"""Addresses of the scanners' pages, and what is on them."""

import re

from django.test import Client
from django.urls import reverse

from integrations.models import ScannerIntegration

LIST = "/admin/integrations/scannerintegration/"
ADD = f"{LIST}add/"


def page_of(connection: ScannerIntegration) -> str:
    return reverse("admin:integrations_scannerintegration_change", args=[connection.pk])


def act_at(connection: ScannerIntegration, action: str) -> str:
    return reverse("admin:integrations_scannerintegration_act", args=[connection.pk, action])


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def steps_on(page: str) -> list[str]:
    """The words of the buttons among the steps of a connection, in their order."""
    found = []
    for steps in re.findall(r'<div class="aw-steps">.*?</div>', page, re.DOTALL):
        found += re.findall(r'class="aw-button[^>]*>\s*([^<]+?)\s*<', steps)
    return found


def settings_form(**changes: object) -> dict[str, object]:
    return {"is_active": "on", "interval_minutes": "5", **changes}
