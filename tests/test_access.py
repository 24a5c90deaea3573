"""Every address as owner, colleague, imaging admin, stranger and nobody: a table, and a walk for what it lacks."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from integrations.models import ScannerIntegration, ScannerOrder
from patients.audit import Actor
from patients.services import create_patient
from scans.models import Case, Delivery, Job, Scan
from tests.made import World, hand_over, itero_zip


@dataclass(frozen=True)
class Rows:
    """One of everything, in our clinic."""

    case: Case
    scan: Scan
    job: Job
    delivery: Delivery
    patient: object
    connection: ScannerIntegration
    order: ScannerOrder


@pytest.fixture
def rows(world: World) -> Rows:
    patient = create_patient(
        world.ours, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="1", actor=Actor.system("test")
    )
    receipt = hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    case = Case.objects.get()
    connection = ScannerIntegration.objects.create(clinic=world.ours, scanner_type="ITERO")
    order = ScannerOrder.objects.create(
        connection=connection, order_id="1234", revision="1", changed_at=timezone.now(), full_name="Marsh, Jane"
    )
    return Rows(case, case.scans.first(), receipt.job, receipt.delivery, patient, connection, order)


API = "imaging:"
GET = [
    # address, argument, owner, imaging, stranger
    ("imaging:scans", None, 200, 200, 200),
    ("imaging:scan", "scan", 200, 200, 404),
    ("imaging:metadata", "scan", 200, 200, 404),
    ("imaging:original", "scan", 200, 200, 404),
    ("imaging:preview", "scan", 200, 200, 404),
    ("imaging:thumbnail", "scan", 200, 200, 404),
    ("imaging:views", "scan", 200, 200, 404),
    ("imaging:measurements", "scan", 200, 200, 404),
    ("imaging:cases", None, 200, 200, 200),
    ("imaging:case", "case", 200, 200, 404),
    ("imaging:job", "job", 200, 200, 404),
    ("imaging:delivery", "delivery", 200, 200, 404),
    ("admin:index", None, 200, 200, 200),
    ("admin:scans_pendingcase_changelist", None, 200, 200, 200),
    ("admin:scans_pendingcase_guide", None, 200, 200, 200),
    ("admin:scans_pendingcase_case", "case", 200, 200, 404),
    ("admin:scans_pendingcase_viewer", "case", 200, 200, 404),
    ("admin:scans_pendingcase_thumbnail", "scan", 200, 200, 404),
    ("admin:scans_pendingcase_upload", None, 200, 200, 200),
    ("admin:scans_case_changelist", None, 200, 200, 200),
    ("admin:scans_case_change", "case", 200, 200, 302),
    ("admin:scans_scan_changelist", None, 200, 200, 200),
    ("admin:scans_scan_change", "scan", 200, 200, 302),
    ("admin:scans_delivery_changelist", None, 200, 200, 200),
    ("admin:scans_delivery_change", "delivery", 200, 200, 302),
    ("admin:scans_job_changelist", None, 403, 200, 200),
    ("admin:scans_job_change", "job", 403, 200, 302),
    ("admin:patients_patient_changelist", None, 200, 200, 200),
    ("admin:patients_patient_change", "patient", 200, 200, 302),
    ("admin:patients_patient_history", "patient", 200, 200, 302),
    ("admin:patients_patient_add", None, 200, 200, 200),
    ("admin:patients_auditevent_changelist", None, 403, 200, 200),
    ("admin:patients_clinic_changelist", None, 403, 403, 403),
    ("admin:integrations_scannerintegration_changelist", None, 403, 200, 200),
    ("admin:integrations_scannerintegration_add", None, 403, 200, 200),
    ("admin:integrations_scannerintegration_change", "connection", 403, 200, 404),
    ("admin:integrations_scannerorder_changelist", None, 200, 200, 200),
    ("admin:integrations_scannerorder_change", "order", 200, 200, 302),
    ("admin:integrations_scannerorder_add", None, 403, 403, 403),
    ("admin:scans_case_add", None, 403, 403, 403),
    ("admin:scans_scan_add", None, 403, 403, 403),
    ("admin:scans_case_delete", "case", 403, 403, 403),
    ("admin:scans_scan_delete", "scan", 403, 403, 403),
    ("admin:patients_patient_delete", "patient", 403, 403, 403),
    ("schema", None, 200, 200, 200),
    ("docs", None, 200, 200, 200),
]


def _address(name: str, argument: str | None, rows: Rows) -> str:
    if argument is None:
        return reverse(name)
    row = getattr(rows, argument)
    uses_uuid = name.startswith("imaging:") or "pendingcase" in name
    return reverse(name, args=[row.uuid if uses_uuid else row.pk])


def test_reading(world: World, rows: Rows, browse) -> None:
    """The whole table at once: what differs is listed line by line."""
    differing = []
    for name, argument, owner, imaging, stranger in GET:
        address = _address(name, argument, rows)
        expected = {"owner": owner, "colleague": owner, "imaging": imaging, "stranger": stranger}
        found = {who: browse(getattr(world, who)).get(address).status_code for who in expected}
        if found != expected:
            differing.append((name, expected, found))
    assert differing == []


def test_nobody_sees_nothing(world: World, rows: Rows, browse) -> None:
    client = browse(None)
    for name, argument, *_ in GET:
        answer = client.get(_address(name, argument, rows))
        assert answer.status_code in {302, 401, 403}, name
        assert b"Marsh" not in answer.content, name


def test_no_list_shows_a_stranger_anything_of_ours(world: World, rows: Rows, browse) -> None:
    client = browse(world.stranger)
    for name in [row[0] for row in GET if row[1] is None]:
        page = client.get(reverse(name)).content.decode()
        for secret in ("Marsh", ">1234<", str(rows.case.uuid), str(rows.scan.uuid)):
            assert secret not in page, name


ACTIONS = {
    "assign": {"patient": "PATIENT"},
    "create": {"last_name": "New"},
    "hold": {"words": "later"},
    "reject": {"words": "test"},
    "dismiss": {"patient": "PATIENT"},
    "reconsider": {"patient": "PATIENT"},
    "types": {},
    "split": {},
    "move": {},
    "merge": {},
    "put-back": {},
}


def _decisions(rows: Rows) -> Iterator[tuple[str, dict[str, str]]]:
    for action, data in ACTIONS.items():
        address = reverse("admin:scans_pendingcase_decide", args=[rows.case.uuid, action])
        yield address, {key: str(rows.patient.uuid) if value == "PATIENT" else value for key, value in data.items()}


def test_a_stranger_decides_nothing(world: World, rows: Rows, browse) -> None:
    for address, data in _decisions(rows):
        assert browse(world.stranger).post(address, data).status_code == 404
        assert browse(None).post(address, data).status_code == 302
        assert browse(world.owner).get(address).status_code == 404, "a decision is never a GET"
    rows.case.refresh_from_db()
    assert rows.case.state == Case.State.PENDING


def test_who_may_only_look_decides_nothing(world: World, rows: Rows, browse) -> None:
    world.owner.groups.clear()
    for address, data in _decisions(rows):
        assert browse(world.owner).post(address, data).status_code == 403


SCANNER_DEEDS = ["choose", "sync", "disconnect", "forget"]


def test_only_imaging_admins_of_the_clinic_touch_its_scanners(world: World, rows: Rows, browse) -> None:
    for action in SCANNER_DEEDS:
        address = reverse("admin:integrations_scannerintegration_act", args=[rows.connection.pk, action])
        answers = {who: browse(getattr(world, who)).post(address).status_code for who in ("owner", "stranger")}
        assert answers == {"owner": 403, "stranger": 404}, action
        assert browse(world.imaging).post(address).status_code == 302
        assert browse(None).post(address).status_code == 302


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_nobody_else_changes_a_scanner_s_settings(world: World, rows: Rows, browse, who: str) -> None:
    address = reverse("admin:integrations_scannerintegration_change", args=[rows.connection.pk])
    form = {"is_active": "", "interval_minutes": "9", "client_secret": "theirs"}
    assert browse(getattr(world, who)).post(address, form).status_code in {403, 404}
    kept = ScannerIntegration.objects.get()
    assert (kept.is_active, kept.interval_minutes, kept.credentials) == (True, 5, None)


def test_a_member_without_permission_sees_nothing_through_the_api(world: World, rows: Rows, browse) -> None:
    world.owner.groups.clear()
    for name, argument, *_ in GET:
        if name.startswith(API):
            assert browse(world.owner).get(_address(name, argument, rows)).status_code == 403


def test_a_superuser_without_a_membership_sees_no_case(world: World, rows: Rows, browse) -> None:
    boss = User.objects.create_superuser("boss")
    assert browse(boss).get(_address("imaging:case", "case", rows)).status_code == 404
    assert "Marsh" not in browse(boss).get(reverse("admin:scans_pendingcase_changelist")).content.decode()


def test_an_inactive_user_is_nobody(world: World, rows: Rows, browse) -> None:
    client: Client = browse(world.owner)
    User.objects.filter(pk=world.owner.pk).update(is_active=False)
    assert client.get(_address("imaging:case", "case", rows)).status_code in {401, 403}


def test_every_address_is_in_a_table() -> None:
    """A new address without a line above fails here."""
    ours = {name for name in _names(get_resolver()) if _is_ours(name)}
    walked = {row[0] for row in GET} | WRITES | OPEN
    assert ours - walked == set()


WRITES = {
    "imaging:view",  # tests/api/test_viewer_records.py, as everybody
    "imaging:measurement",
    "imaging:import",  # tests/api/test_import.py, as everybody
    "scanners:itero-scans",  # tests/integrations/itero/test_api.py, as everybody
    "scanners:itero-sync",
    "scanners:itero-run",
    "scanners:itero-scan-requests",
    "scanners:itero-auth",
    "scanners:itero-callback",
    "scanners:medit-auth",
    "scanners:medit-callback",
    "scanners:itero-hint",  # tests/integrations/itero/test_hints.py
    "admin:scans_pendingcase_decide",  # above
    "admin:scans_pendingcase_file",  # tests/admin/test_queue_decisions.py, as everybody
    "admin:scans_pendingcase_bulk",
    "admin:scans_pendingcase_batch",
    "admin:scans_pendingcase_undo",
    "admin:scans_pendingcase_undo_last",
    "admin:scans_pendingcase_upload_begin",  # tests/admin/test_upload.py, as everybody
    "admin:scans_pendingcase_upload_state",
    "admin:scans_pendingcase_upload_file",
    "admin:scans_pendingcase_upload_finish",
    "admin:scans_pendingcase_upload_stop",
    "admin:integrations_scannerintegration_act",
    "token",  # tests/api/test_tokens.py
    "token-revoke",
    "token-revoke-all",
}
OPEN = {"home", "livez", "readyz", "unknown", "set_language"}


def _is_ours(name: str) -> bool:
    apps = ("admin:scans_", "admin:patients_", "admin:integrations_")
    stock = name.endswith(("_history", "_delete", "_add", "_change", "_changelist"))
    covered = {row[0] for row in GET}
    if name.startswith(apps):
        # Stock pages of read-only models all go through ClinicAdmin: each model has at least its list here.
        model_is_walked = any(name.rsplit("_", 1)[0] == known.rsplit("_", 1)[0] for known in covered)
        return not (stock and model_is_walked)
    return ":" not in name or name.startswith((API, "scanners:"))


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"
        elif isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern, space)
