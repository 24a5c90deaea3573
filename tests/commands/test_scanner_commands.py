"""Commands around scanners: what is not tested beside what they do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.models import get_token_model

from integrations.models import ScannerIntegration, SyncRun
from patients.models import AuditEvent
from tests.made import World


def test_a_token_for_a_program(world: World, capsys) -> None:
    call_command("issue_token", "owner", "--days", "30")
    token = capsys.readouterr().out.strip()
    [stored] = get_token_model().objects.all()
    assert stored.user == world.owner
    assert timedelta(days=29) < stored.expiry - timezone.now() <= timedelta(days=30)
    assert token
    assert token not in str(vars(stored))
    assert AuditEvent.objects.filter(verb="token.created").exists()


@pytest.mark.parametrize("arguments", [("nobody",), ("owner", "--days", "0"), ("owner", "--days", "9999")])
def test_no_token_for_nobody_or_for_ever(world: World, arguments) -> None:
    with pytest.raises(CommandError):
        call_command("issue_token", *arguments)
    assert not get_token_model().objects.exists()


def test_watching_needs_a_folder(world: World) -> None:
    with pytest.raises(CommandError, match="No active 3Shape connection"):
        call_command("watch_exports", "--once")


@pytest.mark.django_db(transaction=True)
def test_watching_once_looks_once(world: World, tmp_path: Path) -> None:
    ScannerIntegration.objects.create(clinic=world.ours, scanner_type="3SHAPE", state="CONNECTED", folder=str(tmp_path))
    call_command("watch_exports", "--once")
    assert [run.state for run in SyncRun.objects.all()] == ["DONE"]


def test_watching_for_another_installation_needs_the_folder_named(world: World) -> None:
    with pytest.raises(CommandError, match="--folder"):
        call_command("watch_exports", "--remote", "https://archway.example")


def test_connecting_the_sandbox_needs_one(world: World) -> None:
    with pytest.raises(CommandError, match="ARCHWAY_ITERO_URL"):
        call_command("connect_sandbox")
