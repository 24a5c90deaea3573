"""One decision on several cases: first what will happen, then what did."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.audit import Actor
from scans.forms import HOLD_REASONS, REJECT_REASONS, ReasonForm
from scans.models import Case, Decision, PendingCase
from scans.scopes import CAPTURE, VIEW
from scans.services import bulk, ledger
from scans.services.glance import glance
from scans.services.undo import undo_batch
from scans.views.asking import page, require
from scans.views.returning import back_to_queue, mark_seen, uuid_or_404

Kind = Decision.Kind
MOST = 100
REPORT_KEY = "bulk_report"
TITLES = {
    Kind.LINK: gettext_lazy("File each under its best candidate"),
    Kind.HOLD: gettext_lazy("Put on hold"),
    Kind.REJECT: gettext_lazy("Reject"),
    Kind.PUT_BACK: gettext_lazy("Put back into the queue"),
}
REASONS = {Kind.HOLD: HOLD_REASONS, Kind.REJECT: REJECT_REASONS}


def ask(request: HttpRequest) -> HttpResponseBase:
    """What will happen to each case; and, once confirmed, the deed."""
    require(request, CAPTURE)
    if request.method != "POST" or request.POST.get("kind") not in TITLES:
        raise Http404
    kind = Kind(request.POST["kind"])
    cases = _chosen(request)
    form = ReasonForm(_typed(request), choices=REASONS[kind]) if kind in REASONS else None
    if cases and "confirmed" in request.POST and (form is None or _has_reason(form)):
        return _decide(request, kind, cases, form)
    return _confirm(request, kind, cases, form)


def _typed(request: HttpRequest) -> Any:
    return request.POST if "confirmed" in request.POST else None


def _has_reason(form: ReasonForm) -> bool:
    """One of the two is needed, for all cases together."""
    if form.is_valid() and (form.cleaned_data["choice"] or form.cleaned_data["words"].strip()):
        return True
    form.add_error("choice", _("Please say why, so that a colleague understands it tomorrow."))
    return False


def _chosen(request: HttpRequest) -> list[Any]:
    uuids = [uuid_or_404(text) for text in request.POST.getlist("case")[:MOST]]
    visible = PendingCase.objects.visible_to(request.user).filter(uuid__in=uuids)
    return list(visible.for_queue().order_by("received_at", "pk"))


def _confirm(request: HttpRequest, kind: Kind, cases: list[Any], form: ReasonForm | None) -> HttpResponse:
    marks = ledger.marks_of(cases)
    for case in cases:
        case.seen = request.POST.get(f"seen_{case.uuid}") or marks[case.uuid]
        case.glance = glance(case, case.best_candidates)
        case.goes = kind != Kind.LINK or (case.state in (Case.State.PENDING, Case.State.HELD) and case.glance.is_clear)
    return page(
        request,
        "queue_bulk",
        title=TITLES[kind],
        kind=str(kind),
        going=[case for case in cases if case.goes],
        staying=[case for case in cases if not case.goes],
        form=form,
        back=back_to_queue(request),
    )


def _decide(request: HttpRequest, kind: Kind, cases: list[Any], form: ReasonForm | None) -> HttpResponseBase:
    reason = (form.cleaned_data["choice"], form.cleaned_data["words"]) if form else ("", "")
    seen = {case.uuid: mark_seen(request.POST.get(f"seen_{case.uuid}")) for case in cases}
    marks = {key: mark for key, mark in seen.items() if mark is not None}
    proposed = {case.uuid: request.POST.get(f"proposed_{case.uuid}", "") for case in cases}
    actor = Actor.of(request.user)
    report = bulk.decide_many(cases, kind, proposed=proposed, reason=reason, seen=marks, actor=actor)
    refused = [(str(line.case.uuid), line.message) for line in report.lines if line.decision is None]
    request.session[REPORT_KEY] = {
        "batch": str(report.batch), "kind": str(kind), "refused": refused, "back": back_to_queue(request),
    }  # fmt: skip
    return redirect("admin:scans_pendingcase_batch", report.batch)


def batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponseBase:
    """What became of each case; a POST takes all of it back."""
    require(request, CAPTURE if request.method == "POST" else VIEW)
    kept = request.session.get(REPORT_KEY, {})
    kept = kept if kept.get("batch") == str(batch) else {}
    decisions = list(Decision.objects.visible_to(request.user).filter(batch=batch).order_by("pk"))
    if not (decisions or kept):
        raise Http404
    not_undone = {}
    if request.method == "POST":
        if Decision.objects.filter(batch=batch).count() != len(decisions):
            raise Http404  # partly another clinic's
        _undone, left = undo_batch(batch, actor=Actor.of(request.user))
        not_undone = {decision.pk: sentence for decision, sentence in left}
        decisions = list(Decision.objects.visible_to(request.user).filter(batch=batch).order_by("pk"))
    kind = Kind(decisions[0].kind if decisions else kept["kind"])
    refused = kept.get("refused", [])
    cases = _cases_of(request, [*(str(decision.case_uuid) for decision in decisions), *(key for key, _why in refused)])
    return page(
        request,
        "queue_batch",
        title=TITLES[kind],
        batch=batch,
        done=[(cases.get(str(one.case_uuid)), one, not_undone.get(one.pk, "")) for one in decisions],
        refused=[(cases.get(key), why) for key, why in refused],
        may_undo=any(one.undone_at is None for one in decisions),
        back=kept.get("back", ""),
    )


def _cases_of(request: HttpRequest, uuids: list[str]) -> dict[str, Any]:
    visible = PendingCase.objects.visible_to(request.user).select_related("patient").filter(uuid__in=uuids)
    return {str(case.uuid): case for case in visible}
