"""The meshes of a case, and what we found of them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models import Treatment
from scans.classification.verdict import CONFIDENT, Arch, Category, Role, Side, category_of
from scans.models.cases import Case
from scans.models.choices import SHA256, choices_of
from scans.querysets import ScanQuerySet


class Scan(models.Model):
    """One file of a case. The original lies in the store under its sha256, byte for byte."""

    class State(models.TextChoices):
        READY = "READY", _("ready")
        NEEDS_KEY = "NEEDS_KEY", _("needs key or export")
        REJECTED = "REJECTED", _("rejected")

    class FileType(models.TextChoices):
        SCAN_3D = "SCAN_3D", _("3D scan")

    class ScannerType(models.TextChoices):
        ITERO = "ITERO", "iTero"
        THREESHAPE = "3SHAPE", "3Shape"
        MEDIT = "MEDIT", "Medit"
        OTHER = "OTHER", _("other")

    class Format(models.TextChoices):
        STL = "STL", "STL"
        PLY = "PLY", "PLY"
        OBJ = "OBJ", "OBJ"
        DCM = "DCM", "DCM"

    class Categories(models.TextChoices):
        UPPER = str(Category.UPPER), _("upper")
        LOWER = str(Category.LOWER), _("lower")
        BITE = str(Category.BITE), _("bite")
        OTHER = str(Category.OTHER), _("other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="scans")
    # The case whose delivery brought it; a person may have moved it to another since.
    arrived_in = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="arrived_scans")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    file_type = models.CharField(max_length=10, choices=FileType.choices, default=FileType.SCAN_3D)
    category = models.CharField(_("type"), max_length=10, choices=Categories.choices, default=Categories.OTHER)
    scanner_type = models.CharField(_("scanner"), max_length=10, choices=ScannerType.choices, default="OTHER")
    scanner_vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    scan_format = models.CharField(_("format"), max_length=3, choices=Format.choices, blank=True)
    arch = models.CharField(_("arch"), max_length=10, choices=choices_of(Arch), default=str(Arch.UNKNOWN))
    role = models.CharField(_("role"), max_length=20, choices=choices_of(Role), default=str(Role.UNKNOWN))
    side = models.CharField(_("side"), max_length=5, choices=choices_of(Side), blank=True)
    position = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    name = models.TextField(_("name as received"))
    sha256 = models.CharField(max_length=SHA256, db_index=True)
    size = models.PositiveBigIntegerField(_("size"))
    companions = models.JSONField(default=dict, blank=True)
    vertex_count = models.PositiveIntegerField(_("vertices"), null=True)
    face_count = models.PositiveIntegerField(_("faces"), null=True)
    scan_quality = models.FloatField(_("quality"), null=True, blank=True)
    measures = models.JSONField(_("measures"), default=dict, blank=True)
    metadata = models.JSONField(_("metadata as received"), default=dict, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    verdict = models.JSONField(_("verdict"), default=dict, blank=True)
    confidence = models.FloatField(_("confidence"), default=0.0)
    decided_by_person = models.BooleanField(_("type chosen by a person"), default=False)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)
    quality = models.JSONField(_("what the quality is made of"), default=dict, blank=True)
    thumbnail = models.CharField(max_length=120, blank=True, editable=False)
    # What a browser shows first, and the whole surface; empty where the first is the whole. See scans.meshes.previews.
    preview = models.CharField(max_length=120, blank=True, editable=False)
    detail = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            # The same mesh three times in one case is one scan.
            models.UniqueConstraint(fields=["case", "sha256"], name="scan_content_once_per_case"),
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="scan_confidence_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.scan_format}"

    @property
    def treatment(self) -> Treatment | None:
        """The treatment a scan serves is its case's: one link, kept in one place."""
        return self.case.treatment

    @property
    def has_type_conflict(self) -> bool:
        return self.state == self.State.READY and not self.decided_by_person and bool(self.verdict.get("conflict"))

    @property
    def is_type_unsure(self) -> bool:
        open_question = self.state == self.State.READY and not self.decided_by_person
        return open_question and self.confidence < CONFIDENT and not self.has_type_conflict

    @property
    def needs_person(self) -> bool:
        return self.state != self.State.READY or self.has_type_conflict or self.is_type_unsure

    def set_verdict(self, verdict: dict[str, Any]) -> None:
        """Take over what a verdict says; the caller saves."""
        self.arch, self.role, self.side = verdict["arch"], verdict["role"], verdict["side"]
        self.position = verdict["index"]
        self.category = str(category_of(Arch(self.arch), Role(self.role)))
        self.confidence = verdict["confidence"]
        self.verdict = verdict
