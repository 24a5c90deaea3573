"""Connections of a clinic to its scanners, and the secrets they need."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.fields import EncryptedJSONField
from patients.models import Clinic
from patients.querysets import ClinicRows


class ScannerIntegration(models.Model):
    """One scanner system of a clinic. `credentials` is encrypted and never shown; 3SHAPE keeps its `hps_key` there."""

    class ScannerType(models.TextChoices):
        ITERO = "ITERO", "iTero"
        THREESHAPE = "3SHAPE", "3Shape"
        MEDIT = "MEDIT", "Medit"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="integrations")
    scanner_type = models.CharField(_("scanner"), max_length=10, choices=ScannerType.choices)
    credentials: Any = EncryptedJSONField(null=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("scanner connection")
        verbose_name_plural = _("scanner connections")
        constraints = [models.UniqueConstraint(fields=["clinic", "scanner_type"], name="one_connection_per_scanner")]

    def __str__(self) -> str:
        return self.get_scanner_type_display()
