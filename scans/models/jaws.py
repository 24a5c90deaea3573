"""How the jaws of a case meet: its bites, and what is known of the relation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.querysets import ClinicRows
from scans.models.cases import Case
from scans.models.scans import Scan


class BiteLink(models.Model):
    """A bite fixes how an upper and a lower meet: which ones, why we think so, and what laying it on both showed."""

    class State(models.TextChoices):
        NOT_CHECKED = "NOT_CHECKED", _("not checked yet")
        CONFIRMED = "CONFIRMED", _("fits both arches")
        DOES_NOT_FIT = "DOES_NOT_FIT", _("does not fit")
        UNCERTAIN = "UNCERTAIN", _("not sure that it fits")
        FAILED = "FAILED", _("could not be checked")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="bite_links")
    bite = models.OneToOneField(Scan, on_delete=models.CASCADE, related_name="bite_link")
    upper = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, related_name="+")
    lower = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, related_name="+")
    evidence = models.TextField(_("evidence"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NOT_CHECKED)
    # See scans.meshes.registration.bite_fit. A transform takes the arch into the bite's frame: 16 numbers, row by row.
    upper_fitness = models.FloatField(_("fits the upper"), null=True, blank=True)
    upper_rms_mm = models.FloatField(null=True, blank=True)
    upper_transform = models.JSONField(null=True, blank=True)
    lower_fitness = models.FloatField(_("fits the lower"), null=True, blank=True)
    lower_rms_mm = models.FloatField(null=True, blank=True)
    lower_transform = models.JSONField(null=True, blank=True)
    explained = models.FloatField(_("part of the bite that lies on an arch"), null=True, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("bite link")
        verbose_name_plural = _("bite links")

    def __str__(self) -> str:
        return self.evidence


class Occlusion(models.Model):
    """How the jaws of a case meet, and how that is known."""

    class Kind(models.TextChoices):
        AS_EXPORTED = "AS_EXPORTED", _("the files lie in occlusion as they were exported")
        MATRIX = "MATRIX", _("the scanner's matrices place the jaws in occlusion")
        BITE = "BITE", _("a bite scan that fits both jaws")
        UNKNOWN = "UNKNOWN", _("not known")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="occlusion")
    kind = models.CharField(_("known from"), max_length=12, choices=Kind.choices, default=Kind.UNKNOWN)
    upper = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, related_name="+")
    lower = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, related_name="+")
    # Takes the lower's file into the upper's frame: 16 numbers, row by row, column vectors, mm; null when unknown.
    lower_to_upper = models.JSONField(null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    numbers = models.JSONField(_("measured"), default=dict, blank=True)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        verbose_name = _("occlusion")
        verbose_name_plural = _("occlusions")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_known(self) -> bool:
        return self.kind != self.Kind.UNKNOWN
