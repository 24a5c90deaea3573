"""Get Orders for Practice, Get Order by RX ID, Download Scan."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.cloud import cloud
from integrations.sandbox.connection import REGION
from integrations.sandbox.orders import NoSuchOrder, Order, Status
from integrations.sandbox.protection import paired, refuse
from integrations.sandbox.tokens import Grant

PAGE_SIZE, LARGEST_PAGE = 50, 100
START = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[datetime, str]
blueprint = Blueprint("orders", __name__, url_prefix=f"/{REGION}/api/v1/orders")


@blueprint.get("")
def listing() -> Response:
    """Oldest change first. A page goes on behind the order that the page before it ended with."""
    grant = paired("orders.read")
    since, status = _since(), request.args.get("status")
    after, size = _after_place(request.args.get("pageToken", "")), _page_size()
    found = [
        order
        for order in cloud().orders.all()
        if order.account_id == grant.account_id
        and order.updated_at >= since
        and order.place > after
        and status in (None, order.status)
    ]
    page = found[:size]
    next_token = page_token(page[-1].place) if len(found) > size else None
    return jsonify({"orders": [described(order) for order in page], "nextPageToken": next_token})


@blueprint.get("/<rx_id>")
def one(rx_id: str) -> Response:
    return jsonify(described(_own(rx_id, paired("orders.read"))))


@blueprint.get("/<rx_id>/scan")
def scan(rx_id: str) -> Response:
    order = _own(rx_id, paired("scans.read"))
    if order.status is not Status.READY:
        refuse(404, "not_ready")
    content = cloud().artefacts.zip_of(order)
    answer = Response(content, mimetype="application/zip")
    answer.set_etag(cloud().artefacts.facts(order).sha256)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(order)}"'
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    answer.headers.pop("Date", None)  # the server says it too
    return answer


def described(order: Order) -> dict[str, Any]:
    return {
        "rxId": order.rx_id,
        "orderCode": f"{order.rx_id}-A",
        "status": order.status,
        "updatedAt": order.updated_at.isoformat(),
        "caseType": order.procedure,
        "patient": {
            "firstName": order.patient.first_name,
            "lastName": order.patient.last_name,
            "chartNumber": order.patient.chart_number,
        },
        "artefacts": _told_artefacts(order),
    }


def file_name(order: Order) -> str:
    return f"OrthoCAD_Export_{order.rx_id}.zip"


def page_token(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([place[0].isoformat(), place[1]]).encode()).decode()


def _told_artefacts(order: Order) -> dict[str, Any] | str | None:
    if order.is_spoiled:
        return f"{order.patient.first_name} {order.patient.last_name}"
    return _artefacts(order) if order.status is Status.READY else None


def _artefacts(order: Order) -> dict[str, Any]:
    facts = cloud().artefacts.facts(order)
    return {"fileName": file_name(order), "size": facts.size, "sha256": facts.sha256}


def _own(rx_id: str, grant: Grant) -> Order:
    """Another practice's order is as unknown as one that does not exist."""
    try:
        order = cloud().orders.get(rx_id)
    except NoSuchOrder:
        order = None
    if order is None or order.account_id != grant.account_id:
        return refuse(404, "not_found")  # type: ignore[no-any-return]
    return order


def _since() -> datetime:
    text = request.args.get("updatedSince")
    if not text:
        return START
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return refuse(400, "invalid_updatedSince")  # type: ignore[no-any-return]
    if moment.tzinfo is None:
        refuse(400, "updatedSince_without_zone")
    return moment


def _after_place(token: str) -> Place:
    if not token:
        return START, ""
    try:
        moment, rx_id = json.loads(base64.urlsafe_b64decode(token))
        return datetime.fromisoformat(moment), str(rx_id)
    except (ValueError, TypeError, binascii.Error):
        return refuse(400, "invalid_pageToken")  # type: ignore[no-any-return]


def _page_size() -> int:
    size = request.args.get("pageSize", PAGE_SIZE, type=int)
    if not 1 <= size <= LARGEST_PAGE:
        refuse(400, "invalid_pageSize")
    return size
