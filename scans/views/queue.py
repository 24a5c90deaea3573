"""The list of cases: those that wait, and those that were decided."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError
from patients.models import Clinic, Patient
from patients.querysets import search_words
from scans.models import Case, PendingCase
from scans.said import said
from scans.scopes import CAPTURE, VIEW, allows
from scans.services import pending
from scans.views import queue_filters
from scans.views.asking import case_of, page, require
from scans.views.queue_rows import describe
from scans.views.returning import back_to_queue, mark_seen, uuid_or_404
from scans.views.undoing import LAST_DECISION, bar

PAGE_SIZE = 25
SEARCH_KEY = "queue_search"
TABS = [Case.State.PENDING, Case.State.HELD, Case.State.FILED, Case.State.REJECTED]


def queue(request: HttpRequest) -> HttpResponse:
    """Waiting cases, oldest first: who waits longest is served first."""
    require(request, VIEW)
    if request.method == "POST":
        # A name that is searched for must not stand in an address: it goes into the session.
        request.session[SEARCH_KEY] = " ".join(search_words(request.POST.get("words", "")))
        return redirect(request.path + queue_filters.address_without(request, "page"))
    state = request.GET.get("state", str(Case.State.PENDING))
    if state not in TABS:
        raise Http404
    clinics = list(Clinic.objects.visible_to(request.user))
    wanted = queue_filters.read(request, state, clinics)
    visible = PendingCase.objects.visible_to(request.user)
    words = request.session.get(SEARCH_KEY, "")
    counts = visible.counts_by_state()
    rows = queue_filters.apply(visible, wanted, request.user).search(words)
    shown = Paginator(queue_filters.ordered(rows, wanted).for_queue(), PAGE_SIZE).get_page(request.GET.get("page"))
    describe(shown.object_list, shows_clinic=len(clinics) > 1)
    filters = queue_filters.filters(visible, wanted, clinics, request.user)
    response = page(
        request,
        "queue",
        title=_("Waiting cases"),
        page=shown,
        state=state,
        wanted=wanted,
        words=words,
        filters=filters,
        chips=[(one, queue_filters.address_without(request, one.name)) for one in filters if one.chosen],
        orders=queue_filters.ORDERS.items(),
        tabs=[(str(tab), tab.label, counts.get(str(tab), 0)) for tab in TABS],
        has_any=bool(counts),
        may_decide=allows(request.user, CAPTURE),
        undo_bar=bar(request),
        here=request.get_full_path(),
    )
    queue_filters.keep_order(request, response)
    return response


def file_here(request: HttpRequest, case_uuid: uuid.UUID) -> HttpResponseBase:
    """File a case under one of the patients that its row offers, and stay in the queue at the same place."""
    require(request, CAPTURE)
    if request.method != "POST":
        raise Http404
    case = case_of(request, case_uuid)
    patients = Patient.objects.visible_to(request.user).of_clinic(case.clinic)
    patient = get_object_or_404(patients, uuid=uuid_or_404(request.POST.get("patient", "")))
    try:
        decision = pending.assign(case, patient, seen=mark_seen(request.POST.get("seen")), actor=Actor.of(request.user))
    except DomainError as error:
        messages.error(request, said(error.message))
    else:
        request.session[LAST_DECISION] = str(decision.uuid)
    return redirect(back_to_queue(request))
