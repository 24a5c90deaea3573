"""Taking decisions back: one by its name, or the person's own last one."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from patients.audit import Actor
from patients.errors import DomainError
from scans.models import Case, Decision
from scans.said import said
from scans.scopes import CAPTURE
from scans.services import undo as undoing
from scans.views.asking import require
from scans.views.returning import back_to_queue

LAST_DECISION = "last_decision"
"""The session's key of the decision that the bar offers to undo."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar above the queue says was decided, and whether it can be taken back."""

    decision: Decision
    case: Case


def bar(request: HttpRequest) -> Bar | None:
    """The decision just made in this session, until the next one or its undo."""
    key = request.session.get(LAST_DECISION)
    decision = Decision.objects.visible_to(request.user).filter(uuid=key, undone_at=None).first() if key else None
    if decision is None or not undoing.undoable(decision):
        return None
    case = _case_of(request, decision)
    return Bar(decision, case) if case else None


def _case_of(request: HttpRequest, decision: Decision) -> Any:
    visible = Case.objects.visible_to(request.user).select_related("patient")
    return visible.filter(uuid=decision.case_uuid).first()


def undo(request: HttpRequest, decision_uuid: uuid.UUID) -> HttpResponseBase:
    _require_post(request)
    decision = get_object_or_404(Decision.objects.visible_to(request.user), uuid=decision_uuid)
    return _take_back(request, decision)


def undo_last(request: HttpRequest) -> HttpResponseBase:
    """The key U: what this person decided last."""
    _require_post(request)
    decision = undoing.last_of(request.user) if isinstance(request.user, User) else None
    if decision is None:
        messages.info(request, _("You have decided nothing that could be undone."))
        return redirect(back_to_queue(request))
    return _take_back(request, decision)


def _require_post(request: HttpRequest) -> None:
    require(request, CAPTURE)
    if request.method != "POST":
        raise Http404


def _take_back(request: HttpRequest, decision: Decision) -> HttpResponseBase:
    try:
        undone = undoing.undo(decision, actor=Actor.of(request.user))
    except DomainError as error:
        messages.error(request, said(error.message))
    else:
        request.session.pop(LAST_DECISION, None)
        messages.success(request, _sentence(request, undone))
    return redirect(back_to_queue(request))


def _sentence(request: HttpRequest, decision: Decision) -> str:
    """What was undone, with the way to its case."""
    case = _case_of(request, decision)
    what = _("Undone: %(what)s.") % {"what": decision.get_kind_display()}
    if case is None:
        return what
    address = reverse("admin:scans_pendingcase_case", args=[case.uuid])
    return format_html('{} <a href="{}">{}</a>', what, address, case)
