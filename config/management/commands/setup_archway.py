"""manage.py setup_archway : groups with their permissions, and the schedules of the queue. Run after each upgrade."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand

from scans.queue import ensure_schedules
from scans.scopes import PERMISSIONS, ROLES

SCHEDULES = {
    "sweep stale jobs": "scans.tasks.sweep_jobs",
    "sync scanners": "integrations.tasks.sync_due",
}
"""What a worker is told every minute: to find work whose worker died, and to look for new scans where it is time."""
PATIENT_PERMISSIONS = tuple(
    f"{action}_{model}" for model in ("patient", "namealias", "treatment") for action in ("view", "add", "change")
)


class Command(BaseCommand):
    help = "Keep the groups and the schedules that Archway needs; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, scopes in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            imaging = [PERMISSIONS[scope].split(".")[1] for scope in scopes]
            wanted = [*imaging, *PATIENT_PERMISSIONS]
            if "imaging_admin" in imaging:
                wanted.append("view_auditevent")
            group.permissions.set(Permission.objects.filter(codename__in=wanted))
        ensure_schedules(SCHEDULES)
        self.stdout.write("Groups and schedules are in place.")
