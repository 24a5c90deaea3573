"""What lists can be narrowed by."""

import django_filters

from scans.models import Case, Scan


class ScanFilter(django_filters.FilterSet):
    patient = django_filters.UUIDFilter(field_name="case__patient__uuid")
    treatment = django_filters.UUIDFilter(field_name="case__treatment__uuid")
    case = django_filters.UUIDFilter(field_name="case__uuid")
    created_since = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")

    class Meta:
        model = Scan
        fields = ["category", "state", "scanner_type", "scan_format"]


class CaseFilter(django_filters.FilterSet):
    patient = django_filters.UUIDFilter(field_name="patient__uuid")
    received_since = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")

    class Meta:
        model = Case
        fields = ["state", "source", "order_id"]
