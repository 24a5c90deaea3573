"""From Medit's cloud into the clinic's queue: once, as one case, under the name that the clinic typed."""

import pytest

from integrations.models import ScannerIntegration, SyncRun
from integrations.services import connecting, runs
from integrations.services.connecting import Returned
from integrations.services.keys import store_secrets
from patients.audit import Actor
from scans.models import Case, Delivery, Job
from scans.services import jobs
from tests.integrations.contract.faults import Fault
from tests.integrations.medit import cloud as medit
from tests.integrations.medit.cloud import MeditCloud
from tests.made import World, lower_stl, upper_stl
from tests.meshes.seven_zips import sevenzipped

CHANGED = 1_772_352_000_000
SESSION = "a-session"


@pytest.fixture
def connection(world: World, cloud: MeditCloud, settings, monkeypatch: pytest.MonkeyPatch) -> ScannerIntegration:
    """Set up by the imaging admin, who said yes at the cloud and chose the group."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    host = cloud.address.removeprefix("http://")
    address = {"base_url": cloud.address, "oauth_base": cloud.address, "hosts": [host]}
    settings.ARCHWAY_CLOUDS = {"MEDIT": address}
    settings.ARCHWAY_PUBLIC_URL = "https://archway.example"
    connection = ScannerIntegration.objects.create(clinic=world.ours, scanner_type="MEDIT")
    actor = Actor.of(world.imaging)
    secrets = {"client_id": medit.CLIENT_ID, "client_secret": medit.CLIENT_SECRET}
    store_secrets(connection, secrets, actor=actor)
    connection = ScannerIntegration.objects.get(pk=connection.pk)
    state = connecting.start(connection, session_key=SESSION, actor=actor).split("state=")[1].split("&")[0]
    cloud.refresh = {"a-code"}
    waiting = connecting.finish(Returned(state, "a-code", ""), session_key=SESSION, actor=actor)
    connecting.choose(waiting, medit.GROUP, actor=actor)
    return waiting


def put(cloud: MeditCloud, seed: int = 1) -> None:
    jaws = {"UpperJawScan": upper_stl(seed), "LowerJawScan": lower_stl(seed)}
    files = {
        f"{name}-{seed}": (f"x-{name}.stl.general.meditMesh", sevenzipped((f"x-{name}.stl", content)))
        for name, content in jaws.items()
    }
    cloud.put("case-1", CHANGED + seed, {"name": "Anna Muster", "code": "A-7"}, files)


def look(connection: ScannerIntegration) -> SyncRun:
    connection.refresh_from_db()
    run = runs.ask_for(connection, reason=SyncRun.Reason.PERSON, actor=Actor.system("test"))
    runs.run(run.uuid)
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.uuid)
    run.refresh_from_db()
    return run


def test_both_arches_of_a_case_arrive_as_one_case_with_the_clinic_s_name(connection, cloud: MeditCloud) -> None:
    put(cloud)
    look(connection)
    case = Case.objects.get()
    assert (case.source, case.received_name) == ("MEDIT", "Anna Muster")
    assert sorted(case.scans.values_list("category", flat=True)) == ["SCAN_LOWER", "SCAN_UPPER"]
    assert Delivery.objects.get().channel == Delivery.Channel.SCANNER


def test_the_same_case_seen_five_times_arrives_once(connection, cloud: MeditCloud) -> None:
    put(cloud)
    for _ in range(5):
        look(connection)
    assert (Case.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_rescan_arrives_too(connection, cloud: MeditCloud) -> None:
    for seed in (1, 2):
        put(cloud, seed)
        look(connection)
    assert Delivery.objects.count() == 2
    assert Case.objects.filter(source="MEDIT").count() == 2


def test_one_cut_download_of_two_loses_nothing(connection, cloud: MeditCloud) -> None:
    put(cloud)
    cloud.faults.add(Fault.CUT)
    look(connection)
    assert not Case.objects.exists()
    connection.orders.update(next_attempt_at=None)
    look(connection)
    assert Case.objects.get().scans.count() == 2
