"""The API under /api/imaging/3d/. Views route: permission, shape in, one service call, shape out."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from patients.audit import Actor
from patients.errors import Missing, Refused
from patients.models import Clinic
from scans.api.asking import clinic_of, patient_and_treatment
from scans.api.filters import CaseFilter, ScanFilter
from scans.api.permissions import needs
from scans.api.ranges import serve, serve_whole
from scans.api.serializers import (
    CaseDetailSerializer,
    CaseSerializer,
    DeliverySerializer,
    ImportAnswerSerializer,
    ImportRequestSerializer,
    JobSerializer,
    ProblemSerializer,
    ScanDetailSerializer,
    ScanMetadataSerializer,
    ScanSerializer,
)
from scans.models import Case, Delivery, Job, Scan
from scans.scopes import CAPTURE, VIEW
from scans.services import access
from scans.services.intake import Incoming, Receipt, Wanted, receive_and_read
from scans.storage import CHUNK, derived, originals

STATUS_OF: dict[str, int] = {
    Delivery.State.DUPLICATE: status.HTTP_200_OK,
    Delivery.State.PROCESSED: status.HTTP_201_CREATED,
}
GLB, WEBP = "model/gltf-binary", "image/webp"
PROBLEM = OpenApiResponse(ProblemSerializer, description="What is wrong, as application/problem+json.")


class ImportView(APIView):
    """Take a scan, several files of one case, or a zip or 7z archive in."""

    permission_classes = [needs(CAPTURE)]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="import_scans",
        request={"multipart/form-data": ImportRequestSerializer},
        responses={
            200: OpenApiResponse(ImportAnswerSerializer, description="All of it is here already."),
            201: OpenApiResponse(ImportAnswerSerializer, description="Read; the case is filed or waits for a person."),
            202: OpenApiResponse(ImportAnswerSerializer, description="Stored; a background job reads it."),
            400: PROBLEM,
            403: PROBLEM,
            404: PROBLEM,
            413: PROBLEM,
            422: PROBLEM,
        },
    )
    def post(self, request: Request) -> Response:
        form = ImportRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        clinic = clinic_of(request, values.get("clinic"))
        receipt = receive_and_read(
            clinic,
            _incoming(values["files"]),
            channel=Delivery.Channel.API,
            wanted=_wanted(clinic, values),
            actor=Actor.of(request.user),
        )
        return _import_answer(receipt, request)


def _incoming(files: Iterable[Any]) -> list[Incoming]:
    return [Incoming(file.name, file.chunks(CHUNK), file.size) for file in files]


def _wanted(clinic: Clinic, values: dict[str, Any]) -> Wanted:
    patient, treatment = patient_and_treatment(clinic, values.get("patient"), values.get("treatment"))
    return Wanted(
        str(patient.uuid) if patient else "", str(treatment.uuid) if treatment else "", values.get("category", "")
    )


def _import_answer(receipt: Receipt, request: Request) -> Response:
    delivery, job = receipt.delivery, receipt.job
    if delivery.state == Delivery.State.REJECTED:
        raise Refused(delivery.code, delivery.message, delivery=str(delivery.uuid), report=delivery.report)
    status_url = reverse("imaging:job", args=[job.uuid], request=request)
    case = Case.objects.filter(uuid=job.outcome.get("case")).first() if job.outcome.get("case") else None
    answer = {"delivery": delivery, "job": job, "status_url": status_url, "case": case}
    code = STATUS_OF.get(delivery.state, status.HTTP_202_ACCEPTED)
    return Response(
        ImportAnswerSerializer(answer, context={"request": request}).data, status=code, headers={"Location": status_url}
    )


class ScanList(ListAPIView[Scan]):
    """Scans of the user's clinics, newest first."""

    permission_classes = [needs(VIEW)]
    serializer_class = ScanSerializer
    filterset_class = ScanFilter
    queryset = Scan.objects.none()

    def get_queryset(self) -> QuerySet[Scan]:
        rows = Scan.objects.visible_to(self.request.user)
        return rows.select_related("case__patient", "case__treatment").order_by("-created_at", "-pk")


class _OneScan(RetrieveAPIView[Scan]):
    permission_classes = [needs(VIEW)]
    lookup_field = "uuid"
    queryset = Scan.objects.none()

    def get_queryset(self) -> QuerySet[Scan]:
        rows = Scan.objects.visible_to(self.request.user)
        return rows.select_related("case__clinic", "case__patient", "case__treatment")

    def get_object(self) -> Scan:
        scan = super().get_object()
        access.note_viewed(scan, actor=Actor.of(self.request.user))
        return scan


class ScanDetail(_OneScan):
    """One scan."""

    serializer_class = ScanDetailSerializer


