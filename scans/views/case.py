"""A case: what the scanner sent beside the patients it may belong to."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from patients.audit import Actor
from patients.models import Patient
from patients.querysets import search_words
from scans.forms import HOLD_REASONS, REJECT_REASONS, PatientForm, ReasonForm, TypesForm
from scans.models import Case, Decision, PendingCase, Scan
from scans.scopes import CAPTURE, VIEW, allows
from scans.services import access, ledger, pending, trail, undo
from scans.services.comparing import Choice, Compared, choices
from scans.services.deciding import compare
from scans.services.lacking import lacks_of
from scans.views import following
from scans.views.asking import case_of, page, require
from scans.views.undoing import LAST_DECISION
from scans.wait_reasons import sentences

SEARCH_KEY = "case_search"
MOST_FOUND = 10
MOST_TARGETS = 10


def case_page(request: HttpRequest, case_uuid: uuid.UUID) -> HttpResponseBase:
    """What the scanner sent beside the patients it may belong to. A POST searches for patients or for other cases."""
    require(request, VIEW)
    case = case_of(request, case_uuid)
    if request.method == "POST":
        return _remember_search(request, case)
    return show(request, case)


def _remember_search(request: HttpRequest, case: Case) -> HttpResponseBase:
    """A name that is searched for must not stand in an address: it goes into the session."""
    words = {name: " ".join(search_words(request.POST.get(name, ""))) for name in ("words", "other_case")}
    request.session[SEARCH_KEY] = {"case": str(case.uuid), **words}
    place = "divide" if "other_case" in request.POST else "found"
    return redirect(reverse("admin:scans_pendingcase_case", args=[case.uuid]) + f"#{place}")


def show(request: HttpRequest, case: Case, **typed: Any) -> HttpResponse:
    """typed: forms as a person filled them in, and what is wrong with them; nothing typed is lost."""
    pending.rank_again(case)
    lookers = trail.onlookers(case, request.user)
    access.note_viewed(case, actor=Actor.of(request.user))
    searched = _searched(request, case)
    offered = _choices(request, case, searched["words"])
    context = {
        "title": str(case),
        "case": case,
        "seen": ledger.mark_of(case),
        "wait_sentences": sentences(case.wait_codes),
        "onlookers": lookers,
        "choices": offered,
        "chosen": _chosen(request, offered),
        "searched": searched,
        "found_count": sum(choice.was_searched for choice in offered),
        "may_search": request.user.has_perm("patients.view_patient"),
        "versions": _other_versions(request, case),
        "dismissals": case.dismissals.select_related("patient", "dismissed_by"),
        "targets": _targets(request, case, searched["other_case"]),
        "patient_form": PatientForm.prefilled(case.identity()),
        "hold_form": ReasonForm(choices=HOLD_REASONS, auto_id="hold_%s"),
        "reject_form": ReasonForm(choices=REJECT_REASONS, auto_id="reject_%s"),
        "scans": _with_type_fields(case),
        "lacks": lacks_of(case),
        "may_decide": allows(request.user, CAPTURE),
        "is_open": case.state in pending.OPEN,
        "next_case": following.next_case(request, case),
        "case_before": following.case_before(request, case),
        "decisions": trail.decisions(case),
        "trail": trail.told(case),
        "last_decision": _last_decision(request),
    }
    return page(request, "case", **{**context, **typed})


def _other_versions(request: HttpRequest, case: Case) -> Sequence[Case]:
    """The same order as it came before or since: one may be filed where this one is not."""
    rows = PendingCase.objects.visible_to(request.user).of_clinic(case.clinic).select_related("patient")
    return list(rows.filter(source=case.source, order_key=case.order_key).exclude(pk=case.pk).order_by("version"))


def _last_decision(request: HttpRequest) -> Decision | None:
    """What this person decided just now, as long as it can be taken back."""
    key = request.session.get(LAST_DECISION)
    decision = Decision.objects.visible_to(request.user).filter(uuid=key).first() if key else None
    return decision if decision and undo.undoable(decision) else None


def _searched(request: HttpRequest, case: Case) -> dict[str, str]:
    kept = request.session.get(SEARCH_KEY, {})
    return kept if kept.get("case") == str(case.uuid) else {"words": "", "other_case": ""}


def _choices(request: HttpRequest, case: Case, words: str) -> list[Choice]:
    """The likest patients, then those that were searched for."""
    rows = case.candidates.select_related("patient").prefetch_related("patient__aliases").order_by("rank")
    compared = [Compared(row.patient, row.score, row.reasons) for row in rows]
    if words and request.user.has_perm("patients.view_patient"):
        found = Patient.objects.visible_to(request.user).of_clinic(case.clinic).search(words)
        compared += [
            Compared.by(patient, compare(case, patient), was_searched=True)
            for patient in found.prefetch_related("aliases")[:MOST_FOUND]
        ]
    filed = PendingCase.objects.visible_to(request.user).filter(state=Case.State.FILED)
    return choices(case, compared, filed)


def _chosen(request: HttpRequest, offered: Sequence[Choice]) -> int:
    """The number of the candidate that is shown first: the one asked for, the first that was searched for, the best."""
    asked = request.GET.get("candidate", "")
    if asked.isdecimal() and any(choice.number == int(asked) for choice in offered):
        return int(asked)
    found = [choice.number for choice in offered if choice.was_searched]
    return found[0] if found else 1


def _targets(request: HttpRequest, case: Case, words: str) -> Sequence[Case]:
    """Open cases that scans of this one may go to, those of a like name first of all when nothing is searched for."""
    rows = PendingCase.objects.visible_to(request.user).of_clinic(case.clinic).open().exclude(pk=case.pk)
    alike = case.received_last_name or case.received_full_name.partition(",")[0]
    rows = rows.prefetch_related("scans").order_by("-received_at", "-pk")
    found = list(rows.search(words or alike)[:MOST_TARGETS]) if words or alike else []
    return found or ([] if words else list(rows[:MOST_TARGETS]))


def _with_type_fields(case: Case) -> list[tuple[Scan, Any]]:
    """Every scan with its field of the form, None where there is nothing to choose."""
    form = TypesForm(case=case)
    fields = {field.name: field for field in form}
    return [(scan, fields.get(str(scan.uuid))) for scan in case.scans.all()]
