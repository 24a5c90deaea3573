"""Addresses under /api/imaging/3d/."""

from django.urls import path

from scans.api import looking, views

app_name = "imaging"

urlpatterns = [
    path("import", views.ImportView.as_view(), name="import"),
    path("scans", views.ScanList.as_view(), name="scans"),
    path("scans/<uuid:uuid>", views.ScanDetail.as_view(), name="scan"),
    path("scans/<uuid:uuid>/original", views.ScanOriginal.as_view(), name="original"),
    path("scans/<uuid:uuid>/preview", views.ScanPreview.as_view(), name="preview"),
    path("scans/<uuid:uuid>/thumbnail", views.ScanThumbnail.as_view(), name="thumbnail"),
    path("scans/<uuid:uuid>/views", looking.ScanViews.as_view(), name="views"),
    path("scans/<uuid:uuid>/views/<uuid:view_uuid>", looking.ScanView.as_view(), name="view"),
    path("scans/<uuid:uuid>/measurements", looking.ScanMeasurements.as_view(), name="measurements"),
    path(
        "scans/<uuid:uuid>/measurements/<uuid:measurement_uuid>",
        looking.ScanMeasurement.as_view(),
        name="measurement",
    ),
    path("cases", views.CaseList.as_view(), name="cases"),
    path("cases/<uuid:uuid>", views.CaseDetail.as_view(), name="case"),
    path("deliveries/<uuid:uuid>", views.DeliveryDetail.as_view(), name="delivery"),
    path("jobs/<uuid:uuid>", views.JobDetail.as_view(), name="job"),
    path("<uuid:uuid>/metadata", views.ScanMetadata.as_view(), name="metadata"),
]
