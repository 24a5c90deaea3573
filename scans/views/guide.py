"""One page for the front desk that says how it works."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from scans.scopes import VIEW
from scans.views.asking import page, require


def guide(request: HttpRequest) -> HttpResponse:
    require(request, VIEW)
    return page(request, "guide", title=_("How it works"))
