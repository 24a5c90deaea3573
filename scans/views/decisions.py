"""What a person decides about a case, one address for each decision."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError, Refused
from patients.models import Patient
from scans.forms import HOLD_REASONS, REJECT_REASONS, PatientForm, ReasonForm, TypesForm
from scans.models import Case, PendingCase
from scans.scopes import CAPTURE
from scans.services import pending
from scans.views.asking import case_of, require

Action = Callable[[HttpRequest, Case], str]


def decide(request: HttpRequest, case_uuid: uuid.UUID, action: str) -> HttpResponseBase:
    """One decision on one case; afterwards the next waiting case, or the same page with what went wrong."""
    require(request, CAPTURE)
    if request.method != "POST" or action not in ACTIONS:
        raise Http404
    case = case_of(request, case_uuid)
    try:
        messages.success(request, ACTIONS[action](request, case))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("admin:scans_pendingcase_case", case_uuid)
    if action in STAY:
        return redirect("admin:scans_pendingcase_case", case_uuid)
    return redirect(_next_address(request))


def _next_address(request: HttpRequest) -> str:
    following = PendingCase.objects.visible_to(request.user).pending().order_by("received_at", "pk").first()
    if following and request.POST.get("then") == "next":
        return reverse("admin:scans_pendingcase_case", args=[following.uuid])
    return reverse("admin:scans_pendingcase_changelist")


def _assign(request: HttpRequest, case: Case) -> str:
    patients = Patient.objects.visible_to(request.user).of_clinic(case.clinic)
    patient = get_object_or_404(patients, uuid=_uuid(request.POST.get("patient", "")))
    pending.assign(case, patient, actor=Actor.of(request.user))
    return _("Filed under %(patient)s.") % {"patient": patient}


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _create(request: HttpRequest, case: Case) -> str:
    form = PatientForm(request.POST)
    if not form.is_valid():
        raise Refused("invalid", " ".join(str(line) for lines in form.errors.values() for line in lines))
    pending.create_patient_and_assign(case, **form.cleaned_data, actor=Actor.of(request.user))
    return _("Patient created, and the case filed under the new patient.")


def _hold(request: HttpRequest, case: Case) -> str:
    pending.hold(case, *_reason(request, HOLD_REASONS), actor=Actor.of(request.user))
    return _("On hold.")


def _reject(request: HttpRequest, case: Case) -> str:
    pending.reject(case, *_reason(request, REJECT_REASONS), actor=Actor.of(request.user))
    return _("Rejected. It can be put back from the list of rejected cases.")


def _reason(request: HttpRequest, choices: list[tuple[str, Any]]) -> tuple[str, str]:
    form = ReasonForm(request.POST, choices=choices)
    return (form.cleaned_data["choice"], form.cleaned_data["words"]) if form.is_valid() else ("", "")


def _put_back(request: HttpRequest, case: Case) -> str:
    pending.put_back(case, actor=Actor.of(request.user))
    return _("Back in the queue.")


def _set_types(request: HttpRequest, case: Case) -> str:
    form = TypesForm(request.POST, case=case)
    if not form.is_valid():
        raise Refused("invalid", _("Please choose a type for every scan."))
    chosen = {uuid.UUID(name): value for name, value in form.cleaned_data.items()}
    pending.set_categories(case, chosen, actor=Actor.of(request.user))
    return _("Types saved. They stay when the same files arrive again.")


ACTIONS: dict[str, Action] = {
    "assign": _assign,
    "create": _create,
    "hold": _hold,
    "reject": _reject,
    "put-back": _put_back,
    "types": _set_types,
}
STAY = {"put-back", "types"}
"""After these the person stays at the case."""
