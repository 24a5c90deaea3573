"""Personal data stays in the database: not in logs, not in names on disk, not in the queue, not in addresses."""

import logging
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.contrib.auth.models import User
from django_q.models import OrmQ

from patients.audit import Actor
from patients.matching.identity import Identity
from patients.services import create_patients
from scans.models import Job
from scans.services import jobs
from tests.made import World, hand_over, itero_zip, upper_stl

SURNAME = "Quackenbush"


@pytest.fixture
def everything(world: World, caplog, settings, browse) -> World:
    """A name goes through everything: filed, refused, queued, failed, looked at."""
    caplog.set_level(logging.DEBUG)
    hand_over(world.ours, itero_zip("1", f"{SURNAME}, Jane"))
    hand_over(world.ours, {f"{SURNAME}_upper.stl": upper_stl()[:-10]})
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 0
    queued = hand_over(world.ours, {f"{SURNAME}_lower.stl": upper_stl(3)}, user=world.owner).job
    jobs.run(queued.uuid)
    browse(world.owner).post("/admin/scans/pendingcase/", {"words": SURNAME}, follow=True)
    return world


def test_no_log_line_holds_a_name(everything: World, caplog) -> None:
    assert SURNAME not in caplog.text


def test_no_file_on_disk_has_a_name_in_its_name(everything: World) -> None:
    names = [str(path) for path in Path(real_settings.DATA_DIR).rglob("*")]
    assert names
    assert not [name for name in names if SURNAME in name or "upper" in name]


def test_no_queue_row_or_job_holds_a_name(everything: World) -> None:
    assert SURNAME not in str(list(OrmQ.objects.values()))
    assert SURNAME not in str(list(Job.objects.values()))


@pytest.mark.parametrize(
    ("address", "field"),
    [("/admin/scans/pendingcase/", "words"), ("/admin/patients/patient/", "q"), ("/admin/scans/case/", "q")],
)
def test_a_search_does_not_put_the_name_into_an_address(world: World, browse, address, field) -> None:
    hand_over(world.ours, itero_zip("1", f"{SURNAME}, Jane"))
    create_patients(world.ours, [Identity(last_name=name) for name in (SURNAME, "Other")], actor=Actor.system("test"))
    client = browse(world.imaging)
    answer = client.post(address, {field: SURNAME})
    assert SURNAME not in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert SURNAME in page
    assert ">Other<" not in page
    assert not [line for line in page.split('"') if line.startswith("?") and SURNAME in line]


def test_a_password_is_never_in_a_page(world: World, browse) -> None:
    boss = User.objects.create_superuser("boss", password="hunter2-very-secret")
    assert "hunter2" not in browse(boss).get(f"/admin/auth/user/{boss.pk}/change/").content.decode()
