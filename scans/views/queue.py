"""The list of cases: those that wait, and those that were decided."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patients.querysets import search_words
from scans.models import Case, PendingCase
from scans.scopes import CAPTURE, VIEW, allows
from scans.services.lacking import lacks_of
from scans.views.asking import page, require
from scans.wait_reasons import sentences

PAGE_SIZE = 25
SEARCH_KEY = "queue_search"
TABS = [Case.State.PENDING, Case.State.HELD, Case.State.FILED, Case.State.REJECTED]


def queue(request: HttpRequest) -> HttpResponse:
    """Waiting cases, oldest first: who waits longest is served first."""
    require(request, VIEW)
    if request.method == "POST":
        # A name that is searched for must not stand in an address: it goes into the session.
        request.session[SEARCH_KEY] = " ".join(search_words(request.POST.get("words", "")))
        return redirect(request.get_full_path())
    state = request.GET.get("state", str(Case.State.PENDING))
    if state not in TABS:
        raise Http404
    visible = PendingCase.objects.visible_to(request.user)
    words = request.session.get(SEARCH_KEY, "")
    counts = visible.counts_by_state()
    order = "received_at" if state == Case.State.PENDING else "-received_at"
    rows = visible.filter(state=state).search(words).for_queue().order_by(order, "pk")
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for case in shown:
        case.wait_sentences = sentences(case.wait_codes)
        case.lacks = lacks_of(case)
    return page(
        request,
        "queue",
        title=_("Waiting cases"),
        page=shown,
        state=state,
        words=words,
        tabs=[(str(tab), tab.label, counts.get(str(tab), 0)) for tab in TABS],
        has_any=bool(counts),
        may_decide=allows(request.user, CAPTURE),
    )
