"""What a person fills in at a scanner connection."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext_lazy as _

from integrations.models import ScannerIntegration
from integrations.services.overview import ENTERED
from integrations.services.set_up import Settings
from patients.models import Clinic

LONGEST_INTERVAL = 24 * 60
STORED = _("Stored. Leave empty to keep it; it is never shown.")
NOT_STORED = _("Not stored.")


class AddForm(forms.Form):
    clinic = forms.ModelChoiceField(Clinic.objects.none(), label=_("Clinic"), empty_label=None)
    scanner_type = forms.ChoiceField(label=_("Scanner"), choices=ScannerIntegration.ScannerType.choices)

    def __init__(self, data: Any, *, user: User | AnonymousUser) -> None:
        super().__init__(data)
        self.fields["clinic"].queryset = Clinic.objects.visible_to(user)  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    """Only the fields of this scanner; secrets go in and never come out again.

    stored: names of the secrets that are there, None when they cannot be opened: then none can be entered.
    """

    is_active = forms.BooleanField(label=_("Scans may come from this scanner"), label_suffix="", required=False)
    interval_minutes = forms.IntegerField(
        label=_("Look for new scans every … minutes"), min_value=1, max_value=LONGEST_INTERVAL
    )
    folder = forms.CharField(
        label=_("Folder of the exports"),
        required=False,
        max_length=500,
        help_text=_("Where the scanner puts its exports, as Archway's computer sees it: the whole path."),
    )

    def __init__(self, data: Any, *, connection: ScannerIntegration, stored: frozenset[str] | None) -> None:
        initial = {name: getattr(connection, name) for name in ("is_active", "interval_minutes", "folder")}
        super().__init__(data, initial=initial, auto_id="setting_%s")
        if connection.is_cloud:
            del self.fields["folder"]
        self._secrets = ENTERED[connection.scanner_type] if stored is not None else ()
        for name in self._secrets:
            self.fields[name] = _secret_field(name, is_stored=name in (stored or ()))

    @property
    def settings(self) -> Settings:
        values = self.cleaned_data
        entered = {name: values[name] for name in self._secrets if values[name]}
        return Settings(values["is_active"], values["interval_minutes"], values.get("folder", ""), entered)


LABELS = {
    "client_id": _("Client id"),
    "client_secret": _("Client secret"),
    "hps_key": _("3Shape key"),
}


def _secret_field(name: str, *, is_stored: bool) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name],
        required=False,
        max_length=500,
        help_text=STORED if is_stored else NOT_STORED,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
