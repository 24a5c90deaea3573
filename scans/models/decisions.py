"""What people decided about cases, and what is remembered of it for the next one."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Clinic, Patient
from patients.querysets import ClinicRows
from scans.models.cases import Case


class Decision(models.Model):
    """One decision of a person, with what it takes to undo it.

    `case_uuid` and `other_uuid` name the cases it touched; a case that a split made is gone once that is undone.
    `before` and `after` hold what it changed, see scans.services.snapshot, as long as it can be undone. `batch` joins
    what was decided at once.
    """

    class Kind(models.TextChoices):
        LINK = "LINK", _("filed under a patient")
        CREATE = "CREATE", _("filed under a new patient")
        HOLD = "HOLD", _("put on hold")
        REJECT = "REJECT", _("rejected")
        PUT_BACK = "PUT_BACK", _("put back into the queue")
        DISMISS = "DISMISS", _("not this patient")
        RECONSIDER = "RECONSIDER", _("may be this patient after all")
        TYPES = "TYPES", _("types chosen")
        SPLIT = "SPLIT", _("split in two")
        MOVE = "MOVE", _("scans moved to another case")
        MERGE = "MERGE", _("merged into another case")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("decision"), max_length=12, choices=Kind.choices)
    case_uuid = models.UUIDField(db_index=True)
    other_uuid = models.UUIDField(null=True, db_index=True)
    batch = models.UUIDField(null=True, db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150)
    made_at = models.DateTimeField(_("decided at"), auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["made_by", "-made_at"], name="decision_last_of_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_uuid}"


class Dismissal(models.Model):
    """A person said: this case is not this patient's. Never proposed again for the case, nor for its next versions."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="dismissals")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dismissed_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("patient ruled out")
        verbose_name_plural = _("patients ruled out")
        constraints = [models.UniqueConstraint(fields=["case", "patient"], name="dismissed_once")]

    def __str__(self) -> str:
        return str(self.patient)


class RememberedMatch(models.Model):
    """Whom a person filed the same words of the same sender under: proposed when they come again.

    `sender_key` is a digest of source, account, chart number and name as received, see scans.services.remembering.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    sender_key = models.CharField(max_length=64, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    case_uuid = models.UUIDField(editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("remembered match")
        verbose_name_plural = _("remembered matches")
        constraints = [
            # One case speaks once; two cases that speak for two patients are told apart by nobody but a person.
            models.UniqueConstraint(fields=["clinic", "sender_key", "case_uuid"], name="remembered_once_per_case"),
        ]

    def __str__(self) -> str:
        return str(self.patient)