class ScanMetadata(_OneScan):
    """What the scanner said of a scan, and what we found."""

    serializer_class = ScanMetadataSerializer


class CaseList(ListAPIView[Case]):
    """Cases of the user's clinics, newest first."""

    permission_classes = [needs(VIEW)]
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.request.user).select_related("clinic", "patient", "treatment")


class CaseDetail(RetrieveAPIView[Case]):
    """One case with its scans, bites and candidates."""

    permission_classes = [needs(VIEW)]
    serializer_class = CaseDetailSerializer
    lookup_field = "uuid"
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        rows = Case.objects.visible_to(self.request.user).select_related(
            "clinic", "patient", "treatment", "occlusion__upper", "occlusion__lower"
        )
        links = [f"bite_links__{scan}" for scan in ("bite", "upper", "lower")]
        return rows.prefetch_related("scans", *links, "candidates__patient")

    def get_object(self) -> Case:
        case = super().get_object()
        access.note_viewed(case, actor=Actor.of(self.request.user))
        return case


class JobDetail(RetrieveAPIView[Job]):
    """How far a background job is, and what it came to; for whoever may look and for whoever may send."""

    permission_classes = [needs(VIEW, CAPTURE)]
    serializer_class = JobSerializer
    lookup_field = "uuid"
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.request.user)


class DeliveryDetail(RetrieveAPIView[Delivery]):
    """What became of a delivery: a line for every file, and why it was refused where it was."""

    permission_classes = [needs(VIEW, CAPTURE)]
    serializer_class = DeliverySerializer
    lookup_field = "uuid"
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = Delivery.objects.visible_to(self.request.user)
        return rows.select_related("clinic").prefetch_related("cases")

    def get_object(self) -> Delivery:
        delivery = super().get_object()
        access.note_viewed(delivery, actor=Actor.of(self.request.user))
        return delivery


class ScanOriginal(APIView):
    """The file as it came, byte for byte. Answers a single byte range."""

    permission_classes = [needs(VIEW)]

    @extend_schema(
        operation_id="scan_original",
        parameters=[OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=first-last")],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
            404: PROBLEM,
            416: OpenApiResponse(description="The range lies outside of the file."),
        },
    )
    def get(self, request: Request, uuid: Any) -> HttpResponseBase:
        scan = _visible_scan(request, uuid)
        access.note_downloaded(scan, actor=Actor.of(request.user))
        return serve(
            originals,
            scan.sha256,
            scan.size,
            file_name=f"{scan.uuid}.{(scan.scan_format or 'bin').lower()}",
            range_header=request.headers.get("Range", ""),
        )


class ScanPreview(APIView):
    """The surface for a browser, as GLB: quantised, in the file's coordinates and colours, never the original."""

    permission_classes = [needs(VIEW)]

    @extend_schema(
        operation_id="scan_preview",
        parameters=[
            OpenApiParameter(
                "level",
                enum=["small", "full"],
                default="small",
                description="small: at most 100,000 triangles, to show first. full: every triangle.",
            )
        ],
        responses={(200, GLB): OpenApiTypes.BINARY, 304: None, 400: PROBLEM, 404: PROBLEM},
    )
    def get(self, request: Request, uuid: Any) -> HttpResponseBase:
        level = request.query_params.get("level", "small")
        if level not in {"small", "full"}:
            raise Refused("no_such_level", "A preview has the levels small and full.")
        scan = _visible_scan(request, uuid)
        # The small level of a small scan is all of it.
        content = (scan.detail or scan.preview) if level == "full" else scan.preview
        return _derived(request, scan, content, GLB)


class ScanThumbnail(APIView):
    """A small picture of the scan, its biting side towards the viewer."""

    permission_classes = [needs(VIEW)]

    @extend_schema(
        operation_id="scan_thumbnail",
        responses={(200, WEBP): OpenApiTypes.BINARY, 304: None, 404: PROBLEM},
    )
    def get(self, request: Request, uuid: Any) -> HttpResponseBase:
        scan = _visible_scan(request, uuid)
        return _derived(request, scan, scan.thumbnail, WEBP)


def _visible_scan(request: Request, uuid: Any) -> Scan:
    rows: QuerySet[Scan] = Scan.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("case__clinic"), uuid=uuid)


def _derived(request: Request, scan: Scan, sha256: str, content_type: str) -> HttpResponseBase:
    """A file that we made of a scan: its name is its content, so a browser that has it need not have it again."""
    if not sha256:
        raise Missing("nothing_to_show", "There is no such picture of this scan. Its findings may say why.")
    access.note_viewed(scan, actor=Actor.of(request.user))
    etag = f'"{sha256}"'
    answer: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=status.HTTP_304_NOT_MODIFIED)
    else:
        answer = serve_whole(derived, sha256, content_type)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer
