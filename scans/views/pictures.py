"""Pictures of scans for the pages of the desk."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from scans.models import Scan
from scans.scopes import VIEW
from scans.storage import derived
from scans.views.asking import require


def thumbnail(request: HttpRequest, scan_uuid: uuid.UUID) -> HttpResponse:
    require(request, VIEW)
    scan = get_object_or_404(Scan.objects.visible_to(request.user).exclude(thumbnail=""), uuid=scan_uuid)
    with derived.open(scan.thumbnail) as picture:
        answer = HttpResponse(picture.read(), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
