"""The orders on the other side, and how far each has come here."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connections import ScannerIntegration
from integrations.querysets import OrderQuerySet
from patients.matching.identity import Identity
from scans.models import Delivery


class ScannerOrder(models.Model):
    """One order of a cloud account, or one export of a folder, as it was last seen.

    revision: changes with the order's files; taken_revision: the one that was handed over, "" when none was. Both are
        set in the transaction that stores the delivery, so an order is here once for each revision.
    is_settled: whether the other side has heard what became of the delivery.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(ScannerIntegration, on_delete=models.CASCADE, related_name="orders")
    account = models.CharField(max_length=100, blank=True)
    order_id = models.CharField(_("order id"), max_length=255)
    revision = models.CharField(max_length=128)
    taken_revision = models.CharField(max_length=128, blank=True)
    is_ready = models.BooleanField(_("ready"), default=False)
    changed_at = models.DateTimeField(_("changed there"))
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    last_name = models.CharField(_("last name"), max_length=200, blank=True)
    full_name = models.CharField(_("name"), max_length=300, blank=True)
    chart_number = models.CharField(_("chart number"), max_length=100, blank=True)

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="scanner_orders")
    is_settled = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    next_attempt_at = models.DateTimeField(null=True)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)

    clinic_path: ClassVar[str] = "connection__clinic"
    objects: ClassVar = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("scanner's order")
        verbose_name_plural = _("scanner's orders")
        constraints = [
            models.UniqueConstraint(fields=["connection", "account", "order_id"], name="scanner_order_once"),
        ]
        indexes = [models.Index(fields=["connection", "-changed_at"], name="scanner_order_newest")]

    def __str__(self) -> str:
        return str(self.uuid)  # never the order's id: a folder's name is often a person's

    def identity(self) -> Identity:
        """Who the other side says it is."""
        return Identity(
            first_name=self.first_name,
            last_name=self.last_name,
            full_name=self.full_name,
            chart_number=self.chart_number,
        )
