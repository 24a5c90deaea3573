"""The ledger of background work."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models import Clinic
from scans.querysets import LeasedRows


class Job(models.Model):
    """The ledger of background work: this row is the truth, the queue's message only wakes a worker.

    attempts is raised before the work starts, so that a job that kills its worker runs out of attempts.
    A worker holds a job by `worker` and `lease_until`, which it renews while it works.
    """

    class Kind(models.TextChoices):
        PROCESS_DELIVERY = "PROCESS_DELIVERY", _("read a delivery")
        REPROCESS_CASE = "REPROCESS_CASE", _("read a case again")
        REGISTER_BITES = "REGISTER_BITES", _("find out how the jaws meet")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("queued")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        QUARANTINED = "QUARANTINED", _("given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(_("work"), max_length=20, choices=Kind.choices)
    subject_uuid = models.UUIDField(_("on what"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    steps_done = models.PositiveIntegerField(default=0, editable=False)
    steps_total = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    outcome = models.JSONField(_("outcome"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    woken_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = LeasedRows.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            # One open job for one piece of work: a second request finds the first.
            models.UniqueConstraint(
                fields=["kind", "subject_uuid"],
                condition=Q(state__in=["QUEUED", "RUNNING"]),
                name="one_open_job_per_subject",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_stale")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uuid}"
