"""How the jaws of a case meet: found by the real processes, kept, forgotten when the scans that count change."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from patients.audit import Actor
from scans.classification.verdict import Arch
from scans.examination.asking import ChildLimits
from scans.examination.registrar import check_bites
from scans.examination.relation import JawsRequest, ScanFile
from scans.meshes.mesh import Mesh
from scans.meshes.rigid import Floats, angle_deg, moved, pose_of, rotation_about
from scans.models import BiteLink, Case, Job, Occlusion, Scan
from scans.services import bites, jobs, pending
from scans.services.lacking import lacks_of
from scans.services.lease import JobLease
from scans.services.registration import CaseChanged
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from scans.synthetic.articulation import Pair, Shot, bite_of, transformed
from tests.made import World, hand_over, itero_zip, lower_stl, upper_stl

pytestmark = pytest.mark.process

FACES = 30_000
APART = pose_of(rotation_about(np.array([0.4, -0.9, 0.3])), np.array([31.0, -12.0, 55.0]))


@cache
def pair(seed: int = 1) -> Pair:
    return Pair(*(make_arch(arch, seed=seed, faces=FACES) for arch in (Arch.UPPER, Arch.LOWER)))


@cache
def with_bite(seed: int = 1) -> dict[str, bytes]:
    """The upper where it is, the lower moved away, and a bite of both in occlusion."""
    jaws = pair(seed)
    away = Mesh(moved(jaws.lower.vertices.astype(np.float64), APART).astype(np.float32), jaws.lower.faces)
    bite = bite_of(jaws, Shot(side=1, length_mm=32.0))
    return {"a_upper.stl": writers.stl(jaws.upper), "a_lower.stl": writers.stl(away), "a_bite.stl": writers.stl(bite)}


def registered(world: World, files: dict[str, bytes]) -> Case:
    hand_over(world.ours, files)
    run_open()
    return Case.objects.get()


def run_open() -> str:
    return jobs.run(Job.objects.get(kind=Job.Kind.REGISTER_BITES, state=Job.State.QUEUED).uuid)


def pose(numbers: list[float]) -> Floats:
    return np.array(numbers).reshape(4, 4)


def test_jaws_that_were_exported_in_occlusion_need_no_bite(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    case = Case.objects.get()
    assert [lack.code for lack in lacks_of(case)] == ["bite"]
    assert run_open() == Job.State.DONE
    case = Case.objects.for_queue().get()
    assert case.occlusion.kind == Occlusion.Kind.AS_EXPORTED
    assert (pose(case.occlusion.lower_to_upper) == np.eye(4)).all()
    assert lacks_of(case) == ()


def test_reading_a_delivery_does_not_wait_for_it(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    job = Job.objects.get(kind=Job.Kind.REGISTER_BITES)
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)
    assert not Occlusion.objects.exists()


def test_one_jaw_alone_is_laid_on_nothing(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane", without="_l.stl"))
    assert not Job.objects.filter(kind=Job.Kind.REGISTER_BITES).exists()


def test_a_bite_places_jaws_that_were_exported_apart(world: World) -> None:
    case = registered(world, with_bite())
    link = case.bite_links.get()
    assert link.state == BiteLink.State.CONFIRMED, link.findings
    assert link.upper_rms_mm < 0.1 > link.lower_rms_mm
    assert case.occlusion.kind == Occlusion.Kind.BITE
    off = pose(case.occlusion.lower_to_upper) @ APART
    middle = pair().lower.vertices.mean(axis=0)
    assert np.linalg.norm(off[:3, :3] @ middle + off[:3, 3] - middle) < 0.2
    assert angle_deg(off) < 0.5
    assert lacks_of(case) == ()


def test_a_bite_of_another_person_does_not_fit_and_says_so(world: World) -> None:
    case = registered(world, {**with_bite(), "a_bite.stl": with_bite(2)["a_bite.stl"]})
    link = case.bite_links.get()
    assert link.state == BiteLink.State.DOES_NOT_FIT
    assert any("does not fit" in finding["message"] for finding in link.findings)
    assert case.occlusion.kind == Occlusion.Kind.UNKNOWN
    assert [lack.code for lack in lacks_of(case)] == ["bite"]


def test_files_and_a_bite_that_place_the_jaws_differently_are_both_not_believed(world: World) -> None:
    near = pose_of(np.eye(3), np.array([0.0, 1.0, 0.0]))
    files = {**with_bite(), "a_lower.stl": writers.stl(transformed(pair().lower, near))}
    case = registered(world, files)
    assert case.bite_links.get().state == BiteLink.State.CONFIRMED
    assert case.occlusion.numbers["as_exported"]["plausible"]
    assert case.occlusion.kind == Occlusion.Kind.UNKNOWN
    assert case.occlusion.lower_to_upper is None
    assert "differently, by 1.0 mm" in case.occlusion.evidence
    assert [lack.code for lack in lacks_of(case)] == ["bite"]


def test_a_bite_that_cannot_be_laid_costs_only_its_own_answer(tmp_path: Path) -> None:
    speck = Mesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32))
    files = {**with_bite(), "speck.stl": writers.stl(speck)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    upper, lower, bite, small = (ScanFile(str(tmp_path / name)) for name in files)
    found = check_bites(JawsRequest(upper, lower, {"bite": bite, "speck": small}), ChildLimits(), lambda: None)
    assert isinstance(found, dict)
    assert (found["bite"].state, found["speck"].state) == ("CONFIRMED", "FAILED")
    assert "too little" in found["speck"].findings[0]["message"]


def test_a_run_that_comes_twice_changes_nothing(world: World) -> None:
    case = registered(world, with_bite())
    before = (BiteLink.objects.values().get(), Occlusion.objects.values().get())
    bites.link(case)
    assert not Job.objects.filter(kind=Job.Kind.REGISTER_BITES, state=Job.State.QUEUED).exists()
    job = Job.objects.get(kind=Job.Kind.REGISTER_BITES)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, attempts=0)
    assert jobs.run(job.uuid) == Job.State.DONE
    assert (BiteLink.objects.values().get(), Occlusion.objects.values().get()) == before


def test_a_type_that_a_person_corrects_starts_over(world: World) -> None:
    case = registered(world, itero_zip("1234", "Marsh, Jane"))
    lower = case.scans.get(arch="lower")
    pending.set_categories(case, {lower.uuid: "SCAN_OTHER"}, actor=Actor.of(world.owner))
    assert not Occlusion.objects.exists()
    pending.set_categories(case, {lower.uuid: "SCAN_LOWER"}, actor=Actor.of(world.owner))
    assert run_open() == Job.State.DONE
    assert Occlusion.objects.get().kind == Occlusion.Kind.AS_EXPORTED


def test_what_was_found_on_other_scans_is_dropped(world: World) -> None:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    job = Job.objects.get(kind=Job.Kind.REGISTER_BITES)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, worker=job.uuid)
    job.refresh_from_db()
    commit = jobs.WORK[job.kind](job, JobLease(job))
    Scan.objects.filter(arch="lower").update(sha256="0" * 64)
    with pytest.raises(CaseChanged):
        commit()
    assert not Occlusion.objects.exists()


def test_too_little_memory_fails_the_check_and_not_the_case(world: World, settings) -> None:
    hand_over(world.ours, with_bite())
    settings.ARCHWAY_CHILD_MEMORY_BYTES = 64 * 1024**2
    assert run_open() == Job.State.DONE
    case = Case.objects.get()
    assert (case.state, case.bite_links.get().state) == (Case.State.PENDING, BiteLink.State.FAILED)
    assert case.bite_links.get().findings[0]["message"]
    assert case.occlusion.kind == Occlusion.Kind.UNKNOWN


def test_a_check_that_failed_is_tried_again_with_the_case(world: World, settings) -> None:
    test_too_little_memory_fails_the_check_and_not_the_case(world, settings)
    settings.ARCHWAY_CHILD_MEMORY_BYTES = 6 * 1024**3
    bites.link(Case.objects.get())
    assert run_open() == Job.State.DONE
    assert BiteLink.objects.get().state == BiteLink.State.CONFIRMED


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_only_the_clinic_s_own_people_see_how_the_jaws_meet(world: World, api, who: str) -> None:
    case = registered(world, {"b_upper.stl": upper_stl(), "b_lower.stl": lower_stl()})
    answer = api(getattr(world, who)).get(f"/api/imaging/3d/cases/{case.uuid}")
    assert answer.status_code == (200 if who == "owner" else 404)
    if who == "owner":
        assert answer.json()["occlusion"]["kind"] == "AS_EXPORTED"
    else:
        assert "AS_EXPORTED" not in answer.content.decode()
