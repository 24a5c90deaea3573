"""The scans of a case in space, alone or beside an earlier case of the patient."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from patients.audit import Actor
from scans.models import Case
from scans.scopes import VIEW
from scans.services import access
from scans.services.scene import scene_of
from scans.views.asking import case_of, page, require


def viewer(request: HttpRequest, case_uuid: uuid.UUID) -> HttpResponse:
    """`?with=` names the earlier case. Whoever looks is on record for both."""
    require(request, VIEW)
    case = case_of(request, case_uuid)
    earlier = _earlier(request, case)
    for seen in [case, earlier] if earlier else [case]:
        access.note_viewed(seen, actor=Actor.of(request.user))
    scene = scene_of(case, request.user, earlier=earlier)
    return page(request, "viewer_page", title=_("Scans in 3D"), case=case, earlier=earlier, scene=scene)


def _earlier(request: HttpRequest, case: Case) -> Case | None:
    wanted = request.GET.get("with")
    if not wanted:
        return None
    try:
        wanted_uuid = uuid.UUID(wanted)
    except ValueError as error:
        raise Http404 from error
    rows = Case.objects.visible_to(request.user).of_clinic(case.clinic).exclude(pk=case.pk)
    found: Case = get_object_or_404(rows.select_related("clinic"), uuid=wanted_uuid)
    return found
