"""Scan Request, Delete RX, Callback Request."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.callbacks import Target, is_loopback
from integrations.sandbox.cloud import cloud
from integrations.sandbox.connection import REGION
from integrations.sandbox.orders import NoSuchOrder, Patient, patient_of
from integrations.sandbox.protection import paired, refuse

blueprint = Blueprint("requests", __name__, url_prefix=f"/{REGION}/api/v1")


@blueprint.post("/scan-requests")
def push() -> tuple[Response, int]:
    grant = paired("rx.write")
    asked = _asked()
    pushed = cloud().orders.push(
        _patient(asked.get("patient")),
        procedure=str(asked.get("procedure") or ""),
        note=str(asked.get("note") or ""),
        account_id=grant.account_id,
    )
    return jsonify({"rxId": pushed.rx_id}), 201


@blueprint.delete("/scan-requests/<rx_id>")
def withdraw(rx_id: str) -> tuple[str, int]:
    paired("rx.write")
    try:
        cloud().orders.withdraw(rx_id)
    except NoSuchOrder:
        refuse(404, "not_found")
    return "", 204


@blueprint.put("/callbacks")
def set_callback() -> tuple[str, int]:
    paired("orders.read")
    asked = _asked()
    url, secret = str(asked.get("url") or ""), str(asked.get("secret") or "")
    if not secret or not is_loopback(url):
        refuse(400, "a_loopback_url_and_a_secret_are_needed")
    cloud().callbacks.target = Target(url, secret)
    return "", 204


@blueprint.delete("/callbacks")
def remove_callback() -> tuple[str, int]:
    paired("orders.read")
    cloud().callbacks.target = None
    return "", 204


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    if not isinstance(asked, dict):
        refuse(400, "not_an_object")
    return dict(asked)


def _patient(given: Any) -> Patient:
    if not isinstance(given, dict) or not given.get("lastName"):
        refuse(400, "a_patient_with_a_name_is_needed")
    return patient_of(*(str(given.get(name) or "") for name in ("firstName", "lastName", "chartNumber")))
