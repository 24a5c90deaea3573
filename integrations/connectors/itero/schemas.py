"""iTero's JSON as our own values. Whatever does not fit is a BadAnswer that repeats nothing of it."""

from datetime import UTC, datetime
from typing import Any

from integrations.connectors.answers import identifier_in, text_in, unusable, value_in
from integrations.connectors.base import Page, RemoteFile, RemoteOrder
from integrations.connectors.itero.profile import Profile
from integrations.connectors.texts import (
    LONGEST_ACCOUNT,
    LONGEST_ACCOUNT_NAME,
    LONGEST_ADDRESS,
    LONGEST_CHART_NUMBER,
    LONGEST_LINK,
    LONGEST_ORDER_ID,
    LONGEST_PERSON_NAME,
    LONGEST_REGION,
    is_address,
    is_identifier,
    is_plausible,
    kept,
    kept_file_name,
)
from integrations.errors import BadAnswer, ConnectorError
from patients.matching.identity import Identity


def page_of(answer: Any, profile: Profile) -> Page:
    """One page of a listing; an order that cannot be read is a fault and costs itself only."""
    rows: list[Any] = value_in(answer, profile.orders_field, list)
    orders: list[RemoteOrder] = []
    faults: list[ConnectorError] = []
    for row in rows:
        try:
            orders.append(order_of(row, profile))
        except BadAnswer as fault:
            faults.append(fault)
    return Page(tuple(orders), tuple(faults), _next_page(answer, profile))


def _next_page(answer: Any, profile: Profile) -> str:
    token = str(answer.get(profile.next_page_field) or "")
    if token and not is_identifier(token, LONGEST_LINK):
        raise unusable(profile.next_page_field)
    return token


def order_of(row: Any, profile: Profile) -> RemoteOrder:
    order_id = order_id_of(row, profile)
    is_ready = value_in(row, profile.status_field, str) == profile.ready_status
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
    sha256 = value_in(artefacts, profile.sha256_field, str).lower()
    size = value_in(artefacts, profile.size_field, int)
    name = kept_file_name(value_in(artefacts, profile.file_name_field, str))
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef") or size < 0 or isinstance(size, bool):
        raise unusable(profile.artefacts_field)
    return RemoteFile(order_id, name, size, sha256)


def _identity(patient: Any, profile: Profile) -> Identity:
    """What is missing is empty: an order without a patient is still an order."""
    return Identity(
        first_name=text_in(patient, profile.first_name_field, LONGEST_PERSON_NAME),
        last_name=text_in(patient, profile.last_name_field, LONGEST_PERSON_NAME),
        chart_number=text_in(patient, profile.chart_number_field, LONGEST_CHART_NUMBER),
    )


def _moment(row: Any, profile: Profile) -> datetime:
    text = value_in(row, profile.updated_field, str)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unusable(profile.updated_field) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not is_plausible(moment, datetime.now(UTC)):
        raise unusable(profile.updated_field)
    return moment


def accounts_of(answer: Any, profile: Profile) -> list[tuple[str, str]]:
    """Id and name of every account that a person may pair with."""
    rows: list[Any] = value_in(answer, profile.accounts_field, list)
    return [
        (identifier_in(row, profile.account_id_field, LONGEST_ACCOUNT), _account_name(row, profile)) for row in rows
    ]


def _account_name(row: Any, profile: Profile) -> str:
    return kept(value_in(row, profile.account_name_field, str), LONGEST_ACCOUNT_NAME)


def region_of(answer: Any, profile: Profile) -> tuple[str, str, str]:
    """Region, its base address, its oauth base."""
    region = kept(value_in(answer, profile.region_field, str), LONGEST_REGION)
    return region, _address(answer, profile.base_url_field), _address(answer, profile.oauth_base_field)


def _address(answer: Any, name: str) -> str:
    address = value_in(answer, name, str).rstrip("/")
    if not is_address(address, LONGEST_ADDRESS):
        raise unusable(name)
    return address


def order_id_of(answer: Any, profile: Profile) -> str:
    order_id = value_in(answer, profile.order_id_field, str)
    if not is_identifier(order_id, LONGEST_ORDER_ID):
        raise unusable(profile.order_id_field)
    return order_id
