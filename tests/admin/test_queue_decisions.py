"""Deciding from the queue: in the row, several at once, and back again."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from patients.audit import Actor
from patients.models import Patient
from patients.services import create_patient
from scans.models import Case, Decision
from scans.services import ledger, pending
from tests.admin.test_queue_filters import QUEUE, waiting
from tests.made import World

BULK = "/admin/scans/pendingcase/bulk/"


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


@pytest.fixture
def jane(world: World) -> Patient:
    return patient(world, "Jane", "Marsh", date(1980, 3, 12), "C-77")


def patient(world: World, first: str, last: str, born: date | None, chart: str) -> Patient:
    return create_patient(
        world.ours, first_name=first, last_name=last, birth_date=born, chart_number=chart, actor=Actor.system("test")
    )


@pytest.fixture
def case(world: World, jane: Patient) -> Case:
    """Clearly Jane Marsh's."""
    return ranked(waiting(world, "Marsh, Jane", received_birth_date=jane.birth_date, received_chart_number="C-77"))


@pytest.fixture
def stranger_s(world: World, case: Case) -> Case:
    """Nobody in the register fits."""
    return ranked(waiting(world, "Quennell, Odo"))


def ranked(case: Case) -> Case:
    pending.rank_again(case)
    return case


def file_address(case: Case) -> str:
    return reverse("admin:scans_pendingcase_file", args=[case.uuid])


def undo_address(decision: Decision) -> str:
    return reverse("admin:scans_pendingcase_undo", args=[decision.uuid])


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def test_the_row_says_at_a_glance_what_is_clear_and_what_needs_a_look(
    world: World, desk: Client, case: Case, stranger_s: Case
) -> None:
    ranked(waiting(world, "Marsh, Jane M", received_birth_date=date(1999, 1, 1)))
    answer = desk.get(QUEUE)
    assert [one.glance.level for one in answer.context["page"]] == ["clear", "nobody", "think"]
    for words in ("Clear match", "No likely patient", "Needs a look", "File under Marsh, Jane"):
        assert words in answer.content.decode()


def test_who_contradicts_is_compared_and_not_filed_in_the_row(world: World, desk: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(received_birth_date=date(1999, 1, 1))
    ranked(case)
    page = desk.get(QUEUE).content.decode()
    assert "Compare with Marsh, Jane" in page
    assert "File under Marsh, Jane" not in page


def test_a_case_is_filed_in_its_row_and_the_list_stays_where_it_was(desk: Client, case: Case, jane: Patient) -> None:
    form = {"patient": jane.uuid, "seen": ledger.mark_of(case), "place": "1", "back": f"{QUEUE}?order=name"}
    answer = desk.post(file_address(case), form)
    assert answer["Location"] == f"{QUEUE}?order=name#row-1"
    assert state(case) == "FILED"
    page = desk.get(QUEUE).content.decode()
    assert "Filed under <strong>Marsh, Jane</strong>" in page
    assert undo_address(Decision.objects.get()) in page


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/admin/", "javascript:1"])
def test_a_form_leads_nowhere_else(desk: Client, case: Case, jane: Patient, back: str) -> None:
    assert desk.post(file_address(case), {"patient": jane.uuid, "back": back})["Location"] == QUEUE


def test_who_comes_second_is_told_and_overwrites_nothing(world: World, desk: Client, case: Case, jane: Patient) -> None:
    seen = ledger.mark_of(case)
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.colleague))
    page = desk.post(file_address(case), {"patient": jane.uuid, "seen": seen}, follow=True).content.decode()
    assert "Already decided by colleague: rejected" in page
    assert state(case) == "REJECTED"


def test_undo_by_the_bar_and_by_the_key(desk: Client, case: Case, jane: Patient) -> None:
    desk.post(file_address(case), {"patient": jane.uuid})
    page = desk.post(undo_address(Decision.objects.get()), follow=True).content.decode()
    assert "Undone: filed under a patient." in page
    assert reverse("admin:scans_pendingcase_case", args=[case.uuid]) in page
    assert state(case) == "PENDING"
    desk.post(file_address(case), {"patient": jane.uuid})
    desk.post(reverse("admin:scans_pendingcase_undo_last"))
    assert state(case) == "PENDING"
    page = desk.post(reverse("admin:scans_pendingcase_undo_last"), follow=True).content.decode()
    assert "You have decided nothing that could be undone." in page


def test_what_was_decided_twice_is_not_undone_twice(desk: Client, case: Case, jane: Patient) -> None:
    desk.post(file_address(case), {"patient": jane.uuid})
    address = undo_address(Decision.objects.get())
    desk.post(address)
    assert "taken back already" in desk.post(address, follow=True).content.decode()


def test_another_clinic_files_and_undoes_nothing(world: World, browse, desk: Client, case: Case, jane: Patient) -> None:
    theirs = browse(world.stranger)
    assert theirs.post(file_address(case), {"patient": jane.uuid}).status_code == 404
    decision = pending.assign(case, jane, actor=Actor.of(world.owner))
    assert theirs.post(undo_address(decision)).status_code == 404
    theirs.post(reverse("admin:scans_pendingcase_undo_last"))
    assert state(case) == "FILED"


