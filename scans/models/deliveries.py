"""What was handed to us, and its files as they came."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.matching.identity import Identity
from patients.models import Clinic
from patients.querysets import ClinicRows
from scans.models.choices import SHA256
from scans.querysets import DeliveryQuerySet


class Delivery(models.Model):
    """One thing that was handed to us: an upload, a folder, a zip. Its files are safe before anything looks at them.

    `report` has a line for every entry, also for those that were refused; `code` and `message` say why a whole
    delivery was refused. `wanted` holds what the sender asked for (patient, treatment, category) and whom its
    order names; `sender` says who acted, also where it was no user.
    """

    class State(models.TextChoices):
        RECEIVING = "RECEIVING", _("arriving")
        RECEIVED = "RECEIVED", _("received")
        PROCESSED = "PROCESSED", _("processed")
        DUPLICATE = "DUPLICATE", _("already here")
        REJECTED = "REJECTED", _("rejected")
        FAILED = "FAILED", _("failed")

    class Channel(models.TextChoices):
        API = "API", _("API")
        UPLOAD = "UPLOAD", _("upload page")
        COMMAND = "COMMAND", _("command")
        SCANNER = "SCANNER", _("scanner connection")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sender = models.CharField(_("sender"), max_length=150, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    total_size = models.PositiveBigIntegerField(_("size"), default=0)
    # What an upload page is going to send, name and size each, and when it was heard of last.
    announced = models.JSONField(default=list, blank=True)
    heard_at = models.DateTimeField(null=True)
    wanted = models.JSONField(default=dict, blank=True)
    report = models.JSONField(_("report"), default=list, blank=True)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M} {self.get_channel_display()}"

    @property
    def account(self) -> str:
        """Which account of its source it came from, where it came from one."""
        return str(self.wanted.get("account", ""))

    @property
    def never_arrived(self) -> list[str]:
        """Names of the files that an upload page announced and did not send."""
        arrived = set(self.files.values_list("name", flat=True)) if self.announced else set()
        return [one["name"] for one in self.announced if one["name"] not in arrived]

    @property
    def ordered_for(self) -> Identity:
        """Who the order on the other side names, where it came from one."""
        return Identity(**self.wanted.get("ordered_for", {}))


class DeliveredFile(models.Model):
    """One file of a delivery as it came: its name is the sender's and stays in the database only."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.TextField(_("name"))
    sha256 = models.CharField(max_length=SHA256)
    size = models.PositiveBigIntegerField(_("size"))

    clinic_path: ClassVar[str] = "delivery__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivered file")
        verbose_name_plural = _("delivered files")
        constraints = [models.UniqueConstraint(fields=["delivery", "name"], name="delivered_name_once")]

    def __str__(self) -> str:
        return self.sha256[:12]
