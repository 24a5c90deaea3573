"""The rows of cases that a decision changes, before it and after it: kept with the decision, put back by its undo.

Kept is what differs and nothing else: columns of cases and scans; and of what hangs on a case, each kind of row as a
whole where it differs. So what was found out about a case since, or decided elsewhere, stays when a decision is undone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db.models import QuerySet

from patients.models import Patient, Treatment
from scans.models import BiteLink, Case, Dismissal, MatchCandidate, Occlusion, RememberedMatch, Scan

Snapshot = dict[str, Any]

COLUMNS: dict[str, tuple[Any, Sequence[str]]] = {
    "cases": (
        Case,
        ("state", "patient_id", "treatment_id", "wait_codes", "state_code", "state_reason", "merged_into_id",
         "decided_by_id", "decided_at"),
    ),
    "scans": (
        Scan, ("case_id", "category", "arch", "role", "side", "position", "confidence", "decided_by_person"),
    ),
}  # fmt: skip
ROWS: dict[str, Any] = {
    "bite_links": BiteLink,
    "occlusions": Occlusion,
    "candidates": MatchCandidate,
    "dismissals": Dismissal,
    "remembered": RememberedMatch,
}


def take(cases: Iterable[Case]) -> Snapshot:
    """All of it, as JSON values; times to the microsecond, so that what is put back is what was there."""
    keys = [case.pk for case in cases]
    chosen = {"cases": Case.objects.filter(pk__in=keys), "scans": Scan.objects.filter(case__in=keys)}
    columns = {part: _columns(rows, COLUMNS[part][1]) for part, rows in chosen.items()}
    return {**columns, "rows": {part: _rows(_of_cases(part, keys)) for part in ROWS}}


def differences(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Both, with what differs alone; `after` names every case, and says which of them are new."""
    short: tuple[Snapshot, Snapshot] = ({}, {})
    for part in COLUMNS:
        for kept, one, other in zip(short, (before, after), (after, before), strict=True):
            kept[part] = {
                key: {name: value for name, value in columns.items() if other[part][key][name] != value}
                for key, columns in one[part].items()
                if key in other[part]
            }
    changed = [part for part in ROWS if before["rows"][part] != after["rows"][part]]
    for kept, whole in zip(short, (before, after), strict=True):
        kept["rows"] = {part: whole["rows"][part] for part in changed}
    short[1]["new"] = [key for key in after["cases"] if key not in before["cases"]]
    return short


def cases_of(after: Snapshot) -> list[int]:
    """The keys of every case that a decision touched."""
    return [int(key) for key in [*after["cases"], *after["new"]]]


def is_as(after: Snapshot) -> bool:
    """Whether what the decision changed still stands as it left it."""
    return all(
        _columns(model.objects.filter(pk=key), list(columns)) == {key: columns}
        for part, (model, _) in COLUMNS.items()
        for key, columns in after[part].items()
        if columns
    )


def names_the_gone(before: Snapshot) -> bool:
    """Whether a patient or a treatment that a case had before is no longer there."""
    for model, column in ((Patient, "patient_id"), (Treatment, "treatment_id")):
        named = {columns[column] for columns in before["cases"].values() if columns.get(column)}
        if model.objects.filter(pk__in=named).count() != len(named):
            return True
    return False


def put_back(before: Snapshot, after: Snapshot) -> None:
    """Make the rows what they were; a case that the decision made is gone again. The caller holds the cases."""
    keys = cases_of(after)
    for part in after["rows"]:
        _of_cases(part, keys).delete()
    for part in reversed(COLUMNS):
        for key, columns in before[part].items():
            if columns:
                COLUMNS[part][0].objects.filter(pk=key).update(**columns)
    Case.objects.filter(pk__in=after["new"]).delete()
    rows = [row for part in before["rows"].values() for row in part]
    for row in serializers.deserialize("python", _of_known_patients(rows)):
        row.save()


def _of_cases(part: str, keys: Sequence[int]) -> QuerySet[Any]:
    if part == "remembered":
        return RememberedMatch.objects.filter(case_uuid__in=Case.objects.filter(pk__in=keys).values("uuid"))
    rows: QuerySet[Any] = ROWS[part].objects.filter(case__in=keys)
    return rows


def _columns(rows: QuerySet[Any], columns: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {str(row.pop("pk")): _plain(row) for row in rows.order_by("pk").values("pk", *columns)}


def _rows(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [{**row, "fields": _plain(row["fields"])} for row in serializers.serialize("python", rows.order_by("pk"))]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _of_known_patients(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A patient who was proposed may be gone from the register by now."""
    named = {row["fields"]["patient"] for row in rows if "patient" in row["fields"]}
    known = set(Patient.objects.filter(pk__in=named).values_list("pk", flat=True))
    return [row for row in rows if row["fields"].get("patient") in known or "patient" not in row["fields"]]
