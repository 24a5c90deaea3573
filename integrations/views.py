"""Scanner connections inside the admin: all of them, a page for each, and what a person does there."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.connectors.base import Account
from integrations.errors import ConnectorError
from integrations.fields import CannotDecrypt
from integrations.forms import AddForm, SettingsForm
from integrations.models import ScannerIntegration, SyncRun
from integrations.services import connecting, keys, runs
from integrations.services.history import looks_of
from integrations.services.overview import Overview, overviews_of
from integrations.services.set_up import add_connection, change_settings, folder_warning
from patients.audit import Actor
from patients.errors import Conflict, DomainError, Refused
from patients.models import Clinic
from scans.said import said
from scans.scopes import ADMIN, VIEW, allows

LIST = "admin:integrations_scannerintegration_changelist"
PAGE = "admin:integrations_scannerintegration_change"
SAYABLE = (DomainError, ConnectorError, CannotDecrypt)
"""What went wrong in words that a person may read."""

Act = Callable[[HttpRequest, ScannerIntegration], tuple[int, str]]
"""Does one thing; returns the level of the message and its words."""


def _require_admin(request: HttpRequest) -> None:
    if not allows(request.user, ADMIN):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/integrations/{template}.html", context)


def _visible(request: HttpRequest) -> Any:
    return ScannerIntegration.objects.visible_to(request.user).without_secrets().select_related("clinic")


def _connection(request: HttpRequest, pk: int) -> ScannerIntegration:
    found: ScannerIntegration = get_object_or_404(_visible(request), pk=pk)
    return found


def connections(request: HttpRequest) -> HttpResponse:
    """All connections of the user's clinics, and how each stands."""
    _require_admin(request)
    rows = _visible(request).order_by("clinic__name", "scanner_type")
    return _page(
        request,
        "connections",
        title=_("Scanner connections"),
        overviews=overviews_of(rows, timezone.now()),
        has_clinic=Clinic.objects.visible_to(request.user).exists(),
    )


def add(request: HttpRequest) -> HttpResponse:
    _require_admin(request)
    form = AddForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            connection = add_connection(**form.cleaned_data, actor=Actor.of(request.user))
        except Conflict as error:
            form.add_error(None, said(error.message))
        else:
            messages.success(request, _("Added. Now enter what this scanner needs."))
            return redirect(PAGE, connection.pk)
    return _page(request, "add", title=_("Add a scanner"), form=form)


def connection_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One connection. A POST saves its settings."""
    _require_admin(request)
    connection = _connection(request, pk)
    overview = overviews_of([connection], timezone.now())[0]
    form = SettingsForm(request.POST or None, connection=connection, stored=overview.secrets)
    if request.method == "POST" and form.is_valid() and _save(request, connection, form):
        return redirect(PAGE, pk)
    accounts, accounts_error = _accounts(overview)
    return _page(
        request,
        "connection",
        title=f"{connection} · {connection.clinic}",
        overview=overview,
        form=form,
        folder_warning=said(folder_warning(connection)),
        accounts=accounts,
        accounts_error=accounts_error,
        looks=looks_of(connection),
        may_view=allows(request.user, VIEW),
    )


def _save(request: HttpRequest, connection: ScannerIntegration, form: SettingsForm) -> bool:
    try:
        change_settings(connection, form.settings, actor=Actor.of(request.user))
    except Refused as error:
        form.add_error("folder", said(error.message))
        return False
    except Conflict as error:
        form.add_error(None, said(error.message))
        return False
    messages.success(request, _("Saved."))
    return True


def _accounts(overview: Overview) -> tuple[list[Account], str]:
    """What can be chosen from now, and why nothing can."""
    connection = overview.connection
    if connection.state != ScannerIntegration.State.CHOOSING or overview.secrets is None:
        return [], ""
    try:
        return connecting.accounts(connection), ""
    except ConnectorError as error:
        return [], said(error.message)


def act(request: HttpRequest, pk: int, action: str) -> HttpResponseBase:
    """One deed at one connection. Deeds that cannot be taken back ask on a page of their own first."""
    _require_admin(request)
    if action not in ACTIONS or (request.method != "POST" and action not in CONFIRMED):
        raise Http404
    connection = _connection(request, pk)
    if request.method != "POST":
        title = CONFIRMED[action] % {"connection": connection}
        return _page(request, "confirm", title=title, connection=connection, action=action)
    try:
        level, words = ACTIONS[action](request, connection)
    except SAYABLE as error:
        level, words = messages.ERROR, said(str(error))
    messages.add_message(request, level, words)
    return redirect(PAGE, pk)


def _choose(request: HttpRequest, connection: ScannerIntegration) -> tuple[int, str]:
    connecting.choose(connection, request.POST.get("account", ""), actor=Actor.of(request.user))
    return messages.SUCCESS, _("Connected. From now on scans come by themselves.")


def _sync(request: HttpRequest, connection: ScannerIntegration) -> tuple[int, str]:
    runs.ask_for(connection, reason=SyncRun.Reason.PERSON, actor=Actor.of(request.user))
    return messages.SUCCESS, _("Archway looks for new scans now. Load this page again to see what came.")


def _disconnect(request: HttpRequest, connection: ScannerIntegration) -> tuple[int, str]:
    untold = connecting.disconnect(connection, actor=Actor.of(request.user))
    return (
        (messages.WARNING, said(untold))
        if untold
        else (messages.SUCCESS, _("Disconnected. No scans come from here now."))
    )


def _forget(request: HttpRequest, connection: ScannerIntegration) -> tuple[int, str]:
    keys.forget(connection, actor=Actor.of(request.user))
    return messages.SUCCESS, _("The stored secrets are deleted. Enter them anew.")


ACTIONS: dict[str, Act] = {"choose": _choose, "sync": _sync, "disconnect": _disconnect, "forget": _forget}
CONFIRMED = {
    "disconnect": gettext_lazy("Disconnect %(connection)s?"),
    "forget": gettext_lazy("Delete the stored secrets of %(connection)s?"),
}
