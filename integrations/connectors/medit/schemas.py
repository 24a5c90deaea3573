"""Medit's JSON as our own values. Whatever does not fit is a BadAnswer that repeats nothing of it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.connectors.answers import identifier_in, text_in, unusable, value_in
from integrations.connectors.base import Account, RemoteFile, RemoteOrder
from integrations.connectors.medit.profile import Profile
from integrations.connectors.texts import (
    LONGEST_ACCOUNT,
    LONGEST_ACCOUNT_NAME,
    LONGEST_CHART_NUMBER,
    LONGEST_FILE_NAME,
    LONGEST_FULL_NAME,
    LONGEST_LINK,
    LONGEST_ORDER_ID,
    is_address,
    is_plausible,
    kept_file_name,
)
from patients.matching.identity import Identity

LONGEST_NAME = 120
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rows_of(answer: Any, profile: Profile) -> list[Any]:
    rows: list[Any] = value_in(answer, profile.rows_field, list)
    return rows


def has_files(row: Any, profile: Profile) -> bool:
    """Whether an entry of a list says what the case holds; else the case must be asked for."""
    return isinstance(row, dict) and isinstance(row.get(profile.files_field), list)


def id_of(row: Any, profile: Profile) -> str:
    return identifier_in(row, profile.id_field, LONGEST_ORDER_ID)


def order_of(row: Any, profile: Profile) -> RemoteOrder:
    changed = _moment(row, profile.changed_field)
    if not is_plausible(changed, datetime.now(UTC)):
        raise unusable(profile.changed_field)
    identity = _identity(row.get(profile.patient_field), profile)
    found = _named_files(value_in(row, profile.files_field, list), profile)
    folder = _folder(identity, _created(row, profile) or changed)
    files = tuple(RemoteFile(key, f"{folder}{_stem(name, profile)}.7z") for key, name in found)
    return RemoteOrder(
        id_of(row, profile),
        revision=_revision(found),
        changed_at=changed,
        identity=identity,
        files=files,
        is_ready=bool(files),
    )


def url_of(answer: Any, profile: Profile) -> str:
    url = value_in(answer, profile.url_field, str)
    if not is_address(url, LONGEST_LINK):
        raise unusable(profile.url_field)
    return url


def account_of(answer: Any, profile: Profile) -> Account:
    group = value_in(answer, profile.group_field, dict)
    group_id = identifier_in(group, profile.group_id_field, LONGEST_ACCOUNT)
    if not group_id.isascii():  # it stands in a header of every call
        raise unusable(profile.group_id_field)
    return Account(group_id, text_in(group, profile.group_name_field, LONGEST_ACCOUNT_NAME) or group_id)


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _named_files(rows: Sequence[Any], profile: Profile) -> list[tuple[str, str]]:
    """(id, name) of every scan among the files of a case, in an order that does not change."""
    named = [
        (
            identifier_in(row, profile.file_id_field, LONGEST_FILE_NAME),
            kept_file_name(value_in(row, profile.file_name_field, str)),
        )
        for row in rows
    ]
    return sorted((key, name) for key, name in named if name.casefold().endswith(profile.file_endings))


def _revision(files: Sequence[tuple[str, str]]) -> str:
    text = "\n".join(f"{key}\t{name}" for key, name in files)
    return hashlib.sha256(text.encode()).hexdigest() if files else ""


def _folder(identity: Identity, captured: datetime) -> str:
    """As Medit Link itself calls the folder of a case that it exports; none where there is no name."""
    name = _plain(identity.full_name)
    return f"{captured:%Y-%m-%d}-{name}'s Case/" if name else ""


def _stem(name: str, profile: Profile) -> str:
    """ "x-UpperJawScan.stl.general.meditMesh" is "x-UpperJawScan"."""
    stem = _plain(name)
    while ending := next((each for each in profile.file_endings if stem.casefold().endswith(each)), ""):
        stem = stem[: -len(ending)]
    return stem or "scan"


def _plain(text: str) -> str:
    """Nothing in it leads out of a folder."""
    words = "".join(" " if c in "/\\:" or not c.isprintable() else c for c in text).split()
    return " ".join(words).strip(". ")[:LONGEST_NAME]


def _identity(patient: Any, profile: Profile) -> Identity:
    """What is missing is empty: a case without a patient is still a case."""
    return Identity(
        full_name=text_in(patient, profile.patient_name_field, LONGEST_FULL_NAME),
        chart_number=text_in(patient, profile.patient_code_field, LONGEST_CHART_NUMBER),
    )


def _created(row: Any, profile: Profile) -> datetime | None:
    created = _moment(row, profile.created_field) if row.get(profile.created_field) else None
    return created if created and is_plausible(created, datetime.now(UTC)) else None


def _moment(row: Any, name: str) -> datetime:
    """Milliseconds since 1970, or ISO 8601; in UTC where no zone is said."""
    value = row.get(name) if isinstance(row, dict) else None
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return EPOCH + timedelta(milliseconds=value)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise unusable(name)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
