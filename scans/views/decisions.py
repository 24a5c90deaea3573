"""What a person decides about a case, one address for each decision."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError, Refused
from patients.models import Patient
from scans.forms import HOLD_REASONS, REJECT_REASONS, PatientForm, ReasonForm, TypesForm
from scans.models import Case, Decision, PendingCase, Scan
from scans.scopes import CAPTURE
from scans.services import pending, splitting
from scans.services.duplicates import likely_duplicates
from scans.views.asking import case_of, require
from scans.views.case import show
from scans.views.following import address_after
from scans.views.undoing import LAST_DECISION

Done = tuple[Decision, str]
Action = Callable[[HttpRequest, Case], Done]


class NotYet(Exception):
    """The person has to look at something first; `typed` is what the page shows, see scans.views.case.show."""

    def __init__(self, **typed: Any) -> None:
        super().__init__()
        self.typed = typed


def decide(request: HttpRequest, case_uuid: uuid.UUID, action: str) -> HttpResponseBase:
    """One decision on one case; afterwards the next waiting case, or the same page with what went wrong."""
    require(request, CAPTURE)
    if request.method != "POST" or action not in ACTIONS:
        raise Http404
    case = case_of(request, case_uuid)
    try:
        decision, told = ACTIONS[action](request, case)
    except NotYet as pause:
        return show(request, case, open=action, **pause.typed)
    except DomainError as error:
        case.refresh_from_db()
        return show(request, case, open=action, problem=error, **_typed(request, action))
    request.session[LAST_DECISION] = str(decision.uuid)
    messages.success(request, told)
    if action in STAY:
        return redirect("admin:scans_pendingcase_case", case_uuid)
    return redirect(address_after(request, case))


def _typed(request: HttpRequest, action: str) -> dict[str, forms.Form]:
    """The forms as the person filled them in, so that no word is lost."""
    if action == "create":
        return {"patient_form": PatientForm(request.POST, auto_id="new_%s")}
    if action in REASONS:
        return {f"{action}_form": ReasonForm(request.POST, choices=REASONS[action], auto_id=f"{action}_%s")}
    return {}


def _seen(request: HttpRequest) -> int | None:
    """The mark that the page carried."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() else None


def _who(request: HttpRequest) -> Any:
    return {"seen": _seen(request), "actor": Actor.of(request.user)}


def _patient(request: HttpRequest, case: Case) -> Patient:
    patients = Patient.objects.visible_to(request.user).of_clinic(case.clinic)
    patient: Patient = get_object_or_404(patients, uuid=_uuid(request.POST.get("patient", "")))
    return patient


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _assign(request: HttpRequest, case: Case) -> Done:
    patient = _patient(request, case)
    return pending.assign(case, patient, **_who(request)), _("Filed under %(patient)s.") % {"patient": patient}


def _create(request: HttpRequest, case: Case) -> Done:
    """Whoever may be in the register already is shown first; what was shown and denied does not stop again."""
    form = PatientForm(request.POST, auto_id="new_%s")
    if not form.is_valid():
        raise NotYet(patient_form=form)
    alike = likely_duplicates(case.clinic, form.identity())
    denied = set(request.POST.get("none_of", "").split())
    if any(str(patient.uuid) not in denied for patient, _score in alike):
        raise NotYet(patient_form=form, duplicates=[patient for patient, _score in alike])
    decision = pending.create_patient_and_assign(case, **form.cleaned_data, **_who(request))
    return decision, _("Patient created, and the case filed under the new patient.")


def _hold(request: HttpRequest, case: Case) -> Done:
    return pending.hold(case, *_reason(request, HOLD_REASONS), **_who(request)), _("On hold.")


def _reject(request: HttpRequest, case: Case) -> Done:
    decision = pending.reject(case, *_reason(request, REJECT_REASONS), **_who(request))
    return decision, _("Rejected. It can be put back from the list of rejected cases.")


def _reason(request: HttpRequest, choices: list[tuple[str, Any]]) -> tuple[str, str]:
    form = ReasonForm(request.POST, choices=choices)
    return (form.cleaned_data["choice"], form.cleaned_data["words"]) if form.is_valid() else ("", "")


def _put_back(request: HttpRequest, case: Case) -> Done:
    return pending.put_back(case, **_who(request)), _("Back in the queue.")


def _dismiss(request: HttpRequest, case: Case) -> Done:
    patient = _patient(request, case)
    decision = pending.dismiss(case, patient, **_who(request))
    return decision, _("Noted: not %(patient)s. It will not be proposed again.") % {"patient": patient}


def _reconsider(request: HttpRequest, case: Case) -> Done:
    patient = _patient(request, case)
    decision = pending.reconsider(case, patient, **_who(request))
    return decision, _("%(patient)s may be the patient after all.") % {"patient": patient}


def _set_types(request: HttpRequest, case: Case) -> Done:
    form = TypesForm(request.POST, case=case)
    if not form.is_valid():
        raise Refused("invalid", _("Please choose one of the types."))
    chosen = form.chosen()
    if not chosen:
        raise Refused("nothing_changed", _("No type was changed. Choose another one first, or confirm the one shown."))
    decision = pending.set_categories(case, chosen, **_who(request))
    return decision, _("Types saved. They stay when the same files arrive again.")


def _split(request: HttpRequest, case: Case) -> Done:
    decision = splitting.split(case, _scans(request, case), **_who(request))
    return decision, _("Split: the chosen scans wait as a case of their own now.")


def _move(request: HttpRequest, case: Case) -> Done:
    target = _target(request)
    decision = splitting.move(case, _scans(request, case), target, **_who(request))
    return decision, _("The chosen scans were moved to the case %(case)s.") % {"case": target}


def _merge(request: HttpRequest, case: Case) -> Done:
    target = _target(request)
    decision = splitting.merge(case, target, **_who(request))
    return decision, _("All scans are in the case %(case)s now.") % {"case": target}


def _scans(request: HttpRequest, case: Case) -> list[Scan]:
    return list(case.scans.filter(uuid__in=[_uuid(text) for text in request.POST.getlist("scans")]))


def _target(request: HttpRequest) -> Case:
    text = request.POST.get("target", "")
    if not text:
        raise Refused("no_case", _("Please choose the other case."))
    target: Case = get_object_or_404(PendingCase.objects.visible_to(request.user), uuid=_uuid(text))
    return target


REASONS = {"hold": HOLD_REASONS, "reject": REJECT_REASONS}
ACTIONS: dict[str, Action] = {
    "assign": _assign,
    "create": _create,
    "hold": _hold,
    "reject": _reject,
    "put-back": _put_back,
    "dismiss": _dismiss,
    "reconsider": _reconsider,
    "types": _set_types,
    "split": _split,
    "move": _move,
    "merge": _merge,
}
STAY = {"put-back", "dismiss", "reconsider", "types", "split", "move", "merge"}
"""After these the person stays at the case."""
