"""What tests and the demonstration ask of the sandbox itself, in JSON: `/_sandbox/...`.

A page of the internet cannot call this: a body must say that it is JSON, which a browser sends to another site only
when that allows it, and other host names than this machine's are refused.
"""

import base64
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.cloud import cloud
from integrations.sandbox.faults import FAULTS, Active
from integrations.sandbox.orders import NoSuchOrder, Order, Status, patient_of
from integrations.sandbox.orders_api import described
from integrations.sandbox.protection import refuse

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")


@blueprint.get("/calls")
def calls() -> Response:
    """How often each operation was asked for."""
    return jsonify(cloud().calls)


@blueprint.get("/sent-bytes")
def sent_bytes() -> Response:
    """Of scans, since the start."""
    return jsonify(cloud().sent_bytes)


@blueprint.delete("/calls")
def forget_calls() -> tuple[str, int]:
    cloud().calls.clear()
    return "", 204


@blueprint.get("/faults")
def faults() -> Response:
    known = {name: sorted(fault.operations) for name, fault in FAULTS.items()}
    return jsonify({"known": known, "active": [asdict(fault) for fault in cloud().faults.active()]})


@blueprint.post("/faults")
def order_fault() -> tuple[Response, int]:
    """{"fault", "operation", "times" (null: until cleared), "skip", and what the fault itself takes}"""
    asked = _asked()
    name, operation = str(asked.pop("fault", "")), str(asked.pop("operation", ""))
    fault = Active(name, operation, asked.pop("times", 1), int(asked.pop("skip", 0)), asked)
    cloud().faults.order(fault)
    return jsonify(asdict(fault)), 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    cloud().faults.clear()
    return "", 204


@blueprint.post("/tokens/expire")
def expire_tokens() -> Response:
    """Every access token that is out there has expired."""
    found = list(cloud().tokens)
    for tokens in found:
        tokens.expires_at = 0.0
    return jsonify({"expired": len(found)})


@blueprint.post("/tokens/revoke")
def revoke_grants() -> Response:
    """The doctor takes every consent back."""
    found = list(cloud().tokens)
    for tokens in found:
        tokens.grant.is_revoked = True
    return jsonify({"revoked": len(found)})


@blueprint.get("/orders")
def orders() -> Response:
    return jsonify([described(order) for order in cloud().orders.all()])


@blueprint.post("/orders")
def add_order() -> tuple[Response, int]:
    """All optional: {"patient": {...}, "rxId", "status", "zip" (base64), "accountId", "updatedAt",
    "silent": no callback}

    With the rxId of a pushed prescription it is that one's scan.
    """
    asked = _asked()
    given: dict[str, Any] = {"rx_id": str(asked.get("rxId") or ""), "content": _zip_in(asked)}
    if asked.get("patient"):
        names = ("firstName", "lastName", "chartNumber")
        given["patient"] = patient_of(*(str(asked["patient"].get(name) or "") for name in names))
    if asked.get("status"):
        given["status"] = Status(asked["status"])
    if asked.get("accountId"):
        given["account_id"] = str(asked["accountId"])
    if asked.get("updatedAt"):
        given["at"] = _moment_in(asked)
    add = cloud().orders.add if asked.get("silent") else cloud().new_order
    return jsonify(described(add(**given))), 201


@blueprint.post("/orders/<rx_id>/rescan")
def rescan(rx_id: str) -> Response:
    """The same order with other scans; {"zip": base64} for given ones, "updatedAt", "silent": no callback."""
    asked = _asked()
    content, at, is_silent = _zip_in(asked), _moment_in(asked), bool(asked.get("silent"))
    return _answered(lambda: cloud().rescan(rx_id, content, at=at, is_silent=is_silent))


@blueprint.post("/orders/<rx_id>/spoil")
def spoil(rx_id: str) -> Response:
    """From now on what is told of the order is of no use, though it still names the patient."""
    return _answered(lambda: cloud().orders.spoil(rx_id))


@blueprint.delete("/orders/<rx_id>")
def remove(rx_id: str) -> Response:
    return _answered(lambda: cloud().orders.remove(rx_id))


@blueprint.post("/orders/<rx_id>/complete")
def complete(rx_id: str) -> Response:
    return _answered(lambda: cloud().complete(rx_id))


@blueprint.post("/orders/<rx_id>/notify")
def notify(rx_id: str) -> Response:
    """{"times": the same event so often, "forged": signed with another key, "ageS": how old it says it is}"""
    asked = _asked()
    event_id = cloud().callbacks.notify(
        rx_id,
        times=int(asked.get("times", 1)),
        is_forged=bool(asked.get("forged")),
        age_s=int(asked.get("ageS", 0)),
    )
    return jsonify({"eventId": event_id})


@blueprint.get("/callbacks")
def callbacks() -> Response:
    """Every notice with the status it was answered with; waits until none is under way."""
    cloud().callbacks.wait()
    return jsonify(cloud().callbacks.sent)


@blueprint.get("/scan-requests")
def scan_requests() -> Response:
    return jsonify([asdict(pushed) for pushed in cloud().orders.pushed()])


@blueprint.errorhandler(ValueError)
def _senseless(error: ValueError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    if not isinstance(asked, dict):
        refuse(400, "not_an_object")
    return dict(asked)


def _zip_in(asked: dict[str, Any]) -> bytes | None:
    """Raises ValueError for what is no base64."""
    return base64.b64decode(str(asked["zip"]), validate=True) if asked.get("zip") else None


def _moment_in(asked: dict[str, Any]) -> datetime | None:
    """Raises ValueError for what is no moment, or none with a zone."""
    moment = datetime.fromisoformat(str(asked["updatedAt"])) if asked.get("updatedAt") else None
    if moment and moment.tzinfo is None:
        raise ValueError("updatedAt without a zone")
    return moment


def _answered(change: Callable[[], Order]) -> Response:
    try:
        return jsonify(described(change()))
    except NoSuchOrder:
        return refuse(404, "not_found")  # type: ignore[no-any-return]
