"""What a form of the queue carries: the place to come back to, the mark that was seen, cases by their uuid."""

import uuid

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def back_to_queue(request: HttpRequest) -> str:
    """Where the person was, if that is a page of the queue; else its start."""
    start = reverse("admin:scans_pendingcase_changelist")
    back = request.POST.get("back", "")
    is_ours = back.startswith(start) and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    place = request.POST.get("place", "")
    return (back if is_ours else start) + (f"#row-{place}" if place.isdecimal() else "")


def mark_seen(text: str | None) -> int | None:
    """The mark of a case as the page showed it; None where the form carried none."""
    return int(text) if text and text.isdecimal() else None


def uuid_or_404(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
