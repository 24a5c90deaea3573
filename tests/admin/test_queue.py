"""The queue's pages: constant cost, clear words, nothing lost on a mistake."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from patients.audit import Actor
from patients.models import AuditEvent, Patient
from patients.services import create_patient
from scans.models import Case, Delivery, Job
from scans.services import pending
from tests.made import World, hand_over, itero_zip, upper_stl

QUEUE = "/admin/scans/pendingcase/"


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


@pytest.fixture
def case(world: World) -> Case:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    return Case.objects.get()


def _decide(case: Case, action: str) -> str:
    return reverse("admin:scans_pendingcase_decide", args=[case.uuid, action])


def _page(case: Case) -> str:
    return reverse("admin:scans_pendingcase_case", args=[case.uuid])


def test_an_empty_clinic_is_told_what_will_come(world: World, desk: Client) -> None:
    assert "No scans yet" in desk.get(QUEUE).content.decode()


def test_a_cleared_queue_says_so(world: World, desk: Client, case: Case) -> None:
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.owner))
    assert "Nothing waits" in desk.get(QUEUE).content.decode()


def test_a_search_without_a_hit_says_so_and_can_be_taken_back(desk: Client, case: Case) -> None:
    page = desk.post(QUEUE, {"words": "nobody"}, follow=True).content.decode()
    assert "Nothing found" in page
    assert "Marsh" in desk.post(QUEUE, {"words": ""}, follow=True).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(world: World, desk: Client, case: Case) -> None:
    for number in range(3):
        create_patient(
            world.ours, first_name="Jane", last_name="Marsh", birth_date=None, chart_number=f"C-{number}",
            actor=Actor.system("test"),
        )  # fmt: skip
    pending.rank_again(case)
    pending.hold(case, "ASK_DOCTOR", actor=Actor.of(world.owner))
    pending.put_back(case, actor=Actor.of(world.owner))
    queries = ["", "?order=best", "?order=name&reason=PUT_BACK&mine=1", "?state=PENDING&page=1"]
    few = [_cost(desk, QUEUE + query) for query in queries]
    _copies(case, 30)
    assert [_cost(desk, QUEUE + query) for query in queries] == few
    assert max(few) <= QUERIES
    assert len(desk.get(QUEUE).context["page"]) == 25


QUERIES = 13
"""Log-in 2, clinics, states, filters, page 2, scans, candidates, marks 2; with no decision to offer for undo."""


def _cost(desk: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(address).status_code == 200
    return len(asked)


def _copies(case: Case, count: int) -> None:
    """As many cases again with scans and candidates of their own."""
    for number in range(count):
        copy = Case.objects.create(
            clinic=case.clinic, delivery=case.delivery, source=case.source, order_key=f"copy-{number}",
            fingerprint=f"copy-{number}", received_full_name=f"Copy {number}", wait_codes=["PUT_BACK"],
            decided_by=case.decided_by,
        )  # fmt: skip
        for row in [*case.scans.all(), *case.candidates.all()]:
            row.pk, row.case = None, copy
            if hasattr(row, "uuid"):
                row.uuid = uuid.uuid4()
            row.save()


def test_a_wrong_date_is_named_and_nothing_is_decided(desk: Client, case: Case) -> None:
    form = {"last_name": "Marsh", "birth_date": "31.31.1980"}
    page = desk.post(_decide(case, "create"), form, follow=True).content.decode()
    assert "Enter a valid date." in page
    assert not Patient.objects.exists()


def test_a_hold_without_a_reason_is_asked_for_one(desk: Client, case: Case) -> None:
    assert "Please say why" in desk.post(_decide(case, "hold"), {}, follow=True).content.decode()


def test_after_a_decision_the_next_case_opens(world: World, desk: Client, case: Case) -> None:
    hand_over(world.ours, itero_zip("2", "Boone, Richard", seed=2))
    following = Case.objects.get(order_id="2")
    answer = desk.post(_decide(case, "hold"), {"choice": "ASK_DOCTOR", "words": "size?", "then": "next"})
    assert answer["Location"] == _page(following)
    case.refresh_from_db()
    assert case.reason == "Ask the doctor: size?"


def test_the_loser_of_a_race_sees_who_was_first(world: World, desk: Client, case: Case) -> None:
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.colleague))
    page = desk.post(_decide(case, "hold"), {"words": "later"}, follow=True).content.decode()
    assert "Already decided by colleague: rejected, " in page


def test_looking_at_a_case_is_written_down(world: World, desk: Client, case: Case) -> None:
    desk.get(_page(case))
    desk.get(reverse("admin:scans_case_change", args=[case.pk]))
    assert AuditEvent.objects.filter(verb="case.viewed", actor=world.owner, subject_uuid=case.uuid).count() == 2


def test_a_refused_delivery_shows_its_reason_in_the_admin(world: World, desk: Client) -> None:
    hand_over(world.ours, {"cut_upper.stl": upper_stl()[:-100]})
    delivery = Delivery.objects.get()
    page = desk.get(reverse("admin:scans_delivery_change", args=[delivery.pk])).content.decode()
    assert "cut off" in page


def test_a_given_up_job_is_started_again_from_the_list(world: World, browse) -> None:
    job = Job.objects.create(
        clinic=world.ours, kind="PROCESS_DELIVERY", subject_uuid=world.ours.uuid, state="QUARANTINED", attempts=3
    )
    form = {"action": "start_again", "_selected_action": [job.pk]}
    browse(world.imaging).post(reverse("admin:scans_job_changelist"), form)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("QUEUED", 0)


def test_our_pages_allow_no_script_and_no_style_from_elsewhere(desk: Client, case: Case) -> None:
    for address in (QUEUE, _page(case), "/admin/"):
        answer = desk.get(address)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert " style=" not in answer.content.decode()
