"""The audit trail: what is looked at, changed or taken away is written down, and what is written down stays."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from patients.audit import Actor, record
from patients.models import AuditEvent, Patient
from patients.services import create_patient
from scans.models import Delivery
from tests.made import World, hand_over, upper_stl


@pytest.fixture
def event(world: World) -> AuditEvent:
    return record("test.done", "test", None, clinic=world.ours, actor=Actor.of(world.owner))


def test_no_way_through_django_changes_it(event: AuditEvent) -> None:
    event.verb = "forged"
    forged = AuditEvent(pk=event.pk, verb="forged", subject="test", actor_label="nobody")
    ways = [
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(verb="forged"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent._base_manager.update(verb="forged"),
        lambda: AuditEvent.objects.bulk_create(
            [forged], update_conflicts=True, update_fields=["verb"], unique_fields=["id"]
        ),
    ]
    for way in ways:
        with pytest.raises(ValidationError):
            way()
    with pytest.raises(DatabaseError), transaction.atomic():
        forged.save()
    assert AuditEvent.objects.get(pk=event.pk).verb == "test.done"


def test_the_database_itself_refuses_a_change(event: AuditEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE patients_auditevent SET verb = 'forged'")
    assert AuditEvent.objects.get(pk=event.pk).verb == "test.done"


@pytest.fixture
def patient(world: World) -> Patient:
    return create_patient(
        world.ours, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="7", actor=Actor.system("test")
    )


def test_looking_at_a_patient_or_a_delivery_is_written_down(world: World, patient: Patient, browse) -> None:
    hand_over(world.ours, {"x_upper.stl": upper_stl()})
    client: Client = browse(world.owner)
    client.get(reverse("admin:patients_patient_change", args=[patient.pk]))
    client.get(reverse("admin:scans_delivery_change", args=[Delivery.objects.get().pk]))
    seen = set(AuditEvent.objects.filter(actor=world.owner).values_list("verb", flat=True))
    assert {"patient.viewed", "delivery.viewed"} <= seen


def test_a_taken_chart_number_is_refused_in_the_form_and_not_by_a_crash(world: World, patient: Patient, browse) -> None:
    other = create_patient(
        world.ours, first_name="A", last_name="B", birth_date=None, chart_number="8", actor=Actor.system("test")
    )
    form = {"last_name": "B", "chart_number": "7", "birth_date": ""}
    for inline in ("aliases", "treatments"):
        form |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    answer = browse(world.owner).post(reverse("admin:patients_patient_change", args=[other.pk]), form)
    assert "has this chart number" in answer.content.decode()


def test_tokens_and_passwords_leave_a_trace_and_a_new_password_ends_tokens(world: World, browse, client) -> None:
    boss = User.objects.create_superuser("boss")
    headers = {"Authorization": "Basic b3duZXI6b3duZXItcGFzc3dvcmQ="}
    token = client.post("/api/token", headers=headers).json()["token"]
    form = {"password1": "another-Long-1", "password2": "another-Long-1", "usable_password": "true"}
    browse(boss).post(f"/admin/auth/user/{world.owner.pk}/password/", form)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"token.created", "user.password_set"} <= verbs
    assert client.get("/api/imaging/3d/cases", headers={"Authorization": f"Token {token}"}).status_code == 401


def test_nobody_is_deleted(world: World, browse) -> None:
    boss = User.objects.create_superuser("boss")
    browse(boss).post(f"/admin/auth/user/{world.owner.pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=world.owner.pk).exists()