def test_a_patient_of_another_clinic_is_not_there(world: World, desk: Client, case: Case) -> None:
    theirs = create_patient(
        world.theirs, first_name="Jane", last_name="Marsh", birth_date=None, chart_number="", actor=Actor.system("test")
    )
    assert desk.post(file_address(case), {"patient": theirs.uuid}).status_code == 404
    assert desk.post(file_address(case), {"patient": "nonsense"}).status_code == 404


def test_only_who_may_decide_does_and_never_by_a_link(world: World, browse, desk: Client, case: Case) -> None:
    decision = pending.hold(case, "ASK_DOCTOR", actor=Actor.of(world.owner))
    addresses = [file_address(case), BULK, undo_address(decision), reverse("admin:scans_pendingcase_undo_last")]
    for address in addresses:
        assert desk.get(address).status_code == 404
        assert browse(None).post(address).status_code == 302
    world.owner.groups.clear()
    for address in addresses:
        assert desk.post(address).status_code == 403


def test_several_are_confirmed_filed_reported_and_undone_together(desk: Client, case: Case, stranger_s: Case) -> None:
    form = {"kind": "LINK", "case": [case.uuid, stranger_s.uuid], "back": f"{QUEUE}?order=name"}
    asked = desk.post(BULK, form)
    page = asked.content.decode()
    assert [one.pk for one in asked.context["going"]] == [case.pk]
    assert [one.pk for one in asked.context["staying"]] == [stranger_s.pk]
    assert "No patient fits. Search, or create the patient." in page
    assert state(case) == "PENDING", "asking changes nothing"
    report = desk.post(BULK, {**form, "confirmed": "1", f"seen_{case.uuid}": "0"}, follow=True)
    page = report.content.decode()
    assert "1 case was decided" in page
    assert "1 case was not changed" in page
    assert "No patient fits. Please open the case." in page
    assert (state(case), state(stranger_s)) == ("FILED", "PENDING")
    assert report.context["back"] == f"{QUEUE}?order=name"
    assert "taken back" in desk.post(report.redirect_chain[-1][0]).content.decode()
    assert state(case) == "PENDING"


def test_several_need_a_reason_to_wait_or_to_go(desk: Client, case: Case, stranger_s: Case) -> None:
    form = {"kind": "HOLD", "case": [case.uuid, stranger_s.uuid], "confirmed": "1"}
    assert "Please say why" in desk.post(BULK, form).content.decode()
    assert state(case) == "PENDING"
    desk.post(BULK, {**form, "choice": "ASK_DOCTOR"})
    assert (state(case), state(stranger_s)) == ("HELD", "HELD")
    desk.post(BULK, {"kind": "PUT_BACK", "case": [case.uuid], "confirmed": "1"})
    assert (state(case), state(stranger_s)) == ("PENDING", "HELD")
    desk.post(BULK, {"kind": "REJECT", "case": [case.uuid, stranger_s.uuid], "confirmed": "1", "words": "trial run"})
    assert (state(case), state(stranger_s)) == ("REJECTED", "REJECTED")


def test_of_several_the_one_decided_meanwhile_is_left_alone(
    world: World, desk: Client, case: Case, stranger_s: Case
) -> None:
    seen = {f"seen_{one.uuid}": ledger.mark_of(one) for one in (case, stranger_s)}
    pending.reject(case, "TEST_SCAN", actor=Actor.of(world.colleague))
    form = {"kind": "HOLD", "case": [case.uuid, stranger_s.uuid], "confirmed": "1", "choice": "ASK_DOCTOR", **seen}
    page = desk.post(BULK, form, follow=True).content.decode()
    assert "Already decided by colleague: rejected" in page
    assert (state(case), state(stranger_s)) == ("REJECTED", "HELD")


def test_nothing_selected_is_said(desk: Client, case: Case) -> None:
    assert "No case was selected" in desk.post(BULK, {"kind": "LINK"}).content.decode()
    assert desk.post(BULK, {"kind": "DELETE", "case": [case.uuid]}).status_code == 404


def test_another_clinic_decides_on_none_of_ours_and_reads_no_report(
    world: World, browse, desk: Client, case: Case
) -> None:
    theirs = browse(world.stranger)
    page = theirs.post(BULK, {"kind": "HOLD", "case": [case.uuid], "confirmed": "1", "choice": "ASK_DOCTOR"})
    assert "Marsh" not in page.content.decode()
    assert state(case) == "PENDING"
    report = desk.post(BULK, {"kind": "HOLD", "case": [case.uuid], "confirmed": "1", "choice": "ASK_DOCTOR"})
    assert theirs.get(report["Location"]).status_code == 404
    assert theirs.post(report["Location"]).status_code == 404
    assert browse(world.colleague).get(report["Location"]).status_code == 200
    assert state(case) == "HELD"
