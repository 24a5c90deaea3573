"""The rows of cases that a decision may change, as plain values: kept beside each decision, put back by its undo."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db.models import QuerySet

from patients.models import Patient
from scans.models import BiteLink, Case, Dismissal, MatchCandidate, Occlusion, RememberedMatch, Scan

Snapshot = dict[str, Any]

CASE_COLUMNS = (
    "state", "patient_id", "treatment_id", "wait_codes", "state_code", "state_reason", "merged_into_id",
    "decided_by_id", "decided_at",
)  # fmt: skip
SCAN_COLUMNS = ("case_id", "category", "arch", "role", "side", "position", "confidence", "decided_by_person")
WHOLE_ROWS: tuple[Any, ...] = (BiteLink, Occlusion, MatchCandidate, Dismissal)


def take(cases: Iterable[Case]) -> Snapshot:
    """JSON values; times to the microsecond, so that what is put back is what was there."""
    keys = [case.pk for case in cases]
    uuids = Case.objects.filter(pk__in=keys).values("uuid")
    return {
        "cases": _columns(Case.objects.filter(pk__in=keys), CASE_COLUMNS),
        "scans": _columns(Scan.objects.filter(case__in=keys), SCAN_COLUMNS),
        "rows": [row for model in WHOLE_ROWS for row in _rows(model.objects.filter(case__in=keys))],
        "remembered": _rows(RememberedMatch.objects.filter(case_uuid__in=uuids)),
    }


def _columns(rows: QuerySet[Any], columns: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {str(row.pop("pk")): _plain(row) for row in rows.order_by("pk").values("pk", *columns)}


def _rows(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [{**row, "fields": _plain(row["fields"])} for row in serializers.serialize("python", rows.order_by("pk"))]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def is_as(after: Snapshot) -> bool:
    """Whether the decision's own columns still stand as it left them. What is computed from them may be newer."""
    cases = Case.objects.filter(pk__in=after["cases"])
    now = take(cases)
    return all(now[part] == after[part] for part in ("cases", "scans"))


def put_back(before: Snapshot, after: Snapshot) -> None:
    """Make the rows what they were before; a case that is only in `after` is gone again. The caller holds the cases."""
    touched = [int(key) for key in after["cases"]]
    for model in WHOLE_ROWS:
        model.objects.filter(case__in=touched).delete()
    RememberedMatch.objects.filter(case_uuid__in=Case.objects.filter(pk__in=touched).values("uuid")).delete()
    _update(Scan, before["scans"])
    _update(Case, before["cases"])
    Case.objects.filter(pk__in=[key for key in touched if str(key) not in before["cases"]]).delete()
    for row in serializers.deserialize("python", _of_known_patients([*before["rows"], *before["remembered"]])):
        row.save()


def _of_known_patients(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A patient who was proposed may be gone from the register by now."""
    named = {row["fields"]["patient"] for row in rows if "patient" in row["fields"]}
    known = set(Patient.objects.filter(pk__in=named).values_list("pk", flat=True))
    return [row for row in rows if row["fields"].get("patient") in known or "patient" not in row["fields"]]


def _update(model: Any, rows: dict[str, dict[str, Any]]) -> None:
    for key, values in rows.items():
        model.objects.filter(pk=int(key)).update(**values)
