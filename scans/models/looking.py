"""What a person keeps of looking at a scan: views to come back to, and distances that were measured."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.querysets import ClinicRows
from scans.models.scans import Scan


class SavedView(models.Model):
    """A way to look at a scan and its companions: camera, what is shown and how. `state` is the viewer's own words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=100)
    state = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "scan__case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """The distance between two points in mm.

    points: two of {"scan": uuid, "at_mm": [x, y, z]}, each in the coordinates of its own scan's file.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="measurements")
    name = models.CharField(_("name"), max_length=100, blank=True)
    points = models.JSONField(default=list)
    distance_mm = models.FloatField(_("distance"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "scan__case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")

    def __str__(self) -> str:
        return f"{self.distance_mm:.2f} mm"
