"""What all API answers share: one table from a domain error to an HTTP problem (RFC 9457), and the pages of lists."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.defaults import server_error
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from integrations.errors import BadAnswer, ConnectorError, Misconfigured, Reconnect, Skip, TryLater
from integrations.fields import CannotDecrypt
from patients.errors import Conflict, DomainError, Missing, Refused, TooMuch
from scans.said import said

PROBLEM_JSON = "application/problem+json"

STATUS_OF: dict[type[DomainError], int] = {
    Refused: status.HTTP_422_UNPROCESSABLE_ENTITY,
    Missing: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
    TooMuch: status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
}

STATUS_OF_CLOUD: dict[type[ConnectorError], int] = {
    TryLater: status.HTTP_503_SERVICE_UNAVAILABLE,
    Reconnect: status.HTTP_409_CONFLICT,
    Misconfigured: status.HTTP_409_CONFLICT,
    BadAnswer: status.HTTP_502_BAD_GATEWAY,
    Skip: status.HTTP_404_NOT_FOUND,
}
"""What a scanner's other side did, as an answer of ours."""


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def problem_body(status_code: int, code: str, detail: str, **data: Any) -> dict[str, Any]:
    return {
        "type": f"urn:archway:problem:{code}",
        "title": HTTPStatus(status_code).phrase,
        "status": status_code,
        "code": code,
        "detail": said(detail),
        **data,
    }


def problem(status_code: int, code: str, detail: str, **data: Any) -> Response:
    body = problem_body(status_code, code, detail, **data)
    return Response(body, status=status_code, content_type=PROBLEM_JSON)


def plain_problem(status_code: int, code: str, detail: str) -> JsonResponse:
    """Where no API view is at work: unknown addresses, bodies too large, our own failures."""
    body = problem_body(status_code, code, detail)
    return JsonResponse(body, status=status_code, content_type=PROBLEM_JSON)


def unknown_address(request: HttpRequest, path: str) -> JsonResponse:
    return plain_problem(404, "not_found", "There is no such address in this API.")


def failed(request: HttpRequest) -> HttpResponse:
    """Our own failure; the log says where, the answer says nothing of it."""
    if request.path.startswith("/api/"):
        return plain_problem(500, "failed", "Archway failed on this request. Nothing was lost; please try again.")
    return server_error(request)


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of the API as application/problem+json; anything unknown stays a 500 of Django's."""
    # A problem is JSON whatever was asked for: a schema in YAML, a page.
    request = context.get("request")
    if request is not None:
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
    if isinstance(error, (DomainError, ConnectorError, CannotDecrypt)):
        return _told(error)
    if isinstance(error, (Http404, exceptions.NotFound)):
        return problem(status.HTTP_404_NOT_FOUND, "not_found", "There is no such thing here.")
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return problem(status.HTTP_400_BAD_REQUEST, "invalid", "Please correct the request.", errors=error.detail)
    answer = exception_handler(error, context)
    if answer is None or not isinstance(error, exceptions.APIException):
        return answer
    shaped = problem(answer.status_code, str(error.get_codes()), str(error.detail))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in answer.headers:
            shaped[name] = answer.headers[name]
    for name, value in getattr(error, "headers", {}).items():
        shaped[name] = value
    return shaped


def _told(error: DomainError | ConnectorError | CannotDecrypt) -> Response:
    if isinstance(error, CannotDecrypt):
        return problem(status.HTTP_503_SERVICE_UNAVAILABLE, "cannot_decrypt", str(error))
    if isinstance(error, DomainError):
        return problem(STATUS_OF[type(error)], error.code, error.message, **error.data)
    answer = problem(STATUS_OF_CLOUD.get(type(error), status.HTTP_502_BAD_GATEWAY), error.code, error.message)
    if isinstance(error, TryLater) and error.retry_at:
        answer["Retry-After"] = str(max(int((error.retry_at - timezone.now()).total_seconds()), 1))
    return answer
