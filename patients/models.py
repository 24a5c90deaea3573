"""Clinics, who works in them, their patients, and the trail of what was done."""

import uuid
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.matching.identity import Identity
from patients.querysets import AuditQuerySet, ClinicRows, PatientQuerySet


class Clinic(models.Model):
    """The wall between tenants: every row of patients and scans belongs to exactly one clinic."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = ClinicRows.as_manager()
    clinic_path: ClassVar[str] = "pk"

    class Meta:
        ordering = ["name"]
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user works in a clinic. Without one a user sees nothing, superusers included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="memberships")

    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "clinic"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.clinic}"


class Patient(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    last_name = models.CharField(_("last name"), max_length=200)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    chart_number = models.CharField(_("chart number"), max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            # A chart number is the practice's own key: two patients with one would make it worthless for matching.
            models.UniqueConstraint(
                fields=["clinic", "chart_number"], condition=~Q(chart_number=""), name="chart_number_once_per_clinic"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "birth_date"], name="patient_birth_date")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.last_name, self.first_name) if part)

    def as_identity(self) -> Identity:
        """The values that matching compares; loads the aliases (prefetch `aliases` for many)."""
        return Identity(
            first_name=self.first_name,
            last_name=self.last_name,
            birth_date=self.birth_date,
            chart_number=self.chart_number,
            other_names=tuple((alias.first_name, alias.last_name) for alias in self.aliases.all()),
        )


class NameAlias(models.Model):
    """Another name a patient is known by: a maiden name, a nickname the clinic uses."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="aliases")
    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    last_name = models.CharField(_("last name"), max_length=200)

    clinic_path: ClassVar[str] = "patient__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.last_name, self.first_name) if part)


class SearchKey(models.Model):
    """A short key under which a patient is found although the name is misspelt; kept by patients.services."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "key"], name="search_key_once")]
        indexes = [models.Index(fields=["clinic", "key"], name="search_key_lookup")]

    def __str__(self) -> str:
        return self.key


class Treatment(models.Model):
    """A treatment plan that scans serve."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        ACTIVE = "ACTIVE", _("active")
        DONE = "DONE", _("done")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="treatments")
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "patient__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """Who did what to which row, when. Written in the transaction of the deed; never changed, never deleted.

    `subject` names the kind of row, `subject_uuid` the row; `detail` holds ids, codes and counts, never a name.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    actor_label = models.CharField(_("actor"), max_length=150)
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("on what"), max_length=40)
    subject_uuid = models.UUIDField(_("which"), null=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    detail = models.JSONField(_("detail"), default=dict)

    objects: ClassVar = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["subject_uuid"], name="audit_subject"),
            models.Index(fields=["clinic", "-at"], name="audit_clinic_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label}: {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("The audit trail is append-only.")
        super().save(force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValidationError("The audit trail is append-only.")
