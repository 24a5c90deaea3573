"""What a person fills in at a waiting case."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.matching.identity import Identity
from patients.matching.prefill import split_name
from scans.models import Case, Scan

Code = Case.StateCode
HOLD_REASONS = [
    ("", "—"),
    *(
        (code.value, code.label)
        for code in (Code.WAITING_FOR_PATIENT, Code.ASK_DOCTOR, Code.POSSIBLE_DUPLICATE, Code.WRONG_CLINIC)
    ),
]
REJECT_REASONS = [
    ("", "—"),
    *((code.value, code.label) for code in (Code.TEST_SCAN, Code.WRONG_PATIENT, Code.UNUSABLE, Code.DUPLICATE)),
]


class ReasonForm(forms.Form):
    """A usual reason, words of one's own, or both."""

    choice = forms.ChoiceField(label=_("Reason"), required=False)
    words = forms.CharField(label=_("In your words"), required=False, max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]


class PatientForm(forms.Form):
    last_name = forms.CharField(label=_("Last name"), max_length=200)
    first_name = forms.CharField(label=_("First name"), max_length=200, required=False)
    birth_date = forms.DateField(
        label=_("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    chart_number = forms.CharField(label=_("Chart number"), max_length=64, required=False)

    @classmethod
    def prefilled(cls, identity: Identity) -> "PatientForm":
        """With what the scanner sent, names split as well as we can."""
        first_name, last_name = split_name(identity)
        return cls(
            auto_id="new_%s",
            initial={
                "last_name": last_name,
                "first_name": first_name,
                "birth_date": identity.birth_date,
                "chart_number": identity.chart_number,
            },
        )

    def identity(self) -> Identity:
        """What was typed, to look for a patient who is here already."""
        return Identity(**self.cleaned_data)


class TypesForm(forms.Form):
    """The type of every scan of a case, as a person sees it; only what was changed counts."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for scan in case.scans.all():
            if scan.state != Scan.State.REJECTED:
                # What the page showed goes along: a choice is measured against it, not against what is there now.
                self.fields[str(scan.uuid)] = forms.ChoiceField(
                    label=_("Type"),
                    choices=Scan.Categories.choices,
                    initial=scan.category,
                    required=False,
                    show_hidden_initial=True,
                )

    def chosen(self) -> dict[uuid.UUID, str]:
        """Changed ones, and the one that was confirmed by its button."""
        found = {name: self.cleaned_data[name] for name in self.changed_data if self.cleaned_data[name]}
        name, _colon, category = str(self.data.get("confirm", "")).partition(":")
        if name in self.fields and category in Scan.Categories.values:
            found[name] = category
        return {uuid.UUID(name): value for name, value in found.items()}
