"""Saved views and measurements of a scan: `imaging:view` reads them, `imaging:capture` keeps and deletes them."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.audit import Actor
from scans.api.permissions import needs
from scans.api.serializers import ProblemSerializer
from scans.models import Measurement, SavedView, Scan
from scans.scopes import CAPTURE, VIEW
from scans.services import access
from scans.services.looking import MOST_MM, forget, measure, save_view

PROBLEMS = dict.fromkeys((400, 403, 404, 413, 422), ProblemSerializer)


class _Kept(serializers.Serializer[Any]):
    uuid = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=100)
    created_by = serializers.CharField(source="created_by.username", read_only=True, default="")
    created_at = serializers.DateTimeField(read_only=True)


class SavedViewSerializer(_Kept):
    """state: what the viewer needs to show the same again, at most 8,000 bytes of JSON."""

    state = serializers.DictField()


class PointSerializer(serializers.Serializer[Any]):
    """A point on a scan, in the coordinates of its own file."""

    scan = serializers.UUIDField()
    at_mm = serializers.ListField(
        child=serializers.FloatField(min_value=-10 * MOST_MM, max_value=10 * MOST_MM), min_length=3, max_length=3
    )

    def to_internal_value(self, data: Any) -> Any:
        point = super().to_internal_value(data)
        return {"scan": str(point["scan"]), "at_mm": point["at_mm"]}


class MeasurementSerializer(_Kept):
    """distance_mm: computed from points of one scan, taken as given between two scans."""

    name = serializers.CharField(max_length=100, allow_blank=True, default="")
    points = serializers.ListField(child=PointSerializer(), min_length=2, max_length=2)
    distance_mm = serializers.FloatField(min_value=0, max_value=MOST_MM, required=False)


class _OfScan(APIView):
    """Whoever may look reads, whoever may capture writes."""

    scan_permission: ClassVar[dict[str, type[BasePermission]]] = {"GET": needs(VIEW)}

    def get_permissions(self) -> list[Any]:
        return [self.scan_permission.get(self.request.method or "", needs(CAPTURE))()]

    def scan(self, request: Request, uuid: Any) -> Scan:
        found: Scan = get_object_or_404(Scan.objects.visible_to(request.user).select_related("case__clinic"), uuid=uuid)
        return found


class ScanViews(_OfScan):
    """The saved views of a scan, oldest first."""

    @extend_schema(operation_id="scan_views", responses={200: SavedViewSerializer(many=True), **PROBLEMS})
    def get(self, request: Request, uuid: Any) -> Response:
        scan = self.scan(request, uuid)
        access.note_viewed(scan, actor=Actor.of(request.user))
        return Response(SavedViewSerializer(scan.saved_views.select_related("created_by"), many=True).data)

    @extend_schema(
        operation_id="save_view", request=SavedViewSerializer, responses={201: SavedViewSerializer, **PROBLEMS}
    )
    def post(self, request: Request, uuid: Any) -> Response:
        scan = self.scan(request, uuid)
        form = SavedViewSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        view = save_view(scan, **form.validated_data, actor=Actor.of(request.user))
        return Response(SavedViewSerializer(view).data, status=status.HTTP_201_CREATED)


class ScanView(_OfScan):
    """One saved view."""

    @extend_schema(operation_id="delete_view", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, uuid: Any, view_uuid: Any) -> Response:
        rows = SavedView.objects.visible_to(request.user).select_related("scan__case__clinic")
        forget(get_object_or_404(rows, scan__uuid=uuid, uuid=view_uuid), actor=Actor.of(request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ScanMeasurements(_OfScan):
    """The measurements that start on a scan, oldest first."""

    @extend_schema(operation_id="scan_measurements", responses={200: MeasurementSerializer(many=True), **PROBLEMS})
    def get(self, request: Request, uuid: Any) -> Response:
        scan = self.scan(request, uuid)
        access.note_viewed(scan, actor=Actor.of(request.user))
        return Response(MeasurementSerializer(scan.measurements.select_related("created_by"), many=True).data)

    @extend_schema(
        operation_id="save_measurement",
        request=MeasurementSerializer,
        responses={201: MeasurementSerializer, **PROBLEMS},
    )
    def post(self, request: Request, uuid: Any) -> Response:
        scan = self.scan(request, uuid)
        form = MeasurementSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = {"distance_mm": None, **form.validated_data}
        kept = measure(scan, **values, actor=Actor.of(request.user))
        return Response(MeasurementSerializer(kept).data, status=status.HTTP_201_CREATED)


class ScanMeasurement(_OfScan):
    """One measurement."""

    @extend_schema(operation_id="delete_measurement", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, uuid: Any, measurement_uuid: Any) -> Response:
        rows = Measurement.objects.visible_to(request.user).select_related("scan__case__clinic")
        forget(get_object_or_404(rows, scan__uuid=uuid, uuid=measurement_uuid), actor=Actor.of(request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)
