"""The queue without a mouse, several cases at once, and on a phone, in a real browser."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.audit import Actor
from patients.models import Patient
from patients.services import create_patient
from scans.models import Case, Delivery
from scans.services import pending
from tests.e2e.axe_modes import axe_in_every_mode
from tests.made import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST, FIRST = ("Marsh", "Boone", "Kowalska", "Quennell"), ("Ada", "Berta", "Carl", "Dora", "Emil")
NAMES = [f"{last}, {first}" for last in LAST for first in FIRST]


@pytest.fixture
def cases(world: World) -> list[Case]:
    """Twenty waiting cases, each with its patient in the register, the longest waiting first."""
    return [suggested(world, name, number) for number, name in enumerate(NAMES)]


def suggested(world: World, name: str, number: int) -> Case:
    last, first = name.split(", ")
    born = date(1960, 1, 1) + timedelta(days=389 * number)
    create_patient(
        world.ours, first_name=first, last_name=last, birth_date=born, chart_number=f"C-{number}",
        actor=Actor.system("test"),
    )  # fmt: skip
    delivery, _ = Delivery.objects.get_or_create(clinic=world.ours, channel=Delivery.Channel.API)
    case = Case.objects.create(
        clinic=world.ours, delivery=delivery, source="ITERO", order_id=f"{4000 + number}", order_key=name,
        fingerprint=name, received_full_name=name, received_birth_date=born, received_chart_number=f"C-{number}",
        wait_codes=["TYPE_UNSURE"],
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=60 - number))
    pending.rank_again(case)
    return case


@pytest.fixture
def desk(live_server: LiveServer, page: Page, world: World, cases: list[Case]) -> Page:
    client = Client()
    client.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/admin/scans/pendingcase/")
    return ready(page)


def ready(page: Page) -> Page:
    expect(page.locator(".aw-queue[data-state=ready]")).to_be_visible()
    return page


def selected(page: Page) -> str:
    return page.locator("[data-row][aria-current] [data-open]").inner_text()


def waits(page: Page, count: int) -> None:
    expect(page.locator(".aw-tabs a").first).to_have_text(re.compile(rf"Waiting\s+{count}$"))
    ready(page)


def test_a_suggested_case_is_filed_in_two_keystrokes(desk: Page, cases: list[Case]) -> None:
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    waits(desk, 19)
    filed = Case.objects.get(pk=cases[0].pk)
    assert (filed.state, str(filed.patient), filed.decided_by.username) == ("FILED", "Marsh, Ada", "owner")
    expect(desk.get_by_role("status").filter(has_text="Filed under Marsh, Ada.")).to_be_visible()
    assert selected(desk) == "Marsh, Berta", "the next case is selected"


def test_twenty_cases_are_cleared_without_a_mouse(desk: Page, cases: list[Case]) -> None:
    for left in range(19, -1, -1):
        desk.keyboard.press("1")
        desk.keyboard.press("Enter")
        if left:
            waits(desk, left)
    expect(desk.get_by_role("heading", name="Nothing waits")).to_be_visible()
    assert [str(case.patient) for case in Case.objects.order_by("pk")] == NAMES


def test_j_and_k_move_and_u_takes_back(desk: Page, cases: list[Case]) -> None:
    assert selected(desk) == "Marsh, Ada"
    for key in "jjk":
        desk.keyboard.press(key)
    assert selected(desk) == "Marsh, Berta"
    expect(desk.get_by_role("link", name="Marsh, Berta", exact=True)).to_be_focused()
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    waits(desk, 19)
    assert selected(desk) == "Marsh, Carl", "the same place, which is the next case"
    desk.keyboard.press("u")
    expect(desk.get_by_text("Undone: filed under a patient.")).to_be_visible()
    waits(desk, 20)
    assert Case.objects.get(pk=cases[1].pk).state == "PENDING"


def test_keys_open_the_case_at_the_right_form(desk: Page, cases: list[Case]) -> None:
    for key, fragment in (("Enter", ""), ("o", ""), ("n", "#new"), ("h", "#hold"), ("r", "#reject")):
        desk.keyboard.press(key)
        expect(desk).to_have_url(re.compile(rf"{cases[0].uuid}/{fragment}$"))
        desk.go_back()
        ready(desk)


def test_no_key_works_while_somebody_types_or_holds_a_modifier(desk: Page) -> None:
    desk.keyboard.press("/")
    field = desk.get_by_label("Name, chart number, birth date or order")
    expect(field).to_be_focused()
    desk.keyboard.type("j1ruh?")
    expect(field).to_have_value("j1ruh?")
    assert selected(desk) == "Marsh, Ada"
    desk.keyboard.press("Escape")
    desk.keyboard.press("Tab")
    desk.evaluate("document.activeElement.blur()")
    for keys in ("Control+j", "Alt+j", "Shift+j"):
        desk.keyboard.press(keys)
    assert selected(desk) == "Marsh, Ada"


def test_the_help_opens_by_key_and_by_button_and_stops_the_keys(desk: Page) -> None:
    desk.keyboard.press("?")
    help_ = desk.get_by_role("dialog", name="Keyboard")
    expect(help_).to_be_visible()
    desk.keyboard.press("j")
    assert selected(desk) == "Marsh, Ada"
    desk.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    desk.get_by_role("button", name="Keyboard").click()
    help_.get_by_label("Use these keys on this computer").uncheck()
    help_.get_by_role("button", name="Close").click()
    desk.keyboard.press("j")
    assert selected(desk) == "Marsh, Ada", "who does not want single keys turns them off"


def test_several_cases_by_one_decision(desk: Page, cases: list[Case]) -> None:
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    several = desk.locator("[data-several]")
    expect(several).to_contain_text("selected: 2")
    several.get_by_role("button", name="File under best candidate").click()
    expect(desk.get_by_role("heading", name="This will happen to 2 cases")).to_be_visible()
    assert axe_in_every_mode(desk) == []
    desk.get_by_role("button", name="File each under its best candidate (2)").click()
    expect(desk.get_by_role("heading", name="2 cases were decided")).to_be_visible()
    assert Case.objects.filter(state="FILED").count() == 2
    assert axe_in_every_mode(desk) == []
    desk.get_by_role("button", name="Undo all of it").click()
    expect(desk.get_by_text("taken back")).to_have_count(2)
    assert Case.objects.filter(state="PENDING").count() == 20


def test_a_filter_is_chosen_seen_and_taken_away(desk: Page, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[3].pk).update(source="MEDIT")
    desk.reload()
    desk.get_by_text("Filter", exact=True).click()
    desk.get_by_label("Source").select_option("MEDIT")
    expect(desk).to_have_url(re.compile(r"\?state=PENDING&order=oldest&source=MEDIT$"))
    expect(desk.locator("[data-row]")).to_have_count(1)
    desk.get_by_role("link", name="Source: MEDIT").click()
    expect(desk.locator("[data-row]")).to_have_count(20)


def test_on_a_phone_a_case_is_filed_by_touch(desk: Page, cases: list[Case]) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    desk.get_by_role("button", name="File under Marsh, Ada").click()
    waits(desk, 19)
    desk.get_by_role("button", name="Undo", exact=True).click()
    waits(desk, 20)
    assert Patient.objects.filter(cases__isnull=False).count() == 0


def test_axe_finds_nothing_in_any_mode(desk: Page) -> None:
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    waits(desk, 19)
    desk.get_by_text("Filter", exact=True).click()
    desk.locator("[data-pick]").first.check()
    assert axe_in_every_mode(desk) == []
    desk.keyboard.press("Escape")
    desk.evaluate("document.querySelector('dialog').showModal()")
    assert axe_in_every_mode(desk, "dialog") == []
