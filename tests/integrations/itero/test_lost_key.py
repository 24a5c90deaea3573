"""Secrets that no key opens are a problem of the installation, told in a sentence and never as a failure."""

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.urls import reverse
from encrypted_model_fields import fields as library

from integrations.models import ScannerIntegration
from tests.made import World


@pytest.fixture
def lost_key(connected: ScannerIntegration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))


@pytest.mark.parametrize(
    ("name", "asked"), [("scans", {"refresh": "1"}), ("auth", {})], ids=["the cloud's list", "connecting"]
)
def test_the_api_says_that_the_key_is_not_the_right_one(
    world: World, lost_key: None, api, name: str, asked: dict[str, str]
) -> None:
    answer = api(world.imaging).get(reverse(f"scanners:itero-{name}"), asked)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "cannot_decrypt"
    assert "ARCHWAY_ENCRYPTION_KEYS" in answer.json()["detail"]


def test_a_list_that_needs_no_secret_is_answered(world: World, lost_key: None, api) -> None:
    assert api(world.owner).get(reverse("scanners:itero-scans")).status_code == 200
