"""Every look at a scanner's other side, and what it brought."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.connections import ScannerIntegration
from integrations.models.orders import ScannerOrder
from integrations.querysets import RunQuerySet
from patients.models import Patient, Treatment
from patients.querysets import ClinicRows


class SyncRun(models.Model):
    """One look at the other side: the row is the truth, the queue's message only wakes a worker.

    order_id: the one order that is wanted, "" for all that is new. patient, treatment: where a person wants it filed.
    """

    class Reason(models.TextChoices):
        SCHEDULE = "SCHEDULE", _("schedule")
        PERSON = "PERSON", _("a person asked")
        CALLBACK = "CALLBACK", _("the cloud called")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("queued")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(ScannerIntegration, on_delete=models.CASCADE, related_name="runs")
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    order_id = models.CharField(_("order id"), max_length=255, blank=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, null=True, related_name="+")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    woken_at = models.DateTimeField(auto_now_add=True)
    listed = models.PositiveIntegerField(_("listed"), default=0)
    taken = models.PositiveIntegerField(_("taken"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    clinic_path: ClassVar[str] = "connection__clinic"
    objects: ClassVar = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        constraints = [
            # One at a time for each connection: two would fetch everything twice.
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state__in=["QUEUED", "RUNNING"]), name="one_open_run_per_connection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.uuid}"


class SyncItem(models.Model):
    """What a run did about one order; what became of it afterwards stands at its delivery."""

    class Outcome(models.TextChoices):
        TAKEN = "TAKEN", _("taken")
        FAILED = "FAILED", _("failed")

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey(ScannerOrder, on_delete=models.CASCADE, null=True, related_name="items")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    clinic_path: ClassVar[str] = "run__connection__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("order of a run")
        verbose_name_plural = _("orders of a run")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.code}"
