"""The home page of a clinic, at the admin's own address: how things stand, and what needs a person first."""

import uuid
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.models import ScannerIntegration
from integrations.services.overview import Overview, overviews_of
from patients.models import Clinic
from scans.scopes import ADMIN, CAPTURE, VIEW, allows
from scans.services.today import today_of


def home(request: HttpRequest) -> HttpResponse:
    """One clinic at a time; members of several choose. Whatever the permissions hide is left out."""
    clinics = list(Clinic.objects.visible_to(request.user))
    clinic = _chosen(request, clinics)
    may_view = allows(request.user, VIEW)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": clinic.name if clinic else _("Home"),
        "app_list": admin.site.get_app_list(request),
        "clinics": clinics,
        "clinic": clinic,
        "may_view": may_view,
        "may_send": allows(request.user, CAPTURE),
        "may_connect": allows(request.user, ADMIN),
    }
    if clinic and may_view:
        context |= {"today": today_of(clinic, request.user), **_connections(request, clinic)}
    return TemplateResponse(request, "admin/home.html", context)


def _chosen(request: HttpRequest, clinics: list[Clinic]) -> Clinic | None:
    """The clinic in the address, else the first by name."""
    wanted = request.GET.get("clinic")
    if not wanted:
        return clinics[0] if clinics else None
    try:
        chosen = uuid.UUID(wanted)
    except ValueError as error:
        raise Http404 from error
    found: Clinic = get_object_or_404(Clinic.objects.visible_to(request.user), uuid=chosen)
    return found


def _connections(request: HttpRequest, clinic: Clinic) -> dict[str, Any]:
    """How each scanner stands is shown to those who may do something about it; whether there is one, to all."""
    rows = ScannerIntegration.objects.visible_to(request.user).of_clinic(clinic).without_secrets()
    if not allows(request.user, ADMIN):
        return {"has_connection": rows.exists(), "overviews": []}
    overviews: list[Overview] = overviews_of(
        rows.select_related("clinic").order_by("scanner_type", "pk"), timezone.now()
    )
    return {"has_connection": bool(overviews), "overviews": overviews}
