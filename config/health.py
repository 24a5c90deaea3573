"""Two questions of a supervisor: does the process live, and can it serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from scans.storage import originals


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what fails; never a message that could carry data."""
    checks = {"database": _database_answers(), "storage": originals.is_writable()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
