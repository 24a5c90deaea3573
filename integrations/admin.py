"""Scanner connections in the admin: pages of their own; and the orders that are known, to look up."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from integrations import views
from integrations.models import ScannerIntegration, ScannerOrder
from integrations.planning import Standing
from patients.admin import ClinicAdmin
from patients.audit import Actor, record
from scans.scopes import ADMIN, CAPTURE, PERMISSIONS


@admin.register(ScannerIntegration)
class ScannerIntegrationAdmin(ClinicAdmin):
    scope_to_view = scope_to_change = PERMISSIONS[ADMIN]

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "integrations_scannerintegration"
        return [
            path("", wrap(views.connections), name=f"{name}_changelist"),
            path("add/", wrap(views.add), name=f"{name}_add"),
            path("<int:pk>/change/", wrap(views.connection_page), name=f"{name}_change"),
            path("<int:pk>/<slug:action>", wrap(views.act), name=f"{name}_act"),
        ]


STANDINGS: dict[str, Any] = {
    Standing.NOT_READY: _("not complete there"),
    Standing.NEW: _("not fetched yet"),
    Standing.CHANGED: _("changed there, not fetched yet"),
    Standing.PENDING: _("here, not filed yet"),
    Standing.IMPORTED: _("here and filed"),
    Standing.FAILED: _("here, could not be read"),
}


class StandingFilter(admin.SimpleListFilter):
    title = _("how it stands")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(standing), words) for standing, words in STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(standing=self.value()) if self.value() else queryset


@admin.register(ScannerOrder)
class ScannerOrderAdmin(ClinicAdmin):
    """What lies on the other side, and how far each order has come here: for the front desk."""

    scope_to_view = PERMISSIONS[CAPTURE]
    is_watched = True
    list_display = ["order_id", "patient_there", "chart_number", "standing", "changed_at", "scanner", "cases"]
    list_filter = [StandingFilter, "connection__scanner_type"]
    search_fields = ["order_id", "first_name", "last_name", "full_name", "chart_number"]
    fields: ClassVar[Any] = [
        "order_id", "scanner", "patient_there", "chart_number", "standing", "changed_at", "seen_at", "cases", "message",
        "next_attempt_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Never the connection's credentials: a lost encryption key must not lock this list."""
        rows: Any = super().get_queryset(request)
        related = rows.with_standing().select_related("connection__clinic", "delivery")
        return related.defer("connection__credentials").prefetch_related("delivery__cases")  # type: ignore[no-any-return]

    def note_viewed(self, row: ScannerOrder, actor: Actor) -> None:
        record("scannerorder.viewed", "scannerorder", row.uuid, clinic=row.connection.clinic, actor=actor)

    @admin.display(description=_("patient there"))
    def patient_there(self, order: ScannerOrder) -> str:
        parts = (order.last_name, order.first_name)
        return order.full_name or ", ".join(part for part in parts if part) or "—"

    @admin.display(description=_("how it stands"))
    def standing(self, order: Any) -> str:
        return str(STANDINGS[Standing(order.standing)])

    @admin.display(description=_("scanner"), ordering="connection__scanner_type")
    def scanner(self, order: ScannerOrder) -> str:
        return f"{order.connection} · {order.connection.clinic}"

    @admin.display(description=_("in the queue"))
    def cases(self, order: ScannerOrder) -> SafeString | str:
        cases = order.delivery.cases.all() if order.delivery else []
        rows = [(reverse("admin:scans_pendingcase_case", args=[case.uuid]), _("Open the case")) for case in cases]
        return format_html_join(" ", '<a href="{}">{}</a>', rows) if rows else "—"
