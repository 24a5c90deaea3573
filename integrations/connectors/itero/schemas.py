"""iTero's JSON as our own values. Whatever does not fit is a BadAnswer that repeats nothing of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from integrations.connectors.base import Page, RemoteFile, RemoteOrder
from integrations.connectors.itero.profile import Profile
from integrations.errors import BadAnswer, ConnectorError
from patients.matching.identity import Identity

Value = TypeVar("Value")
LONGEST_ID = 100


def page_of(answer: Any, profile: Profile) -> Page:
    """One page of a listing; an order that cannot be read is a fault and costs itself only."""
    rows: list[Any] = _of(answer, profile.orders_field, list)
    orders: list[RemoteOrder] = []
    faults: list[ConnectorError] = []
    for row in rows:
        try:
            orders.append(order_of(row, profile))
        except BadAnswer as fault:
            faults.append(fault)
    return Page(tuple(orders), tuple(faults), str(answer.get(profile.next_page_field) or ""))


def order_of(row: Any, profile: Profile) -> RemoteOrder:
    order_id = _of(row, profile.order_id_field, str)
    if not 0 < len(order_id) <= LONGEST_ID:
        raise _bad(profile.order_id_field)
    is_ready = _of(row, profile.status_field, str) == profile.ready_status
    file = _file(row.get(profile.artefacts_field), order_id, profile) if is_ready else None
    return RemoteOrder(
        order_id,
        revision=file.sha256 if file else "",
        changed_at=_moment(row, profile),
        identity=_identity(row.get(profile.patient_field), profile),
        files=(file,) if file else (),
        is_ready=is_ready,
    )


def _file(artefacts: Any, order_id: str, profile: Profile) -> RemoteFile:
    sha256 = _of(artefacts, profile.sha256_field, str).lower()
    size = _of(artefacts, profile.size_field, int)
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef") or size < 0:
        raise _bad(profile.artefacts_field)
    return RemoteFile(order_id, _of(artefacts, profile.file_name_field, str), size, sha256)


def _identity(patient: Any, profile: Profile) -> Identity:
    """What is missing is empty: an order without a patient is still an order."""
    fields: Mapping[str, Any] = patient if isinstance(patient, dict) else {}

    def text(name: str) -> str:
        value = fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    return Identity(
        first_name=text(profile.first_name_field),
        last_name=text(profile.last_name_field),
        chart_number=text(profile.chart_number_field),
    )


def _moment(row: Any, profile: Profile) -> datetime:
    text = _of(row, profile.updated_field, str)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _bad(profile.updated_field) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def accounts_of(answer: Any, profile: Profile) -> list[tuple[str, str]]:
    """Id and name of every account that a person may pair with."""
    rows: list[Any] = _of(answer, profile.accounts_field, list)
    return [(_of(row, profile.account_id_field, str), _of(row, profile.account_name_field, str)) for row in rows]


def region_of(answer: Any, profile: Profile) -> tuple[str, str, str]:
    """Region, its base address, its oauth base."""
    region, base, oauth = (
        _of(answer, name, str) for name in (profile.region_field, profile.base_url_field, profile.oauth_base_field)
    )
    return region, base.rstrip("/"), oauth.rstrip("/")


def order_id_of(answer: Any, profile: Profile) -> str:
    return _of(answer, profile.order_id_field, str)


def _of(row: Any, name: str, kind: type[Value]) -> Value:
    value = row.get(name) if isinstance(row, dict) else None
    if not isinstance(value, kind):
        raise _bad(name)
    return value


def _bad(name: str) -> BadAnswer:
    return BadAnswer("unexpected_answer", f"The cloud's answer has no usable “{name}”.")
