"""Scanner connections in the admin: that there is a key, never the key."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrations.models import ScannerIntegration
from integrations.services.keys import store_hps_key
from patients.admin import ClinicAdmin
from patients.audit import Actor, record
from scans.scopes import ADMIN, PERMISSIONS


class IntegrationForm(forms.ModelForm):
    hps_key = forms.CharField(
        label=_("3Shape key"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=_("The clinic's own key for encrypted .dcm files. Stored encrypted and never shown again."),
    )

    class Meta:
        model = ScannerIntegration
        fields = ["clinic", "scanner_type", "is_active"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        scanner = values.get("scanner_type", self.instance.scanner_type)
        if values.get("hps_key") and scanner != ScannerIntegration.ScannerType.THREESHAPE:
            self.add_error("hps_key", _("Only a 3Shape connection has such a key."))
        return values


@admin.register(ScannerIntegration)
class ScannerIntegrationAdmin(ClinicAdmin):
    form = IntegrationForm
    scope_to_view = scope_to_change = PERMISSIONS[ADMIN]
    list_display = ["scanner_type", "clinic", "is_active", "has_key", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Without the credentials: no page needs them, and a lost encryption key must not lock the admin."""
        stored = Case(When(Q(credentials__isnull=False), then=Value(True)), default=Value(False))
        rows: models.QuerySet[Any] = super().get_queryset(request).defer("credentials").annotate(stored=stored)
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A connection, and with it a secret, never moves to another clinic or scanner."""
        return ["clinic", "scanner_type"] if obj else []

    @admin.display(boolean=True, description=_("key stored"))
    def has_key(self, connection: Any) -> bool:
        return bool(connection.stored)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actor = Actor.of(request.user)
        record(
            "integration.changed",
            "integration",
            None,
            clinic=obj.clinic,
            actor=actor,
            scanner=obj.scanner_type,
            is_active=obj.is_active,
        )
        if form.cleaned_data["hps_key"]:
            store_hps_key(obj.clinic, form.cleaned_data["hps_key"], actor=actor)
