"""The upload page, and the few addresses that its script speaks to: JSON in, JSON out, a file's body as it is."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from patients.audit import Actor
from patients.errors import Conflict, DomainError, Missing, Refused, TooMuch
from patients.models import Clinic
from scans.models import Delivery
from scans.said import said
from scans.scopes import CAPTURE, allows
from scans.services import uploading
from scans.views.asking import page, require
from scans.views.upload_state import states_of

PIECE = 256 * 1024
SHOWN_OF_TODAY = 100
STATUS_OF: dict[type[DomainError], int] = {Refused: 422, Missing: 404, Conflict: 409, TooMuch: 413}
NOWHERE = uuid.UUID(int=0)

Answer = Callable[..., HttpResponse]


def upload_page(request: HttpRequest) -> HttpResponse:
    """Drop files, and see what becomes of them; with what this user sent today, also before a reload."""
    require(request, CAPTURE)
    return page(
        request,
        "upload",
        title=_("Send scans"),
        clinics=list(Clinic.objects.visible_to(request.user)),
        setup={
            "limit": settings.ARCHWAY_UPLOAD_LIMIT_BYTES,
            "mostFiles": uploading.MOST_FILES,
            "addresses": _addresses(),
            "today": states_of(_of_today(request), request.user),
        },
    )


def _addresses() -> dict[str, str]:
    """What the script calls; `finish`, `stop` and `file` hold places for the delivery and the file's number."""
    names = {"begin": (), "state": (), "finish": (NOWHERE,), "stop": (NOWHERE,), "file": (NOWHERE, 0)}
    found = {name: reverse(f"admin:scans_pendingcase_upload_{name}", args=args) for name, args in names.items()}
    return {**found, "file": found["file"].removesuffix("0"), "nowhere": str(NOWHERE)}


def _of_today(request: HttpRequest) -> list[Delivery]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Delivery.objects.sent_by(request.user).filter(received_at__gte=midnight)
    return list(rows.order_by("-received_at", "-pk")[:SHOWN_OF_TODAY])


def _for_script(method: str) -> Callable[[Answer], Answer]:
    """An address of the script: who is nobody gets 401, a refusal is JSON with a sentence; no body is read before."""

    def wrap(view: Answer) -> Answer:
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refused = _not_this(request, method)
            if refused:
                return refused
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                return _refusal(STATUS_OF[type(error)], error.code, error.message)
            except Http404:
                return _refusal(404, "not_found", _("There is no such upload."))

        return answer

    return wrap


def _not_this(request: HttpRequest, method: str) -> JsonResponse | None:
    if not (request.user.is_active and request.user.is_staff):
        return _refusal(401, "not_authenticated", _("You are logged out. Log in again in another tab."))
    if not allows(request.user, CAPTURE):
        return _refusal(403, "not_allowed", _("You may not send scans."))
    if request.method != method:
        return _refusal(405, "wrong_method", _("This address is for the upload page."))
    return None


def _refusal(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": said(detail)}, status=status)


@_for_script("POST")
def begin(request: HttpRequest) -> HttpResponse:
    """{"clinic": uuid, "deliveries": [[{"name", "size"}, ...], ...]} -> the new deliveries in the same order."""
    asked = _json(request)
    try:
        parcels = [[_announced(one) for one in parcel] for parcel in asked["deliveries"]]
        wanted = uuid.UUID(asked["clinic"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable() from error
    clinic = get_object_or_404(Clinic.objects.visible_to(request.user), uuid=wanted)
    deliveries = uploading.begin(clinic, parcels, actor=Actor.of(request.user))
    return JsonResponse({"deliveries": states_of(deliveries, request.user)}, status=201)


def _announced(one: Any) -> tuple[str, int]:
    name, size = one["name"], one["size"]
    if not isinstance(name, str) or type(size) is not int or size < 0:
        raise ValueError
    return name, size


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(asked, dict):
        raise _unreadable()
    return asked


def _unreadable() -> Refused:
    return Refused("unreadable", _("This was not sent by the upload page."))


@_for_script("PUT")
def put(request: HttpRequest, delivery_uuid: uuid.UUID, index: int) -> HttpResponse:
    """One file's bytes as the body; whose it is, and that this was announced, is known before it is read."""
    delivery = _own(request, delivery_uuid)
    size = uploading.announced_size(delivery, index)
    if request.META.get("CONTENT_LENGTH") != str(size):
        raise Refused("other_size", _("This is not the file that was announced: its size is another."))
    uploading.take(delivery, index, _pieces(request), actor=Actor.of(request.user))
    return JsonResponse({"arrived": size})


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes. A connection that breaks is an end that comes too early."""
    try:
        while piece := request.read(PIECE):
            yield piece
    except OSError:
        return


@_for_script("POST")
def finish(request: HttpRequest, delivery_uuid: uuid.UUID) -> HttpResponse:
    delivery = uploading.finish(_own(request, delivery_uuid), actor=Actor.of(request.user))
    return JsonResponse(states_of([delivery], request.user)[0])


@_for_script("POST")
def stop(request: HttpRequest, delivery_uuid: uuid.UUID) -> HttpResponse:
    delivery = uploading.stop(_own(request, delivery_uuid), actor=Actor.of(request.user))
    return JsonResponse(states_of([delivery], request.user)[0])


@_for_script("POST")
def state(request: HttpRequest) -> HttpResponse:
    """{"deliveries": [uuid, ...], "sending": [uuid, ...]}: how they stand. Those being sent are heard of by this."""
    asked = _json(request)
    own = Delivery.objects.sent_by(request.user)
    rows = list(own.filter(uuid__in=_uuids(asked.get("deliveries")))[: uploading.MOST_AT_ONCE])
    sending = set(_uuids(asked.get("sending")))
    uploading.hear_all(row for row in rows if row.uuid in sending)
    return JsonResponse({"deliveries": states_of(rows, request.user)})


def _uuids(texts: Any) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in texts or []]
    except (TypeError, ValueError, AttributeError) as error:
        raise _unreadable() from error


def _own(request: HttpRequest, delivery_uuid: uuid.UUID) -> Delivery:
    rows = Delivery.objects.sent_by(request.user).select_related("clinic", "received_by")
    delivery: Delivery = get_object_or_404(rows, uuid=delivery_uuid)
    return delivery
