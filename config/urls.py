"""All addresses."""

from csp.decorators import csp_update
from django.apps import apps
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.api import failed, unknown_address
from config.health import livez, readyz
from config.home import home
from config.tokens import CreateToken, RevokeAllTokens, RevokeToken

admin.site.site_header = admin.site.site_title = "Archway"
admin.site.enable_nav_sidebar = False
admin.site.site_url = None  # the home page is the admin's own
for app in ("django_q", "knox"):
    # A schedule may name any function to run, and a job of ours has a page of its own.
    admin.site.unregister([model for model in apps.get_app_config(app).get_models() if admin.site.is_registered(model)])

# The schema browser's icons stand in its style sheet: pictures in data addresses, on this one page.
schema_page = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", schema_page, name="docs"),
    path("api/token", CreateToken.as_view(), name="token"),
    path("api/token/revoke", RevokeToken.as_view(), name="token-revoke"),
    path("api/token/revoke-all", RevokeAllTokens.as_view(), name="token-revoke-all"),
    path("api/imaging/3d/", include("scans.api.urls")),
    path("api/imaging/3d/", include("integrations.api.urls")),
    path("api/<path:path>", unknown_address, name="unknown"),
    path("i18n/setlang/", set_language, name="set_language"),
    # The clinic's home stands where the admin has its index, which it holds too.
    path("admin/", admin.site.admin_view(home)),
    path("admin/", admin.site.urls),
]

handler500 = failed
