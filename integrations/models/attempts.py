"""A person on the way through a cloud's consent page."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from integrations.fields import EncryptedJSONField
from integrations.models.connections import ScannerIntegration
from patients.querysets import ClinicRows


class ConnectAttempt(models.Model):
    """Made when the consent page is asked for, gone when the answer comes: so a state is good once.

    state_hash, session_hash: SHA-256 of what the browser must bring back; the latter is empty where an API client with
        a token asked, and then the user alone is what the answer is bound to.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(ScannerIntegration, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64)
    session_hash = models.CharField(max_length=64, blank=True)
    verifier = EncryptedJSONField()
    redirect_uri = models.URLField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "connection__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    def __str__(self) -> str:
        return str(self.uuid)
