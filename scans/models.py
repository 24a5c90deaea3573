"""What came in, the cases it became, their scans, and the ledger of background work."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.matching.identity import Identity
from patients.models import Clinic, Patient, Treatment
from patients.querysets import ClinicRows
from scans.classification.verdict import CONFIDENT, Arch, Category, Role, Side, category_of
from scans.exports.manifest import Source
from scans.querysets import CaseQuerySet, JobQuerySet, ScanQuerySet

SHA256 = 64


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(str(member), str(member).replace("_", " ")) for member in enum]  # type: ignore[attr-defined]


def outcomes_by_field(reasons: list[dict[str, Any]]) -> list[dict[str, str]]:
    order = ["different", "similar", "equal", "missing"]
    found: dict[str, str] = {}
    for reason in reasons:
        known = found.get(reason["field"], "missing")
        found[reason["field"]] = min(known, reason["outcome"], key=order.index)
    return [{"field": field, "outcome": outcome} for field, outcome in found.items()]


class Delivery(models.Model):
    """One thing that was handed to us: an upload, a folder, a zip. Its files are safe before anything looks at them.

    `report` has a line for every entry, also for those that were refused; `code` and `message` say why a whole
    delivery was refused. `wanted` holds what the sender asked for: patient, treatment, category.
    """

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("received")
        PROCESSED = "PROCESSED", _("processed")
        DUPLICATE = "DUPLICATE", _("already here")
        REJECTED = "REJECTED", _("rejected")
        FAILED = "FAILED", _("failed")

    class Channel(models.TextChoices):
        API = "API", _("API")
        UPLOAD = "UPLOAD", _("upload page")
        COMMAND = "COMMAND", _("command")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    total_size = models.PositiveBigIntegerField(_("size"), default=0)
    wanted = models.JSONField(default=dict, blank=True)
    report = models.JSONField(_("report"), default=list, blank=True)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)

    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M} {self.get_channel_display()}"


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


class Case(models.Model):
    """One order or session of a scanner: who it says it is, its scans, and what became of it.

    `order_key` is the order id, or stands for the content where a delivery has none: with it a case is idempotent.
    `fingerprint` is over the contents of the meshes, so that the same order with other meshes is a new version.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", _("waiting")
        FILED = "FILED", _("filed")
        HELD = "HELD", _("on hold")
        REJECTED = "REJECTED", _("rejected")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="cases")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="cases")
    source = models.CharField(_("source"), max_length=10, choices=_choices(Source))
    vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    order_id = models.CharField(_("order id"), max_length=200, blank=True)
    order_key = models.CharField(max_length=220, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    fingerprint = models.CharField(max_length=SHA256, editable=False)

    received_full_name = models.CharField(_("name as received"), max_length=300, blank=True)
    received_first_name = models.CharField(_("first name as received"), max_length=200, blank=True)
    received_last_name = models.CharField(_("last name as received"), max_length=200, blank=True)
    received_birth_date = models.DateField(_("birth date as received"), null=True, blank=True)
    received_birth_date_text = models.CharField(_("birth date as written"), max_length=60, blank=True)
    received_chart_number = models.CharField(_("chart number as received"), max_length=100, blank=True)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    wait_codes = models.JSONField(_("why it waits"), default=list, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    captured_at = models.DateTimeField(_("captured at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    metadata = models.JSONField(_("metadata as received"), default=dict, blank=True)

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [
            ("imaging_view", "imaging:view"),
            ("imaging_capture", "imaging:capture"),
            ("imaging_admin", "imaging:admin"),
        ]
        constraints = [
            # The same order twice is one case; a re-issued one is the next version.
            models.UniqueConstraint(fields=["clinic", "source", "order_key", "version"], name="case_version_once"),
            models.UniqueConstraint(fields=["clinic", "source", "order_key", "fingerprint"], name="case_content_once"),
            # A filed case has a patient, any other has none: no half-decided rows.
            models.CheckConstraint(
                condition=(Q(state="FILED") & Q(patient__isnull=False)) | (~Q(state="FILED") & Q(patient__isnull=True)),
                name="filed_means_patient",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "state", "-received_at"], name="case_queue")]

    def __str__(self) -> str:
        return self.received_name or self.order_id or str(self.uuid)

    @property
    def received_name(self) -> str:
        parts = (self.received_last_name, self.received_first_name)
        return self.received_full_name or ", ".join(part for part in parts if part)

    def identity(self) -> Identity:
        """Who the scanner says it is, field by field as received."""
        return Identity(
            first_name=self.received_first_name,
            last_name=self.received_last_name,
            full_name=self.received_full_name,
            birth_date=self.received_birth_date,
            birth_date_text=self.received_birth_date_text,
            chart_number=self.received_chart_number,
        )


class PendingCase(Case):
    """The cases a receptionist clears: an entry of its own in the admin."""

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("waiting case")
        verbose_name_plural = _("waiting cases")


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
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    file_type = models.CharField(max_length=10, choices=FileType.choices, default=FileType.SCAN_3D)
    category = models.CharField(_("type"), max_length=10, choices=Categories.choices, default=Categories.OTHER)
    scanner_type = models.CharField(_("scanner"), max_length=10, choices=ScannerType.choices, default="OTHER")
    scanner_vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    scan_format = models.CharField(_("format"), max_length=3, choices=Format.choices, blank=True)
    arch = models.CharField(_("arch"), max_length=10, choices=_choices(Arch), default=str(Arch.UNKNOWN))
    role = models.CharField(_("role"), max_length=20, choices=_choices(Role), default=str(Role.UNKNOWN))
    side = models.CharField(_("side"), max_length=5, choices=_choices(Side), blank=True)
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
    # What a browser shows first, and the whole surface; empty where the first is the whole. See scans.meshes.preview.
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
    # See scans.meshes.bite_fit.JawFit. A transform takes the arch into the bite's frame: 16 numbers, row by row.
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


class MatchCandidate(models.Model):
    """A patient a waiting case may belong to, with the reasons for every point."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="candidates")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.FloatField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)

    clinic_path: ClassVar[str] = "case__clinic"
    objects: ClassVar = ClinicRows.as_manager()

    class Meta:
        ordering = ["case", "rank"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(fields=["case", "patient"], name="candidate_once"),
            models.UniqueConstraint(fields=["case", "rank"], name="candidate_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.score:.2f}"

    @property
    def chips(self) -> list[dict[str, str]]:
        """One outcome a field, the worst of its reasons: what a row of the queue has room for."""
        return outcomes_by_field(self.reasons)


class Job(models.Model):
    """The ledger of background work: this row is the truth, the queue's message only wakes a worker.

    attempts is raised before the work starts, so that a job that kills its worker runs out of attempts.
    A worker holds a job by `worker` and `lease_until`, which it renews while it works.
    """

    class Kind(models.TextChoices):
        PROCESS_DELIVERY = "PROCESS_DELIVERY", _("read a delivery")
        REPROCESS_CASE = "REPROCESS_CASE", _("read a case again")
        REGISTER_BITES = "REGISTER_BITES", _("find out how the jaws meet")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("queued")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        QUARANTINED = "QUARANTINED", _("given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(_("work"), max_length=20, choices=Kind.choices)
    subject_uuid = models.UUIDField(_("on what"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    steps_done = models.PositiveIntegerField(default=0, editable=False)
    steps_total = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    outcome = models.JSONField(_("outcome"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    woken_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            # One open job for one piece of work: a second request finds the first.
            models.UniqueConstraint(
                fields=["kind", "subject_uuid"],
                condition=Q(state__in=["QUEUED", "RUNNING"]),
                name="one_open_job_per_subject",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_stale")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uuid}"
