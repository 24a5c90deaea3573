"""The other commands; and that none is without a test."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django_q.models import Schedule

from integrations.models import ScannerIntegration
from integrations.services.keys import store_hps_key
from patients.audit import Actor
from patients.models import AuditEvent
from scans.models import Case, Delivery, Scan
from scans.services import pending
from tests.made import World, hand_over, itero_zip
from tests.meshes.readers import samples

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-of-the-clinic-only"


def _output(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_setup_keeps_groups_and_schedule_however_often_it_runs(db: None) -> None:
    for _ in range(2):
        _output("setup_archway")
    assert set(Group.objects.values_list("name", flat=True)) == {"Front desk", "Clinician", "Imaging admin"}
    assert Schedule.objects.filter(func="scans.tasks.sweep_jobs").count() == 1


def test_measure_matching_says_what_the_set_is(db: None) -> None:
    assert "fictional people" in _output("measure_matching", pairs=300)
    figures = json.loads(_output("measure_matching", pairs=300, json=True))
    assert {"ppv", "ppv_lower_bound", "sensitivity", "description", "pairs"} <= set(figures)


def test_reprocessing_keeps_what_a_person_decided(world: World) -> None:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    case = Case.objects.get()
    scan = case.scans.get(category="SCAN_UPPER")
    pending.set_categories(case, {scan.uuid: "SCAN_OTHER"}, actor=Actor.of(world.owner))
    pending.hold(case, "ASK_DOCTOR", actor=Actor.of(world.owner))
    Scan.objects.update(face_count=None, measures={})

    assert "1 of 1 cases read again" in _output("reprocess_scans", str(case.uuid))
    scan.refresh_from_db()
    case.refresh_from_db()
    assert (scan.category, scan.decided_by_person) == ("SCAN_OTHER", True)
    assert scan.face_count
    assert (case.state, case.state_code) == (Case.State.HELD, "ASK_DOCTOR")
    assert AuditEvent.objects.filter(verb="case.reprocessed", subject_uuid=case.uuid).exists()


def test_an_encrypted_scan_waits_for_the_key_and_is_read_once_it_is_stored(world: World) -> None:
    sealed = samples.hps(schema="CE", key=KEY.encode())
    hand_over(world.ours, {"marsh_upper.dcm": sealed.encode() if isinstance(sealed, str) else sealed})
    scan = Scan.objects.get()
    assert (scan.state, scan.case.wait_codes[-1]) == (Scan.State.NEEDS_KEY, "NEEDS_KEY")

    store_hps_key(world.ours, KEY, actor=Actor.of(world.imaging))
    _output("reprocess_scans", needs_key=True)
    scan.refresh_from_db()
    assert (scan.state, scan.face_count) == (Scan.State.READY, 12)
    assert "NEEDS_KEY" not in Case.objects.get().wait_codes
    assert ScannerIntegration.objects.get().credentials == {"hps_key": KEY}


def test_the_demo_is_what_it_promises_and_adds_nothing_twice(db: None, settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    _output("setup_archway")
    for _ in range(2):
        call_command("demo", faces=6_000)
    states = sorted(Case.objects.values_list("state", flat=True))
    waiting = {code for codes in Case.objects.values_list("wait_codes", flat=True) for code in codes}
    assert states.count("FILED") >= 1
    assert {"NO_CANDIDATE", "SEVERAL_CANDIDATES", "BIRTH_DATE_CONFLICT", "FILE_REJECTED"} <= waiting
    assert Case.objects.count() == 9
    assert Delivery.objects.filter(state=Delivery.State.DUPLICATE).count() == 9
    assert (tmp_path / "demo" / "passwords.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", sorted(ROOT.glob("*/management/commands/[!_]*.py")), ids=lambda place: place.stem)
def test_every_command_appears_in_a_test(place: Path) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert f'"{place.stem}"' in tests
