"""The page of one case: what is compared, what is found, what becomes of each decision, and what is not lost."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from patients.audit import Actor
from patients.models import NameAlias, Patient
from patients.services import create_patient
from scans.models import Case, Decision
from scans.services import pending
from tests.made import World, hand_over, itero_zip


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


@pytest.fixture
def jane(world: World) -> Patient:
    return patient_of(world, "Jane", "Marsh", date(1980, 3, 12), "A-1")


@pytest.fixture
def case(world: World, jane: Patient) -> Case:
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    return Case.objects.get()


def patient_of(world: World, first: str, last: str, born: date | None = None, chart: str = "") -> Patient:
    return create_patient(
        world.ours, first_name=first, last_name=last, birth_date=born, chart_number=chart, actor=Actor.system("test")
    )


def page_of(case: Case) -> str:
    return reverse("admin:scans_pendingcase_case", args=[case.uuid])


def decide(desk: Client, case: Case, action: str, **data: object):
    """As the page sends it: with the mark that it shows now."""
    data.setdefault("seen", mark(desk, case))
    return desk.post(reverse("admin:scans_pendingcase_decide", args=[case.uuid, action]), data)


def mark(desk: Client, case: Case) -> str:
    return re.search(r'name="seen" value="(\d+)"', read(desk.get(page_of(case))))[1]


def read(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_scanner_and_patient_stand_side_by_side_field_by_field(desk: Client, case: Case) -> None:
    page = read(desk.get(page_of(case)))
    assert "What the scanner sent" in page
    assert "✓</span> equal" in page
    assert "The surname is the same." in page
    assert "–</span> missing" in page
    assert "File under Marsh, Jane" in page


def test_other_names_are_compared(desk: Client, case: Case, jane: Patient) -> None:
    NameAlias.objects.create(patient=jane, first_name="Jane", last_name="Boone")
    page = read(desk.get(page_of(case)))
    assert "Other names" in page
    assert "Boone, Jane" in page


def test_another_candidate_is_chosen_without_a_script(world: World, desk: Client, case: Case) -> None:
    patient_of(world, "Janet", "Marsh")
    page = read(desk.get(page_of(case) + "?candidate=2"))
    assert re.search(r'data-panel="1"[^>]* hidden', page)
    assert not re.search(r'data-panel="2"[^>]* hidden', page)


@pytest.mark.parametrize("asked", ["99", "x", "-1", "0", "²"])
def test_a_candidate_that_is_not_there_shows_the_best(desk: Client, case: Case, asked: str) -> None:
    assert not re.search(r'data-panel="1"[^>]* hidden', read(desk.get(page_of(case), {"candidate": asked})))


@pytest.mark.parametrize("words", ["boone mary", "Mary Boone", "Boone, Mary", "Z-9", "02/28/1971", "1971-02-28"])
def test_any_patient_is_found_by_name_in_any_order_by_number_and_by_birth_date(
    world: World, desk: Client, case: Case, words: str
) -> None:
    patient_of(world, "Mary", "Boone", date(1971, 2, 28), "Z-9")
    answer = desk.post(page_of(case), {"words": words})
    assert answer.status_code == 302
    assert not any(word in answer["Location"].lower() for word in ("boone", "z-9", "1971"))
    page = read(desk.get(page_of(case)))
    assert "1 patient found by your search." in page
    assert "File under Boone, Mary" in page


def test_a_birth_date_is_read_in_the_person_s_language(world: World, desk: Client, case: Case) -> None:
    patient_of(world, "Mary", "Boone", date(1971, 2, 8))
    desk.post(page_of(case), {"words": "8.2.1971"})
    assert "Ist es Boone, Mary?" in read(desk.get(page_of(case), headers={"accept-language": "de"}))


def test_a_search_at_one_case_is_not_shown_at_another(world: World, desk: Client, case: Case) -> None:
    patient_of(world, "Mary", "Boone")
    hand_over(world.ours, itero_zip("2", "Fox, Ann", seed=2))
    desk.post(page_of(case), {"words": "boone"})
    assert "Boone" not in read(desk.get(page_of(Case.objects.get(order_id="2"))))


def test_a_patient_of_another_clinic_is_not_found_and_not_filed_under(world: World, desk: Client, case: Case) -> None:
    other = create_patient(
        world.theirs, first_name="Mary", last_name="Boone", birth_date=None, chart_number="", actor=Actor.system("test")
    )
    desk.post(page_of(case), {"words": "boone"})
    assert "No other patient of this clinic" in read(desk.get(page_of(case)))
    assert decide(desk, case, "assign", patient=other.uuid).status_code == 404


def test_filing_goes_on_to_the_next_case(world: World, desk: Client, case: Case, jane: Patient) -> None:
    hand_over(world.ours, itero_zip("2", "Fox, Ann", seed=2))
    answer = decide(desk, case, "assign", patient=jane.uuid)
    assert answer["Location"] == page_of(Case.objects.get(order_id="2"))
    case.refresh_from_db()
    assert case.patient == jane
    assert desk.session["last_decision"] == str(Decision.objects.get().uuid)


def test_after_the_last_case_the_queue_opens(desk: Client, case: Case, jane: Patient) -> None:
    answer = decide(desk, case, "assign", patient=jane.uuid)
    assert answer["Location"] == reverse("admin:scans_pendingcase_changelist")


def test_earlier_scans_of_the_candidate_stand_beside_the_new_ones(
    world: World, desk: Client, case: Case, jane: Patient
) -> None:
    pending.assign(case, jane, actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("2", "Marsh, Jane", seed=2))
    newer = Case.objects.get(order_id="2")
    pending_page = read(desk.get(page_of(newer)))
    assert page_of(case) in pending_page
    assert "upper, lower" in pending_page


def test_a_new_patient_is_checked_against_the_register_first(desk: Client, case: Case, jane: Patient) -> None:
    form = {"first_name": "Jane", "last_name": "Marsh", "birth_date": "1980-03-12", "chart_number": ""}
    page = read(decide(desk, case, "create", **form))
    assert "Is it one of these?" in page
    assert "None of these: create the patient" in page
    assert 'value="1980-03-12"' in page
    assert Patient.objects.count() == 1
    decide(desk, case, "create", **form, none_of=str(jane.uuid))
    assert Patient.objects.count() == 2
    case.refresh_from_db()
    assert case.patient != jane


def test_a_stranger_to_the_register_is_created_at_once(desk: Client, case: Case) -> None:
    decide(desk, case, "create", first_name="Odo", last_name="Quennell", birth_date="", chart_number="")
    assert Case.objects.get().patient.last_name == "Quennell"


def test_who_denied_one_likeness_is_shown_another(world: World, desk: Client, case: Case, jane: Patient) -> None:
    patient_of(world, "Mary", "Boone", date(1971, 2, 28))
    form = {"first_name": "Mary", "last_name": "Boone", "birth_date": "1971-02-28", "none_of": str(jane.uuid)}
    assert "Is it one of these?" in read(decide(desk, case, "create", **form))
    assert Patient.objects.count() == 2


def test_a_form_with_a_mistake_keeps_what_was_typed(desk: Client, case: Case) -> None:
    page = read(decide(desk, case, "create", last_name="Quennell", birth_date="31.31.1980"))
    assert "Enter a valid date." in page
    assert 'value="Quennell"' in page
    assert 'id="new" name="decision" open' in page


@pytest.mark.parametrize(
    ("action", "code", "state"), [("hold", "ASK_DOCTOR", "HELD"), ("reject", "UNUSABLE", "REJECTED")]
)
def test_a_usual_reason_and_own_words_are_kept(desk: Client, case: Case, action: str, code: str, state: str) -> None:
    decide(desk, case, action, choice=code, words="see notes")
    case.refresh_from_db()
    assert (case.state, case.state_code, case.state_reason) == (state, code, "see notes")


def test_a_reason_of_another_list_is_not_taken(desk: Client, case: Case) -> None:
    assert "Please say why" in read(decide(desk, case, "hold", choice="TEST_SCAN"))
    case.refresh_from_db()
    assert case.state == Case.State.PENDING


def test_whom_a_person_ruled_out_is_listed_below_and_may_come_back(desk: Client, case: Case, jane: Patient) -> None:
    decide(desk, case, "dismiss", patient=jane.uuid)
    page = read(desk.get(page_of(case)))
    assert "File under Marsh" not in page
    assert "May be this patient after all" in page
    decide(desk, case, "reconsider", patient=jane.uuid)
    assert "File under Marsh, Jane" in read(desk.get(page_of(case)))


def test_a_filed_case_can_always_be_taken_out_again(world: World, desk: Client, case: Case, jane: Patient) -> None:
    pending.assign(case, jane, actor=Actor.of(world.owner))
    assert "Take out of this patient" in read(desk.get(page_of(case)))
    assert decide(desk, case, "put-back", seen="1")["Location"] == page_of(case)
    case.refresh_from_db()
    assert (case.state, case.patient) == ("PENDING", None)


def test_only_the_type_that_was_changed_is_saved(desk: Client, case: Case) -> None:
    upper, lower = case.scans.order_by("pk")
    sent = {str(upper.uuid): "SCAN_OTHER", f"initial-{upper.uuid}": upper.category}
    sent |= {str(lower.uuid): lower.category, f"initial-{lower.uuid}": lower.category}
    decide(desk, case, "types", **sent)
    assert list(case.scans.order_by("pk").values_list("decided_by_person", flat=True)) == [True, False]


def test_a_type_is_confirmed_by_its_button(desk: Client, case: Case) -> None:
    scan = case.scans.first()
    sent = {str(one.uuid): one.category for one in case.scans.all()}
    sent |= {f"initial-{one.uuid}": one.category for one in case.scans.all()}
    decide(desk, case, "types", **sent, confirm=f"{scan.uuid}:{scan.category}")
    assert [one.decided_by_person for one in case.scans.all()] == [True, False]


def test_saving_types_without_a_change_says_so(desk: Client, case: Case) -> None:
    sent = {str(one.uuid): one.category for one in case.scans.all()}
    sent |= {f"initial-{one.uuid}": one.category for one in case.scans.all()}
    assert "No type was changed" in read(decide(desk, case, "types", **sent))
    assert not Decision.objects.exists()


def test_a_case_is_split(desk: Client, case: Case) -> None:
    scan = case.scans.first()
    decide(desk, case, "split", scans=[scan.uuid])
    scan.refresh_from_db()
    assert scan.case != case
    assert scan.case.state == Case.State.PENDING


def test_a_scan_is_moved_and_a_case_is_merged_and_says_where(world: World, desk: Client, case: Case) -> None:
    hand_over(world.ours, itero_zip("2", "Marsh, Jane", seed=2))
    target = Case.objects.get(order_id="2")
    assert f'value="{target.uuid}"' in read(desk.get(page_of(case)))
    decide(desk, case, "move", scans=[case.scans.first().uuid], target=target.uuid)
    assert (case.scans.count(), target.scans.count()) == (1, 3)
    decide(desk, case, "merge", target=target.uuid)
    page = read(desk.get(page_of(case)))
    assert "Merged into another case" in page
    assert page_of(target) in page


def test_another_open_case_is_found_by_its_order(world: World, desk: Client, case: Case) -> None:
    hand_over(world.ours, itero_zip("777", "Fox, Ann", seed=2))
    assert "#divide" in desk.post(page_of(case), {"other_case": "777"})["Location"]
    assert "Fox, Ann" in read(desk.get(page_of(case)))


def test_without_a_target_nothing_moves_and_the_person_is_asked(desk: Client, case: Case) -> None:
    assert "Please choose the other case." in read(decide(desk, case, "merge"))


def test_the_second_of_two_people_sees_who_decided_and_loses_no_word(
    world: World, desk: Client, case: Case, jane: Patient
) -> None:
    seen = mark(desk, case)
    pending.dismiss(case, jane, actor=Actor.of(world.colleague))
    page = read(decide(desk, case, "hold", seen=seen, words="the mother calls back"))
    assert "A colleague was faster" in page
    assert "Already decided by colleague: not this patient" in page
    assert 'value="the mother calls back"' in page
    case.refresh_from_db()
    assert case.state == Case.State.PENDING


def test_a_case_that_a_colleague_filed_is_shown_as_it_is_now(
    world: World, desk: Client, case: Case, jane: Patient
) -> None:
    seen = mark(desk, case)
    pending.assign(case, jane, actor=Actor.of(world.colleague))
    page = read(decide(desk, case, "reject", seen=seen, words="test"))
    assert "Already decided by colleague" in page
    assert "✓ Filed under Marsh, Jane" in page


def test_others_who_look_at_the_case_are_named(world: World, desk: Client, browse, case: Case) -> None:
    browse(world.colleague).get(page_of(case))
    page = read(desk.get(page_of(case)))
    assert "colleague opened this case just now." in page
    assert "owner opened" not in read(desk.get(page_of(case)))


def test_the_history_is_told_in_words(world: World, desk: Client, case: Case) -> None:
    pending.hold(case, "ASK_DOCTOR", actor=Actor.of(world.colleague))
    page = read(desk.get(page_of(case)))
    assert "colleague: put on hold" in page
    assert "colleague put it on hold" in page
    assert "case.held" not in page


def test_who_may_only_look_is_offered_no_decision(world: World, desk: Client, case: Case) -> None:
    world.owner.groups.set([])
    world.owner.user_permissions.set(_permission("imaging_view"))
    page = read(desk.get(page_of(case)))
    assert "What the scanner sent" in page
    assert 'name="seen"' not in page


def _permission(codename: str):

    return Permission.objects.filter(codename=codename)


def test_a_stranger_finds_no_case(world: World, browse, case: Case, jane: Patient) -> None:
    stranger = browse(world.stranger)
    assert stranger.get(page_of(case)).status_code == 404
    assert stranger.post(page_of(case), {"words": "marsh"}).status_code == 404
    for action in ("assign", "dismiss", "reconsider", "split", "move", "merge"):
        address = reverse("admin:scans_pendingcase_decide", args=[case.uuid, action])
        assert stranger.post(address, {"patient": jane.uuid}).status_code == 404


def test_a_case_of_another_clinic_is_no_target(world: World, desk: Client, case: Case) -> None:
    hand_over(world.theirs, itero_zip("9", "Marsh, Jane", seed=2))
    theirs = Case.objects.get(order_id="9")
    assert str(theirs.uuid) not in read(desk.get(page_of(case)))
    assert decide(desk, case, "merge", target=theirs.uuid).status_code == 404


def test_nothing_on_the_page_puts_a_person_into_an_address(world: World, desk: Client, case: Case) -> None:
    desk.post(page_of(case), {"words": "marsh"})
    addresses = re.findall(r'(?:href|src|action|formaction)="([^"]*)"', read(desk.get(page_of(case))))
    assert not [one for one in addresses if "marsh" in one.lower() or "jane" in one.lower()]


def test_the_page_costs_the_same_for_one_candidate_and_for_many(
    world: World, desk: Client, case: Case, django_assert_max_num_queries
) -> None:
    for number in range(9):
        patient_of(world, "Jane", f"Marsh-{number}")
    desk.get(page_of(case))
    with django_assert_max_num_queries(45):
        desk.get(page_of(case))


def test_what_became_of_the_order_before_and_since_is_said(
    world: World, desk: Client, case: Case, jane: Patient
) -> None:
    pending.assign(case, jane, actor=Actor.of(world.owner))
    hand_over(world.ours, itero_zip("1", "Marsh, Jane", seed=2))
    newer = Case.objects.get(version=2)
    pending.put_back(case, actor=Actor.of(world.owner))
    page = read(desk.get(page_of(case)))
    assert f'<a href="{page_of(newer)}">Version 2 of this order</a>: filed · Marsh, Jane' in page
