"""The shapes of the scanners' part of the API."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from integrations.models import ScannerOrder, SyncItem, SyncRun
from integrations.planning import Standing
from integrations.services.orders import Suggestion, suggestion_for

STANDINGS = [(str(standing), str(standing).replace("_", " ")) for standing in Standing]
UNDECIDED = {Standing.NEW, Standing.CHANGED, Standing.NOT_READY}


class MatchReasonSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    outcome = serializers.CharField()
    points = serializers.FloatField()
    sentence = serializers.CharField()


class SuggestionSerializer(serializers.Serializer[Suggestion]):
    patient = serializers.UUIDField(source="patient.uuid")
    score = serializers.FloatField()
    is_certain = serializers.BooleanField()
    reasons = serializers.SerializerMethodField()

    @extend_schema_field(MatchReasonSerializer(many=True))
    def get_reasons(self, suggestion: Suggestion) -> list[dict[str, Any]]:
        return [asdict(reason) for reason in suggestion.reasons]


class OrderPatientSerializer(serializers.Serializer[ScannerOrder]):
    """The patient as the cloud names one."""

    first_name = serializers.CharField()
    last_name = serializers.CharField()
    full_name = serializers.CharField()
    chart_number = serializers.CharField()


class OrderSerializer(serializers.ModelSerializer[ScannerOrder]):
    """An order of the cloud, what is known of it here, and whose it may be."""

    state = serializers.ChoiceField(source="standing", choices=STANDINGS, read_only=True)
    patient_there = OrderPatientSerializer(source="*", read_only=True)
    delivery = serializers.UUIDField(source="delivery.uuid", read_only=True, default=None, allow_null=True)
    cases = serializers.SerializerMethodField()
    suggestion = serializers.SerializerMethodField()

    class Meta:
        model = ScannerOrder
        fields = [
            "order_id", "state", "changed_at", "seen_at", "patient_there", "delivery", "cases", "suggestion", "code",
            "message", "next_attempt_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_cases(self, order: ScannerOrder) -> list[str]:
        return [str(case.uuid) for case in order.delivery.cases.all()] if order.delivery else []

    @extend_schema_field(SuggestionSerializer(allow_null=True))
    def get_suggestion(self, order: Any) -> Any:
        """For what is not here yet; what is here has candidates at its case."""
        found = suggestion_for(order) if order.standing in UNDECIDED else None
        return SuggestionSerializer(found).data if found else None


class SyncItemSerializer(serializers.ModelSerializer[SyncItem]):
    order_id = serializers.CharField(source="order.order_id", read_only=True, default="")

    class Meta:
        model = SyncItem
        fields = ["order_id", "outcome", "code", "message", "at"]
        read_only_fields = fields


class SyncRunSerializer(serializers.ModelSerializer[SyncRun]):
    items = SyncItemSerializer(many=True, read_only=True)

    class Meta:
        model = SyncRun
        fields = [
            "uuid", "reason", "order_id", "state", "listed", "taken", "failed", "code", "message", "created_at",
            "started_at", "finished_at", "items",
        ]  # fmt: skip
        read_only_fields = fields


class SyncRequestSerializer(serializers.Serializer[Any]):
    """Without an order: all that is new."""

    order_id = serializers.CharField(required=False, max_length=100)
    patient = serializers.UUIDField(required=False)
    treatment = serializers.UUIDField(required=False)
    clinic = serializers.UUIDField(required=False, help_text="Needed only by members of several clinics.")


class SyncAnswerSerializer(serializers.Serializer[Any]):
    run = SyncRunSerializer()
    status_url = serializers.URLField()


class ScanRequestSerializer(serializers.Serializer[Any]):
    """A scan that is wanted: the patient needs a chart number, by which it is told apart when it comes back."""

    patient = serializers.UUIDField()
    procedure = serializers.CharField(max_length=100, help_text="As the cloud calls it, for example “Study Model”.")
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    clinic = serializers.UUIDField(required=False, help_text="Needed only by members of several clinics.")


class ScanRequestAnswerSerializer(serializers.Serializer[Any]):
    order_id = serializers.CharField()


class AuthorizationSerializer(serializers.Serializer[Any]):
    authorization_url = serializers.URLField(help_text="To be opened in a browser where the same user is logged in.")
