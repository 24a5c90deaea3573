"""The queue of waiting cases, inside the admin: the list, a page per case, and what a person decides there."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError, Refused
from patients.models import AuditEvent, Patient
from patients.querysets import search_words
from scans.forms import HOLD_REASONS, REJECT_REASONS, PatientForm, ReasonForm, SearchForm, TypesForm
from scans.models import Case, PendingCase, Scan
from scans.scopes import CAPTURE, VIEW, allows
from scans.services import access, pending
from scans.services.deciding import compare
from scans.services.lacking import lacks_of
from scans.storage import derived
from scans.wait_reasons import sentences

PAGE_SIZE = 25
SEARCH_KEY = "queue_search"
TABS = [Case.State.PENDING, Case.State.HELD, Case.State.FILED, Case.State.REJECTED]

Action = Callable[[HttpRequest, Case], str]


def _require(request: HttpRequest, scope: str) -> None:
    if not allows(request.user, scope):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, f"admin/scans/{template}.html", {**admin.site.each_context(request), **context})


def _case(request: HttpRequest, case_uuid: uuid.UUID) -> Case:
    case: Case = get_object_or_404(PendingCase.objects.visible_to(request.user).for_queue(), uuid=case_uuid)
    return case


def queue(request: HttpRequest) -> HttpResponse:
    """Waiting cases, oldest first: who waits longest is served first."""
    _require(request, VIEW)
    if request.method == "POST":
        # A name that is searched for must not stand in an address: it goes into the session.
        request.session[SEARCH_KEY] = " ".join(search_words(request.POST.get("words", "")))
        return redirect(request.get_full_path())
    state = request.GET.get("state", str(Case.State.PENDING))
    if state not in TABS:
        raise Http404
    visible = PendingCase.objects.visible_to(request.user)
    words = request.session.get(SEARCH_KEY, "")
    counts = visible.counts_by_state()
    order = "received_at" if state == Case.State.PENDING else "-received_at"
    rows = visible.filter(state=state).search(words).for_queue().order_by(order, "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for case in page:
        case.wait_sentences = sentences(case.wait_codes)
        case.lacks = lacks_of(case)
    return _page(
        request,
        "queue",
        title=_("Waiting cases"),
        page=page,
        state=state,
        words=words,
        tabs=[(str(tab), tab.label, counts.get(str(tab), 0)) for tab in TABS],
        has_any=bool(counts),
        may_decide=allows(request.user, CAPTURE),
    )


def case_page(request: HttpRequest, case_uuid: uuid.UUID) -> HttpResponse:
    """What the scanner sent beside the patients it may belong to. A POST searches for further patients."""
    _require(request, VIEW)
    case = _case(request, case_uuid)
    pending.rank_again(case)
    access.note_viewed(case, actor=Actor.of(request.user))
    search = SearchForm(request.POST or None)
    may_search = request.user.has_perm("patients.view_patient")
    words = search.cleaned_data["words"] if may_search and search.is_bound and search.is_valid() else ""
    return _page(
        request,
        "case",
        title=str(case),
        case=case,
        wait_sentences=sentences(case.wait_codes),
        candidates=case.candidates.select_related("patient"),
        search=search,
        found=_found(case, words) if words else None,
        patient_form=PatientForm.prefilled(case.identity()),
        hold_form=ReasonForm(choices=HOLD_REASONS, auto_id="hold_%s"),
        reject_form=ReasonForm(choices=REJECT_REASONS, auto_id="reject_%s"),
        scans=_with_type_fields(case),
        lacks=lacks_of(case),
        may_decide=allows(request.user, CAPTURE),
        is_open=case.state in pending.OPEN,
        trail=AuditEvent.objects.filter(subject_uuid=case.uuid).exclude(verb="case.viewed")[:20],
    )


def _with_type_fields(case: Case) -> list[tuple[Scan, Any]]:
    """Every scan with its field of the form, None where there is nothing to choose."""
    form = TypesForm(case=case)
    fields = {field.name: field for field in form}
    return [(scan, fields.get(str(scan.uuid))) for scan in case.scans.all()]


def _found(case: Case, words: str) -> list[dict[str, Any]]:
    patients = Patient.objects.of_clinic(case.clinic).search(words).prefetch_related("aliases")[:10]
    return [{"patient": patient, "score": compare(case, patient)} for patient in patients]


def decide(request: HttpRequest, case_uuid: uuid.UUID, action: str) -> HttpResponseBase:
    """One decision on one case; afterwards the next waiting case, or the same page with what went wrong."""
    _require(request, CAPTURE)
    if request.method != "POST" or action not in ACTIONS:
        raise Http404
    case = _case(request, case_uuid)
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
    pending.hold(case, _reason(request, HOLD_REASONS), actor=Actor.of(request.user))
    return _("On hold.")


def _reject(request: HttpRequest, case: Case) -> str:
    pending.reject(case, _reason(request, REJECT_REASONS), actor=Actor.of(request.user))
    return _("Rejected. It can be put back from the list of rejected cases.")


def _reason(request: HttpRequest, choices: list[tuple[str, Any]]) -> str:
    form = ReasonForm(request.POST, choices=choices)
    return form.reason if form.is_valid() else ""


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


def thumbnail(request: HttpRequest, scan_uuid: uuid.UUID) -> HttpResponse:
    _require(request, VIEW)
    scan = get_object_or_404(Scan.objects.visible_to(request.user).exclude(thumbnail=""), uuid=scan_uuid)
    with derived.open(scan.thumbnail) as picture:
        answer = HttpResponse(picture.read(), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
