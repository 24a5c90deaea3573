"""The demo clinic in a browser: made-up exports that went the real way, and the front desk logged in."""

from pathlib import Path

from django.core.management import call_command
from playwright.sync_api import Page

from scans.models import Job
from scans.services import jobs
from scans.services.demo import ensure_clinic, import_exports

FACES = 6_000


def open_demo(page: Page, address: str, folder: Path, *, faces: int = FACES, user: str = "frontdesk") -> str:
    """Fill the clinic and log in; returns the address of the server."""
    call_command("setup_archway", verbosity=0)
    clinic, passwords = ensure_clinic(folder / "passwords.json")
    outcomes = import_exports(clinic, lambda done, total: None, faces=faces)
    lost = [(one.label, one.delivery.state) for one in outcomes if one.delivery.cases.count() != 1]
    assert lost == []
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.uuid)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(passwords[user])
    page.get_by_role("button", name="Log in").click()
    return address
