"""What all API answers share: one table from a domain error to an HTTP problem (RFC 9457), and the pages of lists."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from patients.errors import Conflict, DomainError, Missing, Refused, TooMuch

log = logging.getLogger(__name__)

STATUS_OF: dict[type[DomainError], int] = {
    Refused: status.HTTP_422_UNPROCESSABLE_ENTITY,
    Missing: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
    TooMuch: status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
}


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def problem(status_code: int, code: str, detail: str, **data: Any) -> Response:
    body = {
        "type": f"urn:archway:problem:{code}",
        "title": HTTPStatus(status_code).phrase,
        "status": status_code,
        "code": code,
        "detail": detail,
        **data,
    }
    return Response(body, status=status_code, content_type="application/problem+json")


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of the API as application/problem+json; anything unknown stays a 500 of Django's."""
    if isinstance(error, DomainError):
        return problem(STATUS_OF[type(error)], error.code, error.message, **error.data)
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
    return shaped
