"""What every page of the desk starts with: who may come in, which case is meant, the frame around the page."""

import uuid
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from scans.models import Case, PendingCase
from scans.scopes import allows


def require(request: HttpRequest, scope: str) -> None:
    if not allows(request.user, scope):
        raise PermissionDenied


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, f"admin/scans/{template}.html", {**admin.site.each_context(request), **context})


def case_of(request: HttpRequest, case_uuid: uuid.UUID) -> Case:
    case: Case = get_object_or_404(PendingCase.objects.visible_to(request.user).for_queue(), uuid=case_uuid)
    return case
