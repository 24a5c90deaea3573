"""A made-up clinic to look at: accounts, patients, and scanner exports that go through the real pipeline."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import transaction

from patients.audit import Actor
from patients.matching.identity import Identity
from patients.models import Clinic, Membership, Patient
from patients.services import create_patients
from scans.models import Delivery
from scans.services.intake import Incoming, Wanted, receive_and_read
from scans.synthetic.demo import ARCH_FACES, demo_cases
from scans.synthetic.people import PEOPLE, Person

CLINIC = "Archway demo clinic"
ACCOUNTS = {"frontdesk": "Front desk", "clinician": "Clinician", "imaging": "Imaging admin", "admin": ""}
"""User name -> group; the one without a group is the superuser."""


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What a made-up export was built for, and where its case is now."""

    label: str
    expectation: str
    delivery: Delivery


def ensure_clinic(passwords_file: Path) -> tuple[Clinic, dict[str, str]]:
    """The clinic with its accounts and patients; passwords are made once per installation and kept for its owner."""
    passwords = _passwords(passwords_file)
    with transaction.atomic():
        clinic, _ = Clinic.objects.get_or_create(name=CLINIC)
        for user_name, group in ACCOUNTS.items():
            _ensure_account(clinic, user_name, group, passwords[user_name])
        if not Patient.objects.of_clinic(clinic).exists():
            create_patients(clinic, [_identity(person) for person in PEOPLE], actor=Actor.system("demo"))
    return clinic, passwords


def _identity(person: Person) -> Identity:
    return Identity(
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        chart_number=person.chart_number,
    )


def _passwords(place: Path) -> dict[str, str]:
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(json.dumps({name: secrets.token_urlsafe(9) for name in ACCOUNTS}), encoding="utf-8")
    passwords: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return passwords


def _ensure_account(clinic: Clinic, user_name: str, group: str, password: str) -> None:
    user: User
    user, created = get_user_model().objects.get_or_create(
        username=user_name, defaults={"is_staff": True, "is_superuser": not group}
    )
    if created:
        user.set_password(password)
        user.save()
    if group:
        user.groups.set(Group.objects.filter(name=group))
    Membership.objects.get_or_create(user=user, clinic=clinic)


def import_exports(
    clinic: Clinic, on_case: Callable[[int, int], None], *, faces: int = ARCH_FACES
) -> list[DemoOutcome]:
    """Every made-up export through intake, reading and filing; what is here already is answered as such."""
    cases = demo_cases(faces=faces)
    outcomes = []
    for number, case in enumerate(cases):
        on_case(number, len(cases))
        content = case.zip_bytes()
        receipt = receive_and_read(
            clinic,
            [Incoming(case.file_name, [content], len(content))],
            channel=Delivery.Channel.COMMAND,
            wanted=Wanted(),
            actor=Actor.system("demo"),
        )
        outcomes.append(DemoOutcome(case.label, case.expectation, receipt.delivery))
    on_case(len(cases), len(cases))
    return outcomes
