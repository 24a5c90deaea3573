"""What the list of a cloud's orders can be narrowed by."""

import django_filters

from integrations.api.serializers import STANDINGS
from integrations.models import ScannerOrder


class OrderFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(field_name="standing", choices=STANDINGS)
    changed_since = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")
    clinic = django_filters.UUIDFilter(field_name="connection__clinic__uuid")

    class Meta:
        model = ScannerOrder
        fields = ["order_id"]
