"""All addresses."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.health import livez, readyz
from config.tokens import CreateToken, RevokeToken

admin.site.site_header = admin.site.site_title = "Archway"
admin.site.enable_nav_sidebar = False

# The schema browser styles itself inline: allowed on this one page, which shows no patient's data.
schema_page = csp_update({"style-src": [UNSAFE_INLINE], "img-src": ["data:"]})(
    SpectacularSwaggerSplitView.as_view(url_name="schema")
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:scans_pendingcase_changelist"), name="home"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", schema_page, name="docs"),
    path("api/token", CreateToken.as_view(), name="token"),
    path("api/token/revoke", RevokeToken.as_view(), name="token-revoke"),
    path("api/imaging/3d/", include("scans.api.urls")),
    path("admin/", admin.site.urls),
]
