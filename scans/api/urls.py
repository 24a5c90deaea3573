"""Addresses under /api/imaging/3d/."""

from django.urls import path

from scans.api import views

app_name = "imaging"

urlpatterns = [
    path("import", views.ImportView.as_view(), name="import"),
    path("scans", views.ScanList.as_view(), name="scans"),
    path("scans/<uuid:uuid>", views.ScanDetail.as_view(), name="scan"),
    path("scans/<uuid:uuid>/original", views.ScanOriginal.as_view(), name="original"),
    path("scans/<uuid:uuid>/preview", views.ScanPreview.as_view(), name="preview"),
    path("scans/<uuid:uuid>/thumbnail", views.ScanThumbnail.as_view(), name="thumbnail"),
    path("cases", views.CaseList.as_view(), name="cases"),
    path("cases/<uuid:uuid>", views.CaseDetail.as_view(), name="case"),
    path("deliveries/<uuid:uuid>", views.DeliveryDetail.as_view(), name="delivery"),
    path("jobs/<uuid:uuid>", views.JobDetail.as_view(), name="job"),
    path("<uuid:uuid>/metadata", views.ScanMetadata.as_view(), name="metadata"),
]
