"""The shapes of the API. Names as in the models, snake_case; times are ISO 8601 with a zone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scans.models import BiteLink, Case, Delivery, Job, MatchCandidate, Occlusion, Scan
from scans.services.lacking import lacks_of
from scans.wait_reasons import sentences


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 with a code for programs and a sentence for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ScanSerializer(serializers.ModelSerializer[Scan]):
    """A scan as lists show it."""

    case = serializers.UUIDField(source="case.uuid", read_only=True)
    patient = serializers.UUIDField(source="case.patient.uuid", read_only=True, default=None, allow_null=True)
    treatment = serializers.UUIDField(source="case.treatment.uuid", read_only=True, default=None, allow_null=True)
    captured_at = serializers.DateTimeField(source="case.captured_at", read_only=True, allow_null=True)
    needs_person = serializers.SerializerMethodField()
    has_preview = serializers.SerializerMethodField()

    class Meta:
        model = Scan
        fields = [
            "uuid", "case", "patient", "treatment", "state", "file_type", "category", "scanner_type", "scanner_vendor",
            "scan_format", "arch", "role", "side", "position", "sha256", "size", "vertex_count", "face_count",
            "scan_quality", "confidence", "needs_person", "has_preview", "decided_by_person", "code", "message",
            "captured_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_needs_person(self, scan: Scan) -> bool:
        return scan.needs_person

    def get_has_preview(self, scan: Scan) -> bool:
        return bool(scan.preview)


class ScanDetailSerializer(ScanSerializer):
    """A scan with everything we know of it."""

    class Meta(ScanSerializer.Meta):
        fields = [*ScanSerializer.Meta.fields, "name", "measures", "metadata", "findings", "quality", "verdict"]
        read_only_fields = fields


class ScanMetadataSerializer(ScanDetailSerializer):
    """What `GET <uuid>/metadata` answers: the scan, how it was classified, and the words of its scanner."""

    order_id = serializers.CharField(source="case.order_id", read_only=True)
    order_version = serializers.IntegerField(source="case.version", read_only=True)
    case_metadata = serializers.JSONField(source="case.metadata", read_only=True)

    class Meta(ScanDetailSerializer.Meta):
        fields = [*ScanDetailSerializer.Meta.fields, "order_id", "order_version", "case_metadata"]
        read_only_fields = fields


class IdentitySerializer(serializers.Serializer[Case]):
    """The patient as the scanner named one, field by field as it came."""

    full_name = serializers.CharField(source="received_full_name")
    first_name = serializers.CharField(source="received_first_name")
    last_name = serializers.CharField(source="received_last_name")
    birth_date = serializers.DateField(source="received_birth_date", allow_null=True)
    birth_date_text = serializers.CharField(source="received_birth_date_text")
    chart_number = serializers.CharField(source="received_chart_number")


class CandidateSerializer(serializers.ModelSerializer[MatchCandidate]):
    patient = serializers.UUIDField(source="patient.uuid", read_only=True)

    class Meta:
        model = MatchCandidate
        fields = ["rank", "patient", "score", "reasons"]
        read_only_fields = fields


class BiteLinkSerializer(serializers.ModelSerializer[BiteLink]):
    bite = serializers.UUIDField(source="bite.uuid", read_only=True)
    upper = serializers.UUIDField(source="upper.uuid", read_only=True, default=None, allow_null=True)
    lower = serializers.UUIDField(source="lower.uuid", read_only=True, default=None, allow_null=True)

    class Meta:
        model = BiteLink
        fields = [
            "bite", "upper", "lower", "evidence", "state", "upper_fitness", "upper_rms_mm", "upper_transform",
            "lower_fitness", "lower_rms_mm", "lower_transform", "explained", "findings",
        ]  # fmt: skip
        read_only_fields = fields


class OcclusionSerializer(serializers.ModelSerializer[Occlusion]):
    """How the jaws meet. lower_to_upper: 16 numbers, row by row, takes the lower's file into the upper's frame."""

    upper = serializers.UUIDField(source="upper.uuid", read_only=True, default=None, allow_null=True)
    lower = serializers.UUIDField(source="lower.uuid", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Occlusion
        fields = ["kind", "upper", "lower", "lower_to_upper", "evidence", "numbers"]
        read_only_fields = fields


class CaseSerializer(serializers.ModelSerializer[Case]):
    clinic = serializers.UUIDField(source="clinic.uuid", read_only=True)
    patient = serializers.UUIDField(source="patient.uuid", read_only=True, default=None, allow_null=True)
    treatment = serializers.UUIDField(source="treatment.uuid", read_only=True, default=None, allow_null=True)
    received_identity = IdentitySerializer(source="*", read_only=True)
    wait_reasons = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "uuid", "clinic", "source", "vendor", "order_id", "version", "state", "state_code", "state_reason",
            "wait_reasons", "received_identity", "patient", "treatment", "captured_at", "received_at", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ReasonSerializer(many=True))
    def get_wait_reasons(self, case: Case) -> list[dict[str, str]]:
        said = zip(case.wait_codes, sentences(case.wait_codes), strict=True)
        return [{"code": code, "message": message} for code, message in said]


class CaseDetailSerializer(CaseSerializer):
    scans = ScanSerializer(many=True, read_only=True)
    bite_links = BiteLinkSerializer(many=True, read_only=True)
    occlusion = OcclusionSerializer(read_only=True, default=None, allow_null=True)
    candidates = CandidateSerializer(many=True, read_only=True)
    lacks = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "metadata", "scans", "lacks", "bite_links", "occlusion", "candidates"]
        read_only_fields = fields

    @extend_schema_field(ReasonSerializer(many=True))
    def get_lacks(self, case: Case) -> list[dict[str, str]]:
        return [{"code": lack.code, "message": lack.message} for lack in lacks_of(case)]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    cases: Any = serializers.SlugRelatedField(slug_field="uuid", many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = ["uuid", "state", "code", "message", "received_at", "total_size", "report", "cases"]
        read_only_fields = fields


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = [
            "uuid", "kind", "state", "attempts", "steps_done", "steps_total", "last_error", "outcome", "created_at",
            "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class ImportRequestSerializer(serializers.Serializer[Any]):
    """multipart/form-data. `files` may repeat; a zip or 7z archive holds one case."""

    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)
    clinic = serializers.UUIDField(required=False, help_text="Needed only by members of several clinics.")
    patient = serializers.UUIDField(required=False)
    treatment = serializers.UUIDField(required=False)
    category = serializers.ChoiceField(choices=Scan.Categories.choices, required=False)


class ImportAnswerSerializer(serializers.Serializer[Any]):
    delivery = DeliverySerializer()
    job = JobSerializer()
    status_url = serializers.URLField()
    case = CaseDetailSerializer(allow_null=True)
