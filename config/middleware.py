"""What holds for every request before any view sees it."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.api import plain_problem

GetResponse = Callable[[HttpRequest], HttpResponseBase]

IMPORT_PATH = "/api/imaging/3d/import"
FILE_PATH = re.compile(r"/admin/scans/pendingcase/upload/[0-9a-f-]{36}/\d{1,6}")
"""Where the upload page puts one file."""
FORM_LIMIT_BYTES = 5 * 1024 * 1024


class BodySizeLimit:
    """Refuses a body that is too large before a byte of it is read: an import or a file of the upload page."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = FORM_LIMIT_BYTES + (settings.ARCHWAY_UPLOAD_LIMIT_BYTES if _takes_files(request) else 0)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= limit:
            return self._get_response(request)
        return plain_problem(413, "body_too_large", f"One request may hold {limit // 1024**2} MB here.")


def _takes_files(request: HttpRequest) -> bool:
    is_file = request.method == "PUT" and bool(FILE_PATH.fullmatch(request.path))
    return is_file or request.path == IMPORT_PATH


class ApiAnswersAreNotKept:
    """No browser and no proxy keeps what the API said of a patient."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        if request.path.startswith("/api/"):
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer
