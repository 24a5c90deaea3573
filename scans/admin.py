"""Scans in the admin: the queue with pages of its own, everything else to look up."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from patients.admin import ClinicAdmin
from patients.audit import Actor
from scans.models import Case, DeliveredFile, Delivery, Job, PendingCase, Scan
from scans.said import said
from scans.scopes import ADMIN, PERMISSIONS, VIEW
from scans.services import access, jobs
from scans.views import bulk, case, decisions, guide, pictures, queue, undoing, uploading, viewer


def told(field: str, description: Any) -> Any:
    """A column with a stored sentence in the reader's language."""

    @admin.display(description=description, ordering=field)
    def column(_admin: Any, row: Any) -> str:
        return said(getattr(row, field))

    return column


class ReadOnlyAdmin(ClinicAdmin):
    """To look up; changes go through the services, not through a form."""

    scope_to_view = PERMISSIONS[VIEW]


@admin.register(PendingCase)
class PendingCaseAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("how-it-works/", wrap(guide.guide), name="scans_pendingcase_guide"),
            path("", wrap(queue.queue), name="scans_pendingcase_changelist"),
            path("bulk/", wrap(bulk.ask), name="scans_pendingcase_bulk"),
            path("bulk/<uuid:batch>", wrap(bulk.batch), name="scans_pendingcase_batch"),
            path("undo/last", wrap(undoing.undo_last), name="scans_pendingcase_undo_last"),
            path("undo/<uuid:decision_uuid>", wrap(undoing.undo), name="scans_pendingcase_undo"),
            path("file/<uuid:case_uuid>", wrap(queue.file_here), name="scans_pendingcase_file"),
            path("upload/", wrap(uploading.upload_page), name="scans_pendingcase_upload"),
            # Not wrapped: a script wants a 401, not the log-in page. Each asks for itself who is there.
            path("upload/begin", uploading.begin, name="scans_pendingcase_upload_begin"),
            path("upload/state", uploading.state, name="scans_pendingcase_upload_state"),
            path("upload/<uuid:delivery_uuid>/finish", uploading.finish, name="scans_pendingcase_upload_finish"),
            path("upload/<uuid:delivery_uuid>/stop", uploading.stop, name="scans_pendingcase_upload_stop"),
            path("upload/<uuid:delivery_uuid>/<int:index>", uploading.put, name="scans_pendingcase_upload_file"),
            path("<uuid:case_uuid>/", wrap(case.case_page), name="scans_pendingcase_case"),
            path("<uuid:case_uuid>/viewer/", wrap(viewer.viewer), name="scans_pendingcase_viewer"),
            path("<uuid:case_uuid>/<slug:action>", wrap(decisions.decide), name="scans_pendingcase_decide"),
            path("thumbnail/<uuid:scan_uuid>", wrap(pictures.thumbnail), name="scans_pendingcase_thumbnail"),
        ]


class ScanInline(admin.TabularInline):
    model: Any = Scan
    fk_name: Any = "case"
    extra = 0
    can_delete = False
    in_words = told("message", _("message"))
    fields: ClassVar[Any] = ["category", "state", "scan_format", "face_count", "confidence", "in_words"]
    readonly_fields: ClassVar[Any] = fields
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the case sees its scans


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    is_watched = True
    list_display = ["received_name", "state", "patient", "source", "order_id", "version", "received_at"]
    list_filter = ["state", "source", "received_at"]
    search_fields = ["order_id", "received_full_name", "received_last_name", "received_chart_number"]
    list_select_related = ["patient"]
    exclude = ["wait_codes"]
    inlines = [ScanInline]


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    is_watched = True
    list_display = [
        "picture",
        "category",
        "state",
        "scanner_type",
        "scan_format",
        "face_count",
        "confidence",
        "patient",
    ]
    list_display_links = ["picture", "category"]
    list_filter = ["category", "state", "scanner_type", "scan_format"]
    list_select_related = ["case__patient"]
    exclude = ["companions"]

    def note_viewed(self, row: Scan, actor: Actor) -> None:
        access.note_viewed(row, actor=actor)

    @admin.display(description=_("picture"))
    def picture(self, scan: Scan) -> SafeString | str:
        if not scan.thumbnail:
            return "—"
        address = reverse("admin:scans_pendingcase_thumbnail", args=[scan.uuid])
        return format_html('<img class="scan-picture" src="{}" alt="{}" width="96" height="72">', address, scan)

    @admin.display(description=_("patient"))
    def patient(self, scan: Scan) -> str:
        return str(scan.case.patient or "—")


class DeliveredFileInline(ScanInline):
    model = DeliveredFile
    fk_name: Any = "delivery"
    fields: ClassVar[Any] = ["name", "size", "sha256"]
    readonly_fields: ClassVar[Any] = fields
    show_change_link = False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    is_watched = True
    in_words = told("message", _("message"))
    list_display = ["received_at", "channel", "state", "in_words", "readable_size", "received_by"]
    list_filter = ["state", "channel"]
    fields: ClassVar[Any] = ["clinic", "channel", "state", "code", "in_words", "received_at", "received_by", "lines"]
    readonly_fields: ClassVar[Any] = fields
    inlines = [DeliveredFileInline]

    @admin.display(description=_("size"), ordering="total_size")
    def readable_size(self, delivery: Delivery) -> str:
        return filesizeformat(delivery.total_size)

    @admin.display(description=_("report"))
    def lines(self, delivery: Delivery) -> SafeString | str:
        rows = [
            (line["path"], line["verdict"], line["category"] or "", said(line["message"])) for line in delivery.report
        ]
        head = format_html_join("", "<th scope=col>{}</th>", [(_("File"),), (_("Verdict"),), (_("Type"),), (_("Why"),)])
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table><thead><tr>{}</tr></thead>{}</table>", head, body) if rows else "—"


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    scope_to_view = PERMISSIONS[ADMIN]
    in_words = told("last_error", _("last error"))
    exclude = ["last_error"]
    readonly_fields = ["in_words"]
    list_display = ["created_at", "kind", "state", "attempts", "in_words", "finished_at"]
    list_filter = ["state", "kind"]
    actions = ["start_again"]

    @admin.action(description=_("Start again"), permissions=["view"])
    def start_again(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        actor = Actor.of(request.user)
        started = sum(jobs.retry(job, actor=actor) for job in queryset)
        self.message_user(request, _("%(count)d started again.") % {"count": started}, messages.SUCCESS)
        return None
