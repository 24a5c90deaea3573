"""A receptionist decides about cases in a real browser: by key, by mouse, on a phone, and beside a colleague."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.audit import Actor
from patients.models import Patient
from patients.services import create_patient
from scans.models import Case
from scans.services import pending
from tests.made import World, hand_over, itero_zip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jane(world: World) -> Patient:
    return _patient(world, "Jane", "Marsh", date(1980, 3, 12), "A-1")


@pytest.fixture
def case(world: World, jane: Patient) -> Case:
    """Whose name alone fits two patients."""
    _patient(world, "Janet", "Marsh", date(1991, 5, 2), "A-2")
    hand_over(world.ours, itero_zip("1", "Marsh, Jane"))
    return Case.objects.get(order_id="1")


@pytest.fixture
def following(world: World, case: Case) -> Case:
    hand_over(world.ours, itero_zip("2", "Quennell, Odo", seed=2))
    return Case.objects.get(order_id="2")


def _patient(world: World, first: str, last: str, born: date, chart: str) -> Patient:
    return create_patient(
        world.ours, first_name=first, last_name=last, birth_date=born, chart_number=chart, actor=Actor.system("test")
    )


@pytest.fixture
def enter(live_server: LiveServer) -> Callable[[Page, User, Case], Page]:
    """A page of a logged-in person, at a case."""

    def at(page: Page, user: User, case: Case) -> Page:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/admin/scans/pendingcase/{case.uuid}/")
        return ready(page)

    return at


def ready(page: Page) -> Page:
    expect(page.locator(".aw-case")).to_have_attribute("data-state", "ready")
    return page


@pytest.fixture
def desk(page: Page, world: World, case: Case, enter) -> Page:
    return enter(page, world.owner, case)


def test_a_case_is_filed_by_two_keys_and_the_next_one_opens(desk: Page, case: Case, following: Case) -> None:
    desk.reload()
    ready(desk)
    desk.keyboard.press("2")
    expect(desk.get_by_role("heading", name="Is it Marsh, Janet?")).to_be_visible()
    expect(desk.locator("[data-panel='1']")).to_be_hidden()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Filed under Marsh, Janet.")).to_be_visible()
    desk.wait_for_url(f"**/{following.uuid}/")
    case.refresh_from_db()
    assert case.patient.chart_number == "A-2"


def test_j_and_k_walk_through_the_waiting_cases(desk: Page, case: Case, following: Case) -> None:
    desk.reload()
    ready(desk).keyboard.press("j")
    desk.wait_for_url(f"**/{following.uuid}/")
    ready(desk).keyboard.press("k")
    desk.wait_for_url(f"**/{case.uuid}/")


def test_a_form_opens_by_its_key_and_escape_closes_it(desk: Page, case: Case) -> None:
    for key, place, field in (("n", "#new", "Last name"), ("h", "#hold", "Reason"), ("r", "#reject", "Reason")):
        desk.keyboard.press(key)
        expect(desk.locator(place).get_by_label(field)).to_be_focused()
        desk.keyboard.press("Escape")
        expect(desk.locator(place)).not_to_have_attribute("open", "")
        desk.locator("h1").click()


def test_enter_in_a_form_sends_that_form_alone(desk: Page, case: Case) -> None:
    desk.keyboard.press("h")
    desk.locator("#hold").get_by_label("In your words").fill("ask the mother")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("On hold.", exact=True)).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.state_reason, case.patient) == ("HELD", "ask the mother", None)


def test_a_patient_is_searched_by_key_and_compared(world: World, desk: Page, case: Case) -> None:
    _patient(world, "Mary", "Boone", date(1971, 2, 28), "Z-9")
    desk.keyboard.press("/")
    desk.keyboard.type("boone mary")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Is it Boone, Mary?")).to_be_visible()
    assert "boone" not in desk.url.lower()
    ready(desk)
    desk.locator("h1").click()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Filed under Boone, Mary.", exact=True)).to_be_visible()


def test_a_new_patient_is_created_after_a_look_at_the_likely_one(desk: Page, case: Case, jane: Patient) -> None:
    desk.keyboard.press("n")
    expect(desk.locator("#new").get_by_label("Last name")).to_have_value("Marsh")
    desk.locator("#new").get_by_label("First name").fill("Jane")
    desk.get_by_role("button", name="Create patient and file").click()
    expect(desk.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    desk.get_by_role("button", name="None of these: create the patient").click()
    expect(desk.get_by_text("Patient created, and the case filed")).to_be_visible()
    case.refresh_from_db()
    assert case.patient not in (None, jane)


def test_a_type_is_corrected(desk: Page, case: Case) -> None:
    desk.locator("#scans ~ .aw-scanlist select").first.select_option(label="bite")
    desk.get_by_role("button", name="Save types").click()
    expect(desk.get_by_text("bite (chosen)")).to_be_visible()


def test_a_case_is_split_by_mouse(desk: Page, case: Case) -> None:
    desk.get_by_text("Split, move or merge").click()
    desk.get_by_label("belongs elsewhere").first.check()
    desk.get_by_role("button", name="Split them off").click()
    expect(desk.get_by_text("Split: the chosen scans wait as a case of their own now.")).to_be_visible()
    assert Case.objects.count() == 2


def test_a_scan_is_moved_and_a_case_merged_by_mouse(desk: Page, case: Case, following: Case) -> None:
    desk.reload()
    ready(desk).get_by_text("Split, move or merge").click()
    desk.get_by_label("belongs elsewhere").first.check()
    desk.locator("#divide").get_by_label("Quennell, Odo").check()
    desk.get_by_role("button", name="Move the ticked scans there").click()
    expect(desk.get_by_text("The chosen scans were moved to the case Quennell, Odo.")).to_be_visible()
    ready(desk).get_by_text("Split, move or merge").click()
    desk.locator("#divide").get_by_label("Quennell, Odo").check()
    desk.get_by_role("button", name="Merge the whole case into it").click()
    expect(desk.get_by_text("Its scans are in the case")).to_be_visible()
    desk.get_by_role("link", name="Quennell, Odo").click()
    expect(desk.locator(".aw-scanlist > li")).to_have_count(4)


def test_the_second_person_is_told_who_was_first_and_keeps_the_words(
    world: World, desk: Page, browser: Browser, enter, case: Case
) -> None:
    other = enter(browser.new_context().new_page(), world.colleague, case)
    expect(other.get_by_text("owner opened this case")).to_be_visible()
    desk.keyboard.press("h")
    desk.locator("#hold").get_by_label("In your words").fill("the mother calls back")
    other.get_by_role("button", name="Not this patient").first.click()
    expect(other.get_by_text("Ruled out")).to_be_visible()
    desk.get_by_role("button", name="Put on hold").click()
    expect(desk.get_by_role("alert")).to_contain_text("A colleague was faster")
    expect(desk.get_by_role("alert")).to_contain_text("colleague: not this patient")
    expect(desk.locator("#hold").get_by_label("In your words")).to_have_value("the mother calls back")
    case.refresh_from_db()
    assert case.state == Case.State.PENDING
    other.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_everybody(
    world: World, desk: Page, jane: Patient, case: Case, following: Case, tmp_path: Path, scheme: str, width: int
) -> None:
    pending.dismiss(case, Patient.objects.get(first_name="Janet"), actor=Actor.of(world.colleague))
    pending.assign(following, jane, actor=Actor.of(world.colleague))
    desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.set_viewport_size({"width": width, "height": 900})
    desk.reload()
    ready(desk).keyboard.press("n")
    desk.locator("#divide summary").click()
    for picture in desk.locator(".aw-case img:visible").all():
        picture.scroll_into_view_if_needed()
    desk.screenshot(path=tmp_path / f"case-{scheme}-{width}.png", full_page=True)
    found = Axe().run(desk).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
