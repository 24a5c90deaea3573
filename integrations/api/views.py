"""The scanners' part of the API. Views route: permission, shape in, one service call, shape out."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from integrations.api.filters import OrderFilter
from integrations.api.serializers import (
    AuthorizationSerializer,
    OrderSerializer,
    ScanRequestAnswerSerializer,
    ScanRequestSerializer,
    SyncAnswerSerializer,
    SyncRequestSerializer,
    SyncRunSerializer,
)
from integrations.connectors.itero.profile import DEFAULT as PROFILE
from integrations.errors import ConnectorError
from integrations.models import ScannerIntegration, ScannerOrder, SyncRun
from integrations.services import connecting, hints, orders, runs, scan_requests
from patients.audit import Actor
from patients.errors import DomainError, Missing, Refused
from patients.models import Clinic
from scans.api.asking import clinic_of, patient_and_treatment
from scans.api.permissions import needs
from scans.api.views import PROBLEM
from scans.said import said
from scans.scopes import ADMIN, CAPTURE

ScannerType = ScannerIntegration.ScannerType
HINT_LIMIT_BYTES = 64 * 1024


def _connection(clinic: Clinic, scanner_type: str) -> ScannerIntegration:
    rows = ScannerIntegration.objects.filter(clinic=clinic, scanner_type=scanner_type)
    found: ScannerIntegration | None = rows.select_related("clinic").first()
    if found is None:
        raise Missing("no_such_connection", "This clinic has no connection to this scanner yet.")
    return found


class IteroScans(ListAPIView[ScannerOrder]):
    """The cloud's orders, newest first: what is known of each here, and whose it may be."""

    permission_classes = [needs(CAPTURE)]
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    queryset = ScannerOrder.objects.none()

    def get_queryset(self) -> QuerySet[ScannerOrder]:
        rows = ScannerOrder.objects.visible_to(self.request.user).filter(connection__scanner_type=ScannerType.ITERO)
        related = rows.select_related("connection__clinic", "delivery").defer("connection__credentials")
        return related.prefetch_related("delivery__cases").with_standing().order_by("-changed_at", "-pk")

    @extend_schema(
        operation_id="itero_scans",
        parameters=[
            OpenApiParameter(
                "refresh", bool, description="Ask the cloud for its list first; needs the only clinic, or `clinic`."
            )
        ],
        responses={200: OrderSerializer(many=True), 409: PROBLEM, 502: PROBLEM, 503: PROBLEM},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if request.query_params.get("refresh") in {"1", "true"}:
            orders.refresh(_connection(clinic_of(request, request.query_params.get("clinic")), ScannerType.ITERO))
        return super().get(request, *args, **kwargs)


class IteroSync(APIView):
    """Have one order, or all that are new, fetched by a background worker."""

    permission_classes = [needs(CAPTURE)]
    parser_classes = [JSONParser]

    @extend_schema(
        operation_id="itero_sync",
        request=SyncRequestSerializer,
        responses={
            202: OpenApiResponse(SyncAnswerSerializer, description="A worker does it; follow `status_url`."),
            404: PROBLEM,
            409: OpenApiResponse(PROBLEM.response, description="One is under way, or the scanner is not connected."),
            422: PROBLEM,
        },
    )
    def post(self, request: Request) -> Response:
        form = SyncRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        clinic = clinic_of(request, values.get("clinic"))
        patient, treatment = patient_and_treatment(clinic, values.get("patient"), values.get("treatment"))
        if patient and "order_id" not in values:
            raise Refused("which_order", "Please name the order that is this patient's: not all new ones can be.")
        run = runs.ask_for(
            _connection(clinic, ScannerType.ITERO),
            reason=SyncRun.Reason.PERSON,
            only=runs.OneOrder(values["order_id"], patient, treatment) if "order_id" in values else None,
            actor=Actor.of(request.user),
        )
        status_url = reverse("scanners:itero-run", args=[run.uuid], request=request)
        answer = SyncAnswerSerializer({"run": run, "status_url": status_url})
        return Response(answer.data, status=status.HTTP_202_ACCEPTED, headers={"Location": status_url})


class IteroRun(RetrieveAPIView[SyncRun]):
    """How far a look at the cloud is, and what became of each order."""

    permission_classes = [needs(CAPTURE)]
    serializer_class = SyncRunSerializer
    lookup_field = "uuid"
    queryset = SyncRun.objects.none()

    def get_queryset(self) -> QuerySet[SyncRun]:
        visible = SyncRun.objects.visible_to(self.request.user)
        rows: QuerySet[SyncRun] = visible.filter(connection__scanner_type=ScannerType.ITERO)
        return rows.prefetch_related("items__order")


class IteroScanRequests(APIView):
    """Ask the scanner for a scan of a patient: it comes back already matched, by the chart number."""

    permission_classes = [needs(CAPTURE)]
    parser_classes = [JSONParser]

    @extend_schema(
        operation_id="itero_scan_request",
        request=ScanRequestSerializer,
        responses={201: ScanRequestAnswerSerializer, 404: PROBLEM, 409: PROBLEM, 422: PROBLEM, 503: PROBLEM},
    )
    def post(self, request: Request) -> Response:
        form = ScanRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        clinic = clinic_of(request, values.get("clinic"))
        patient, _ = patient_and_treatment(clinic, values["patient"], None)
        if patient is None:
            raise Missing("no_such_patient", "There is no such patient in this clinic.")
        order_id = scan_requests.push(
            _connection(clinic, ScannerType.ITERO),
            patient,
            scan_requests.ScanRequest(values["procedure"], values["note"]),
            actor=Actor.of(request.user),
        )
        return Response({"order_id": order_id}, status=status.HTTP_201_CREATED)


class PagesToo(BaseContentNegotiation):
    """A browser asks for a page and is sent on; everybody else gets JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class CloudAuth(APIView):
    """Start to connect the clinic's account: a browser is sent to the cloud, a client gets the address."""

    content_negotiation_class = PagesToo
    permission_classes = [needs(ADMIN)]
    scanner_type: str = ScannerType.ITERO

    @extend_schema(
        parameters=[OpenApiParameter("clinic", str, description="Needed only by members of several clinics.")],
        responses={
            200: AuthorizationSerializer,
            302: OpenApiResponse(description="For browsers: to the cloud."),
            409: PROBLEM,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        connection = _connection(clinic_of(request, request.query_params.get("clinic")), self.scanner_type)
        session_key = (request.session.session_key or "") if request.auth is None else ""
        is_browser = "text/html" in request.headers.get("Accept", "")
        try:
            address = connecting.start(connection, session_key=session_key, actor=Actor.of(request.user))
        except (DomainError, ConnectorError) as error:
            if not is_browser:
                raise
            messages.error(request._request, said(error.message))  # noqa: SLF001 - messages are for Django's own request
            return redirect("admin:integrations_scannerintegration_change", connection.pk)
        return HttpResponseRedirect(address) if is_browser else Response({"authorization_url": address})


class CloudCallback(APIView):
    """Where the cloud sends the browser back to; on from here it is the connection's page in the admin."""

    content_negotiation_class = PagesToo
    permission_classes = [needs(ADMIN)]

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in ("state", "code", "error")],
        responses={302: OpenApiResponse(description="To the connection's page."), 403: PROBLEM},
    )
    def get(self, request: Request) -> HttpResponseBase:
        texts = {name: request.query_params.get(name, "") for name in ("state", "code", "error")}
        browser = request._request  # noqa: SLF001 - messages are for Django's own request
        try:
            connection = connecting.finish(
                connecting.Returned(**texts),
                actor=Actor.of(request.user),
                session_key=request.session.session_key or "",
            )
        except (DomainError, ConnectorError) as error:
            messages.error(browser, said(error.message))
            return redirect("admin:integrations_scannerintegration_changelist")
        messages.success(browser, _("The cloud gave access. Now choose the account."))
        return redirect("admin:integrations_scannerintegration_change", connection.pk)


class IteroHint(APIView):
    """The cloud says that a scan is complete. Signed; a hint only: the order is fetched from the cloud itself."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    @extend_schema(
        operation_id="itero_hint",
        request=dict[str, Any],
        responses={204: None, 404: PROBLEM, 422: PROBLEM},
        auth=[],
    )
    def post(self, request: Request, uuid: Any) -> Response:
        body = request._request.read(HINT_LIMIT_BYTES)  # noqa: SLF001 - the signature is over the bytes as they came
        hints.take(
            uuid,
            hints.Hint(
                body,
                timestamp=request.headers.get(PROFILE.timestamp_header, ""),
                signature=request.headers.get(PROFILE.signature_header, ""),
            ),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
