"""What a cloud told us by itself."""

from typing import ClassVar

from django.db import models

from integrations.models.connections import ScannerIntegration
from patients.querysets import ClinicRows


class CallbackEvent(models.Model):
    """One notification that was taken for true; kept for a while, so that a repeated one is known for what it is."""

    connection = models.ForeignKey(ScannerIntegration, on_delete=models.CASCADE, related_name="callbacks")
    event_id = models.CharField(max_length=100)
    received_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "connection__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "event_id"], name="callback_once")]

    def __str__(self) -> str:
        return self.event_id
