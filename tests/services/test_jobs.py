"""The ledger: one worker a job, attempts that end, results that are filed once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from patients.audit import Actor
from scans.models import Case, Delivery, Job
from scans.services import jobs
from scans.services.lease import JobLease, LostLease
from tests.made import World, hand_over, upper_stl


@pytest.fixture
def queued(world: World, settings) -> Job:
    settings.ARCHWAY_INLINE_LIMIT_BYTES = 0
    return hand_over(world.ours, {"x_upper.stl": upper_stl()}).job


def test_a_job_is_done_once_however_often_it_is_woken(queued: Job) -> None:
    assert jobs.run(queued.uuid) == Job.State.DONE
    assert jobs.run(queued.uuid) == "not taken"
    assert Case.objects.count() == 1


def test_the_attempt_is_counted_before_the_work(queued: Job) -> None:
    Job.objects.filter(pk=queued.pk).update(subject_uuid=uuid.uuid4())
    jobs.run(queued.uuid)
    queued.refresh_from_db()
    assert (queued.attempts, queued.state, queued.last_error) == (1, Job.State.QUEUED, "DoesNotExist")


def test_after_three_failures_a_job_is_given_up_with_its_reason(queued: Job) -> None:
    Job.objects.filter(pk=queued.pk).update(subject_uuid=uuid.uuid4())
    states = [jobs.run(queued.uuid) for _ in range(4)]
    assert states == [Job.State.QUEUED, Job.State.QUEUED, Job.State.QUARANTINED, "not taken"]


def test_a_worker_that_lost_its_lease_files_nothing(queued: Job) -> None:
    Job.objects.filter(pk=queued.pk).update(state=Job.State.RUNNING, worker=uuid.uuid4())
    stale = JobLease(Job.objects.get(pk=queued.pk))
    Job.objects.filter(pk=queued.pk).update(worker=uuid.uuid4())
    with pytest.raises(LostLease):
        stale.finish({})
    with pytest.raises(LostLease):
        stale.step(1, 2)


def test_the_sweeper_wakes_a_job_whose_worker_died(queued: Job) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=queued.pk).update(state=Job.State.RUNNING, attempts=1, worker=uuid.uuid4(), lease_until=past)
    assert jobs.sweep() == {"woken": 1, "given_up": 0}
    assert jobs.run(queued.uuid) == Job.State.DONE


def test_the_sweeper_leaves_a_living_worker_alone(queued: Job) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    Job.objects.filter(pk=queued.pk).update(state=Job.State.RUNNING, attempts=1, worker=uuid.uuid4(), lease_until=soon)
    assert jobs.sweep() == {"woken": 0, "given_up": 0}


def test_a_job_that_kills_every_worker_ends_and_says_so(queued: Job) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=queued.pk).update(state=Job.State.RUNNING, attempts=3, worker=uuid.uuid4(), lease_until=past)
    assert jobs.sweep() == {"woken": 0, "given_up": 1}
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.code) == (Delivery.State.FAILED, "gave_up")


def test_a_person_can_start_a_given_up_job_again(queued: Job) -> None:
    test_a_job_that_kills_every_worker_ends_and_says_so(queued)
    queued.refresh_from_db()
    assert jobs.retry(queued, actor=Actor.system("test"))
    assert jobs.run(queued.uuid) == Job.State.DONE
    assert Delivery.objects.get().state == Delivery.State.PROCESSED
