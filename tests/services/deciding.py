"""What tests of decisions share: the whole of what a clinic has, as values, and cases that wait."""

from typing import Any

from django.apps import apps

from patients.audit import Actor
from patients.models import Patient
from patients.services import create_patient
from scans.models import Case
from tests.made import World, hand_over, itero_zip

ASIDE = {"auditevent", "decision", "job", "logentry", "session"}
"""The trail, the ledger, the record of background work: they only grow."""


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row of our own apps, to the last microsecond."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for app in ("patients", "scans", "integrations")
        for model in apps.get_app_config(app).get_models()
        if model._meta.model_name not in ASIDE and not model._meta.proxy
    }


def someone(world: World, last_name: str = "Marsh", *, chart: str = "", birth_date: Any = None) -> Patient:
    words = {"first_name": "Jane", "last_name": last_name, "birth_date": birth_date, "chart_number": chart}
    return create_patient(world.ours, **words, actor=Actor.system("test"))


def waiting(world: World, order: str = "1", name: str = "Marsh, Jane", chart: str = "", **how: Any) -> Case:
    hand_over(world.ours, itero_zip(order, name, chart, **how))
    return Case.objects.get(order_id=order)
