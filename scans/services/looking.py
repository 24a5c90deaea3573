"""What people keep of looking at a scan: views to come back to, distances they measured."""

import json
import math
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from patients.audit import Actor, record
from patients.errors import Missing, Refused, TooMuch
from scans.models import Measurement, SavedView, Scan
from scans.scopes import ADMIN, allows

STATE_BYTES = 8_000
MOST_VIEWS, MOST_MEASUREMENTS = 100, 500
"""Of one scan: far more than a person keeps."""
MOST_MM = 1_000.0
"""No jaw is larger, no file's origin further away than ten times that."""


def save_view(scan: Scan, *, name: str, state: dict[str, Any], actor: Actor) -> SavedView:
    """Raises Refused for a state that no browser could read back, TooMuch beyond MOST_VIEWS."""
    text = _as_json(state)
    if len(text.encode()) > STATE_BYTES:
        raise TooMuch("view_too_large", _("This view is too large to be saved."))
    with transaction.atomic():
        _lock(scan)
        if scan.saved_views.count() >= MOST_VIEWS:
            raise TooMuch("too_many_views", _("This scan has as many saved views as it may. Delete one first."))
        view = SavedView.objects.create(scan=scan, name=name, state=state, created_by=actor.user)
        record("view.saved", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor, view=str(view.uuid))
    return view


def measure(
    scan: Scan, *, name: str, points: list[dict[str, Any]], distance_mm: float | None, actor: Actor
) -> Measurement:
    """Keep a distance. Between points of one scan it is computed here; between two scans the caller knows how they lie.

    points: two of {"scan": uuid, "at_mm": [x, y, z]}, the first of them on `scan`. Raises Refused, Missing, TooMuch.
    """
    first, second = points
    if first["scan"] != str(scan.uuid):
        raise Refused("first_point_elsewhere", _("The first point must lie on this scan."))
    if not Scan.objects.filter(case_id=scan.case_id, uuid=second["scan"]).exists():
        raise Missing("no_such_scan", _("There is no such scan in this case."))
    if second["scan"] == first["scan"]:
        distance_mm = math.dist(first["at_mm"], second["at_mm"])
    elif distance_mm is None:
        raise Refused("distance_needed", _("Between two scans the distance must be given."))
    with transaction.atomic():
        _lock(scan)
        if scan.measurements.count() >= MOST_MEASUREMENTS:
            raise TooMuch("too_many_measurements", _("This scan has as many measurements as it may. Delete one first."))
        kept = Measurement.objects.create(
            scan=scan, name=name, points=points, distance_mm=distance_mm, created_by=actor.user
        )
        record("measurement.saved", "scan", scan.uuid, clinic=scan.case.clinic, actor=actor, measurement=str(kept.uuid))
    return kept


def forget(row: SavedView | Measurement, *, actor: Actor) -> None:
    """Delete a view or a measurement: one's own, or anybody's for an imaging admin. Raises Refused."""
    user = actor.user
    if user is None or not (row.created_by_id == user.pk or allows(user, ADMIN)):
        raise Refused("not_yours", _("Only who saved it, or an imaging admin, may delete it."))
    verb = "view.deleted" if isinstance(row, SavedView) else "measurement.deleted"
    with transaction.atomic():
        scan = row.scan
        record(verb, "scan", scan.uuid, clinic=scan.case.clinic, actor=actor, deleted=str(row.uuid))
        row.delete()


def _lock(scan: Scan) -> None:
    """Two who save at once are counted one after the other."""
    Scan.objects.select_for_update(of=("self",)).get(pk=scan.pk)


def _as_json(state: dict[str, Any]) -> str:
    try:
        return json.dumps(state, allow_nan=False)
    except ValueError as error:
        raise Refused("not_a_view", _("A view holds finite numbers only.")) from error
