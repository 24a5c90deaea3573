"""Connections of a clinic to its scanners, and the secrets they need."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.fields import EncryptedJSONField
from integrations.querysets import ConnectionQuerySet
from patients.models import Clinic

TICK = timedelta(minutes=1)


class ScannerIntegration(models.Model):
    """One scanner system of a clinic, and how its connection stands.

    credentials: encrypted, never shown. Clouds keep `client_id`, `client_secret` and their tokens there, a 3Shape
        connection its `hps_key`.
    link is raised whenever a person changes whom the connection talks to: what was begun before that is void.
    token_version is raised with every new set of tokens; `refreshing` and `refresh_until` are the hold of the one
        caller who is renewing them.
    cursor: how far the last complete listing came, and what a folder looked like; its shape is the sync's own.
    """

    class ScannerType(models.TextChoices):
        ITERO = "ITERO", "iTero"
        THREESHAPE = "3SHAPE", "3Shape"
        MEDIT = "MEDIT", "Medit"

    class State(models.TextChoices):
        NEW = "NEW", _("not connected")
        CHOOSING = "CHOOSING", _("an account must be chosen")
        CONNECTED = "CONNECTED", _("connected")
        RECONNECT = "RECONNECT", _("reconnect needed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="integrations")
    scanner_type = models.CharField(_("scanner"), max_length=10, choices=ScannerType.choices)
    credentials: Any = EncryptedJSONField(null=True)
    is_active = models.BooleanField(_("active"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)

    region = models.CharField(_("region"), max_length=40, blank=True)
    base_url = models.URLField(max_length=300, blank=True, editable=False)
    oauth_base = models.URLField(max_length=300, blank=True, editable=False)
    account = models.CharField(_("account"), max_length=100, blank=True)
    account_name = models.CharField(_("account's name"), max_length=200, blank=True)
    scopes = models.CharField(_("scopes"), max_length=500, blank=True)
    folder = models.CharField(
        _("folder"), max_length=500, blank=True, help_text=_("The folder where a 3Shape scanner puts its exports.")
    )
    interval_minutes = models.PositiveSmallIntegerField(_("looks for new scans every … minutes"), default=5)

    link = models.PositiveIntegerField(default=0, editable=False)
    token_version = models.PositiveIntegerField(default=0, editable=False)
    refreshing = models.UUIDField(null=True, editable=False)
    refresh_until = models.DateTimeField(null=True, editable=False)

    cursor = models.JSONField(default=dict, blank=True, editable=False)
    last_sync_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    hinted_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    error_code = models.CharField(_("code of the last error"), max_length=60, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("scanner connection")
        verbose_name_plural = _("scanner connections")
        constraints = [models.UniqueConstraint(fields=["clinic", "scanner_type"], name="one_connection_per_scanner")]

    def __str__(self) -> str:
        return self.get_scanner_type_display()

    @property
    def has_hint(self) -> bool:
        """Whether the cloud called since the last look."""
        return self.hinted_at is not None and (self.last_attempt_at is None or self.hinted_at > self.last_attempt_at)

    def is_due(self, now: datetime) -> bool:
        # The clock that asks ticks once a minute: a look that started a moment after its tick is due all the same.
        interval = timedelta(minutes=self.interval_minutes) - TICK / 2
        return self.has_hint or self.last_attempt_at is None or self.last_attempt_at + interval <= now

    @property
    def is_cloud(self) -> bool:
        return self.scanner_type != self.ScannerType.THREESHAPE
