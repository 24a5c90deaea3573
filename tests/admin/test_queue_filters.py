"""The queue's filters, search and order: codes in the address, words in the session, nothing of another clinic."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from patients.models import Membership
from scans.models import Case, Delivery
from tests.made import World

QUEUE = "/admin/scans/pendingcase/"


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


def waiting(world: World, name: str, clinic=None, **columns) -> Case:
    clinic = clinic or world.ours
    delivery, _ = Delivery.objects.get_or_create(clinic=clinic, channel=Delivery.Channel.API)
    days = columns.pop("days", 0)
    case = Case.objects.create(
        clinic=clinic, delivery=delivery, order_key=name, fingerprint=name, received_full_name=name,
        **{"source": "ITERO", "wait_codes": ["NO_CANDIDATE"], **columns},
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=days))
    return case


def names(answer) -> list[str]:
    return [case.received_name for case in answer.context["page"]]


def test_each_filter_shows_its_cases_alone(world: World, desk: Client) -> None:
    waiting(world, "Marsh, Jane", days=30)
    waiting(world, "Boone, Richard", source="MEDIT", wait_codes=["NAME_ALONE", "TYPE_UNSURE"], days=3)
    waiting(world, "Quennell, Odo", source="MEDIT", wait_codes=["NAME_ALONE"], decided_by=world.owner)
    assert names(desk.get(QUEUE)) == ["Marsh, Jane", "Boone, Richard", "Quennell, Odo"]
    assert names(desk.get(f"{QUEUE}?source=MEDIT")) == ["Boone, Richard", "Quennell, Odo"]
    assert names(desk.get(f"{QUEUE}?reason=TYPE_UNSURE")) == ["Boone, Richard"]
    assert names(desk.get(f"{QUEUE}?reason=NAME_ALONE&age=today")) == ["Quennell, Odo"]
    assert names(desk.get(f"{QUEUE}?age=week")) == ["Boone, Richard", "Quennell, Odo"]
    assert names(desk.get(f"{QUEUE}?age=older")) == ["Marsh, Jane"]
    assert names(desk.get(f"{QUEUE}?mine=1")) == ["Quennell, Odo"]


def test_a_filter_says_how_many_there_are(world: World, desk: Client) -> None:
    waiting(world, "Marsh, Jane")
    waiting(world, "Boone, Richard", wait_codes=["NAME_ALONE", "TYPE_UNSURE"])
    waiting(world, "Quennell, Odo", wait_codes=["NAME_ALONE"])
    reasons = next(one for one in desk.get(QUEUE).context["filters"] if one.name == "reason")
    assert {option.code: option.count for option in reasons.options} == {
        "NO_CANDIDATE": 1, "NAME_ALONE": 2, "TYPE_UNSURE": 1,
    }  # fmt: skip


def test_a_chip_takes_its_filter_away_and_keeps_the_others(world: World, desk: Client) -> None:
    waiting(world, "Marsh, Jane")
    chips = desk.get(f"{QUEUE}?source=ITERO&age=today&page=2").context["chips"]
    assert {one.name: address for one, address in chips} == {"source": "?age=today", "age": "?source=ITERO"}


@pytest.mark.parametrize(
    "nonsense", ["source=paper", "reason=%27%3B--", "age=never", "mine=2", "order=random", "page=x"]
)
def test_what_is_no_code_is_no_filter(world: World, desk: Client, nonsense: str) -> None:
    waiting(world, "Marsh, Jane")
    assert names(desk.get(f"{QUEUE}?{nonsense}")) == ["Marsh, Jane"]


def test_only_who_works_in_several_clinics_chooses_one(world: World, desk: Client) -> None:
    waiting(world, "Marsh, Jane")
    waiting(world, "Boone, Richard", world.theirs)
    assert "clinic" not in [one.name for one in desk.get(QUEUE).context["filters"]]
    assert names(desk.get(f"{QUEUE}?clinic={world.theirs.uuid}")) == ["Marsh, Jane"]
    Membership.objects.create(user=world.owner, clinic=world.theirs)
    assert "clinic" in [one.name for one in desk.get(QUEUE).context["filters"]]
    assert names(desk.get(f"{QUEUE}?clinic={world.theirs.uuid}")) == ["Boone, Richard"]


def test_another_clinic_sees_neither_cases_nor_counts(world: World, browse) -> None:
    waiting(world, "Marsh, Jane", wait_codes=["NAME_ALONE"])
    answer = browse(world.stranger).get(f"{QUEUE}?reason=NAME_ALONE")
    assert names(answer) == []
    assert [count for _code, _label, count in answer.context["tabs"]] == [0, 0, 0, 0]
    assert b"Marsh" not in answer.content


@pytest.mark.parametrize("words", ["jane marsh", "Marsh, Jane", "C-77", "1234", "03/12/1980", "1980-03-12"])
def test_search_finds_names_in_any_order_numbers_and_birth_dates(world: World, desk: Client, words: str) -> None:
    waiting(world, "Boone, Richard")
    waiting(
        world, "Marsh, Jane", received_birth_date=date(1980, 3, 12), received_chart_number="C-77", order_id="1234-5"
    )
    answer = desk.post(QUEUE, {"words": words}, follow=True)
    assert names(answer) == ["Marsh, Jane"]
    assert answer.redirect_chain == [(QUEUE + "?", 302)]


def test_a_birth_date_is_read_as_the_person_s_language_writes_it(world: World, desk: Client) -> None:
    waiting(world, "Marsh, Jane", received_birth_date=date(1980, 3, 12))
    with translation.override("de"):
        assert Case.objects.search("12.03.1980").count() == 1
        assert Case.objects.search("03.12.1980").count() == 0


def test_the_order_is_kept_when_the_person_logs_out(world: World, desk: Client) -> None:
    waiting(world, "Quennell, Odo", days=2)
    waiting(world, "Boone, Richard", days=1)
    assert names(desk.get(f"{QUEUE}?order=name")) == ["Boone, Richard", "Quennell, Odo"]
    desk.post(reverse("admin:logout"))
    desk.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert names(desk.get(QUEUE)) == ["Boone, Richard", "Quennell, Odo"]
    desk.force_login(world.colleague, backend="django.contrib.auth.backends.ModelBackend")
    assert names(desk.get(QUEUE)) == ["Quennell, Odo", "Boone, Richard"]


def test_an_order_that_was_tampered_with_is_forgotten(world: World, desk: Client) -> None:
    waiting(world, "Quennell, Odo", days=2)
    desk.cookies[f"queue_order_{world.owner.pk}"] = "name:forged"
    assert names(desk.get(QUEUE)) == ["Quennell, Odo"]


def test_without_a_permission_there_is_no_queue(world: World, desk: Client) -> None:
    world.owner.groups.clear()
    assert desk.get(QUEUE).status_code == 403
