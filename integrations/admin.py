"""Scanner connections in the admin: that there is a key, never the key."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrations.models import ScannerIntegration
from integrations.services.keys import store_hps_key
from patients.admin import ClinicAdmin
from patients.audit import Actor
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


@admin.register(ScannerIntegration)
class ScannerIntegrationAdmin(ClinicAdmin):
    form = IntegrationForm
    scope_to_view = scope_to_change = PERMISSIONS[ADMIN]
    list_display = ["scanner_type", "clinic", "is_active", "has_key", "updated_at"]

    @admin.display(boolean=True, description=_("key stored"))
    def has_key(self, connection: ScannerIntegration) -> bool:
        return bool((connection.credentials or {}).get("hps_key"))

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data["hps_key"]:
            store_hps_key(form.cleaned_data["clinic"], form.cleaned_data["hps_key"], actor=Actor.of(request.user))
