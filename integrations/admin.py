"""Scanner connections in the admin: pages of their own; that there is a secret, never the secret."""

from django.contrib import admin
from django.urls import URLPattern, path

from integrations import views
from integrations.models import ScannerIntegration
from patients.admin import ClinicAdmin
from scans.scopes import ADMIN, PERMISSIONS


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
