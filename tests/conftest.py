"""What tests stand on: two clinics with people, an API client for each, made-up meshes, real data where it is there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from patients.models import Clinic, Membership
from tests.made import World

SHARED = Path(os.environ.get("ARCHWAY_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the database is marked, so that it runs on PostgreSQL too."""
    for item in items:
        if {"db", "transactional_db", "world"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker(pytest.mark.database)


@pytest.fixture
def shared_data() -> Path:
    """Real scans and malformed files; local only, never committed."""
    if not SHARED.is_dir():
        pytest.skip("the shared data of real scans is not on this machine")
    return SHARED


@pytest.fixture
def world(db: None) -> World:
    """Two clinics: `owner` (front desk), `colleague` and `imaging` work in ours, `stranger` in the other."""
    call_command("setup_archway", verbosity=0)
    ours, theirs = Clinic.objects.create(name="Ours"), Clinic.objects.create(name="Theirs")
    people = {
        name: _user(name, clinic, group)
        for name, clinic, group in [
            ("owner", ours, "Front desk"),
            ("colleague", ours, "Clinician"),
            ("imaging", ours, "Imaging admin"),
            ("stranger", theirs, "Imaging admin"),
        ]
    }
    return World(ours, theirs, **people)


def _user(name: str, clinic: Clinic, group: str) -> User:
    user = User.objects.create_user(name, password=f"{name}-password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    Membership.objects.create(user=user, clinic=clinic)
    return user


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """An API client as somebody, or as nobody."""

    def client_of(user: User | None) -> APIClient:
        client = APIClient()
        if user:
            client.force_authenticate(user)
        return client

    return client_of


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """A logged-in browser without a screen."""

    def client_of(user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
