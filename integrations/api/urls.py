"""Addresses of the scanners under /api/imaging/3d/."""

from django.urls import path

from integrations.api import views
from integrations.models import ScannerIntegration

app_name = "scanners"

MEDIT = ScannerIntegration.ScannerType.MEDIT

urlpatterns = [
    path("itero/scans", views.IteroScans.as_view(), name="itero-scans"),
    path("itero/sync", views.IteroSync.as_view(), name="itero-sync"),
    path("itero/sync/<uuid:uuid>", views.IteroRun.as_view(), name="itero-run"),
    path("itero/scan-requests", views.IteroScanRequests.as_view(), name="itero-scan-requests"),
    path("itero/auth", views.CloudAuth.as_view(), name="itero-auth"),
    path("itero/auth/callback", views.CloudCallback.as_view(), name="itero-callback"),
    path("itero/hints/<uuid:uuid>", views.IteroHint.as_view(), name="itero-hint"),
    path("medit/auth", views.CloudAuth.as_view(scanner_type=MEDIT), name="medit-auth"),
    path("medit/auth/callback", views.CloudCallback.as_view(), name="medit-callback"),
]
