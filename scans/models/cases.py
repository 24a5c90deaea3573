"""The cases that deliveries became: who they say they are, and what was decided."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.matching.identity import Identity
from patients.models import Clinic, Patient, Treatment
from scans.exports.manifest import Source
from scans.models.choices import SHA256, choices_of
from scans.models.deliveries import Delivery
from scans.querysets import CaseQuerySet


class Case(models.Model):
    """One order or session of a scanner: who it says it is, its scans, and what became of it.

    `order_key` is the order id, or stands for the content where a delivery has none: with it a case is idempotent.
    `fingerprint` is over the contents of the meshes, so that the same order with other meshes is a new version.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", _("waiting")
        FILED = "FILED", _("filed")
        HELD = "HELD", _("on hold")
        REJECTED = "REJECTED", _("rejected")
        MERGED = "MERGED", _("merged into another case")

    class StateCode(models.TextChoices):
        """The usual reasons of a hold and of a rejection."""

        WAITING_FOR_PATIENT = "WAITING_FOR_PATIENT", _("Waiting for the patient")
        ASK_DOCTOR = "ASK_DOCTOR", _("Ask the doctor")
        POSSIBLE_DUPLICATE = "POSSIBLE_DUPLICATE", _("Possible duplicate")
        WRONG_CLINIC = "WRONG_CLINIC", _("Wrong clinic")
        TEST_SCAN = "TEST_SCAN", _("Test scan")
        WRONG_PATIENT = "WRONG_PATIENT", _("Wrong patient scanned")
        UNUSABLE = "UNUSABLE", _("Unusable scan")
        DUPLICATE = "DUPLICATE", _("Duplicate")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="cases")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="cases")
    source = models.CharField(_("source"), max_length=10, choices=choices_of(Source))
    vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    order_id = models.CharField(_("order id"), max_length=200, blank=True)
    order_key = models.CharField(max_length=220, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    fingerprint = models.CharField(max_length=SHA256, editable=False)

    received_full_name = models.CharField(_("name as received"), max_length=300, blank=True)
    received_first_name = models.CharField(_("first name as received"), max_length=200, blank=True)
    received_last_name = models.CharField(_("last name as received"), max_length=200, blank=True)
    received_birth_date = models.DateField(_("birth date as received"), null=True, blank=True)
    received_birth_date_text = models.CharField(_("birth date as written"), max_length=60, blank=True)
    received_chart_number = models.CharField(_("chart number as received"), max_length=100, blank=True)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    wait_codes = models.JSONField(_("why it waits"), default=list, blank=True)
    state_code = models.CharField(_("usual reason"), max_length=20, choices=StateCode.choices, blank=True)
    state_reason = models.CharField(_("reason in own words"), max_length=300, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    captured_at = models.DateTimeField(_("captured at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    metadata = models.JSONField(_("metadata as received"), default=dict, blank=True)

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [
            ("imaging_view", "imaging:view"),
            ("imaging_capture", "imaging:capture"),
            ("imaging_admin", "imaging:admin"),
        ]
        constraints = [
            # The same order twice is one case; a re-issued one is the next version.
            models.UniqueConstraint(fields=["clinic", "source", "order_key", "version"], name="case_version_once"),
            models.UniqueConstraint(fields=["clinic", "source", "order_key", "fingerprint"], name="case_content_once"),
            # A filed case has a patient, any other has none: no half-decided rows.
            models.CheckConstraint(
                condition=(Q(state="FILED") & Q(patient__isnull=False)) | (~Q(state="FILED") & Q(patient__isnull=True)),
                name="filed_means_patient",
            ),
            models.CheckConstraint(
                condition=(Q(state="MERGED") & Q(merged_into__isnull=False))
                | (~Q(state="MERGED") & Q(merged_into__isnull=True)),
                name="merged_means_into_another",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "state", "-received_at"], name="case_queue")]

    def __str__(self) -> str:
        return self.received_name or self.order_id or str(self.uuid)

    @property
    def received_name(self) -> str:
        parts = (self.received_last_name, self.received_first_name)
        return self.received_full_name or ", ".join(part for part in parts if part)

    @property
    def reason(self) -> str:
        """Why it is on hold or rejected: the usual reason, the person's own words, or both."""
        return ": ".join(part for part in (str(self.get_state_code_display()), self.state_reason) if part)

    def identity(self) -> Identity:
        """Who the scanner says it is, field by field as received."""
        return Identity(
            first_name=self.received_first_name,
            last_name=self.received_last_name,
            full_name=self.received_full_name,
            birth_date=self.received_birth_date,
            birth_date_text=self.received_birth_date_text,
            chart_number=self.received_chart_number,
        )


class PendingCase(Case):
    """The cases a receptionist clears: an entry of its own in the admin."""

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("waiting case")
        verbose_name_plural = _("waiting cases")
