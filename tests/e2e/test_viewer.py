"""The 3D viewer in a real browser, with a graphics card made of software: what is drawn is looked at pixel by pixel."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.models import Case, Measurement, Occlusion, SavedView
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from tests.e2e.conftest import ARGUMENTS, BROWSER
from tests.made import World, hand_over, zip_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Pixels = NDArray[np.int16]
OVERLAYS = """(away) => document.querySelectorAll("[data-viewer-labels], [data-viewer-legend]").forEach(
    (one) => one.classList.toggle("aw-hidden", away))"""
BLUE, GREEN = (0, 0, 255), (0, 255, 0)
DOT_MM = 1.4
IDENTITY = [float(row == column) for row in range(4) for column in range(4)]


@dataclass(frozen=True)
class Marked:
    """A jaw with two painted places, and how far their middles are apart."""

    mesh: Mesh
    distance_mm: float


@cache
def marked_upper() -> Marked:
    """One place in blue and one in green on the teeth of both sides, where the view from below sees them."""
    mesh = make_arch(Arch.UPPER, seed=3, faces=16_000)
    assert mesh.colors is not None
    colors, middles = mesh.colors.copy(), []
    for side, color in ((-1, BLUE), (1, GREEN)):
        lowest = np.where(mesh.vertices[:, 0] * side > 15, mesh.vertices[:, 2], np.inf)
        middle = mesh.vertices[int(lowest.argmin())]
        near = np.linalg.norm(mesh.vertices - middle, axis=1) < DOT_MM
        colors[near] = color
        middles.append(mesh.vertices[near].mean(axis=0))
    return Marked(replace(mesh, colors=colors), float(np.linalg.norm(middles[0] - middles[1])))


@cache
def lower() -> Mesh:
    return make_arch(Arch.LOWER, seed=3, faces=16_000)


@pytest.fixture
def case(transactional_db: None, world: World) -> Case:
    """Both jaws in occlusion, in colour, as exocad exports them."""
    order = "2026-03-02_00042-001"
    files = {f"{order}/upper.ply": writers.ply(marked_upper().mesh), f"{order}/lower.ply": writers.ply(lower())}
    hand_over(world.ours, {"export.zip": zip_of(files)})
    found: Case = Case.objects.get()
    uppers, lowers = (found.scans.get(category=category) for category in ("SCAN_UPPER", "SCAN_LOWER"))
    known = {"kind": Occlusion.Kind.AS_EXPORTED, "upper": uppers, "lower": lowers, "lower_to_upper": IDENTITY}
    Occlusion.objects.update_or_create(case=found, defaults=known)
    return found


@pytest.fixture
def open_viewer(live_server: LiveServer, case: Case) -> Callable[[Page], Page]:
    def opened(page: Page) -> Page:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/admin/login/?next=/admin/scans/pendingcase/{case.uuid}/viewer/")
        page.get_by_label("Username").fill("owner")
        page.get_by_label("Password").fill("owner-password")
        page.get_by_role("button", name="Log in").click()
        return page

    return opened


@pytest.fixture
def viewer(open_viewer: Callable[[Page], Page], page: Page) -> Page:
    open_viewer(page)
    expect(page.locator("[data-scan-viewer]")).to_have_attribute("data-state", "ready", timeout=30_000)
    expect(page.locator("[data-scan-viewer]")).to_have_attribute("data-kept", "ready")
    return page


def seen(page: Page) -> Pixels:
    """(H, W, 3) of the picture alone, after it was drawn."""
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    page.evaluate(OVERLAYS, True)
    image = Image.open(io.BytesIO(page.locator("[data-viewer-canvas]").screenshot()))
    page.evaluate(OVERLAYS, False)
    return np.asarray(image.convert("RGB")).astype(np.int16)


def warm(pixels: Pixels) -> NDArray[np.bool_]:
    """Where gum, enamel or stone is: the ground is grey and a little blue."""
    return pixels[..., 0] > pixels[..., 2] + 8


def middle_of(mask: NDArray[np.bool_]) -> dict[str, float]:
    rows, columns = np.nonzero(mask)
    assert len(rows) > 4
    return {"x": float(columns.mean()), "y": float(rows.mean())}


def blue(pixels: Pixels) -> NDArray[np.bool_]:
    return (pixels[..., 2] > 90) & (pixels[..., 2] > 1.8 * pixels[..., 0]) & (pixels[..., 2] > 1.8 * pixels[..., 1])


def green(pixels: Pixels) -> NDArray[np.bool_]:
    return (pixels[..., 1] > 90) & (pixels[..., 1] > 1.8 * pixels[..., 0]) & (pixels[..., 1] > 1.8 * pixels[..., 2])


def slide(page: Page, name: str, value: float) -> None:
    page.get_by_label(name).fill(str(value))


def test_two_jaws_are_drawn_in_colour_and_a_toggle_hides_one(viewer: Page) -> None:
    both = warm(seen(viewer))
    height = both.shape[0]
    assert both[: height // 2].sum() > 15_000
    assert both[height // 2 :].sum() > 15_000

    viewer.get_by_label("Lower", exact=True).uncheck()
    upper_only = warm(seen(viewer))
    assert upper_only.sum() < 0.7 * both.sum()
    viewer.get_by_label("Upper", exact=True).uncheck()
    assert warm(seen(viewer)).sum() == 0

    viewer.get_by_label("Upper", exact=True).check()
    viewer.get_by_label("Lower", exact=True).check()
    assert abs(int(warm(seen(viewer)).sum()) - int(both.sum())) < 50


def test_the_model_fills_the_picture(viewer: Page) -> None:
    rows, columns = np.nonzero(warm(seen(viewer)))
    height, width = seen(viewer).shape[:2]
    assert max(np.ptp(rows) / height, np.ptp(columns) / width) > 0.8
    assert columns.min() > 5
    assert columns.max() < width - 5


def test_colours_can_be_turned_off(viewer: Page) -> None:
    def gum(pixels: Pixels) -> int:
        return int((pixels[..., 0] - pixels[..., 1] > 45).sum())

    assert gum(seen(viewer)) > 10_000
    viewer.get_by_label("Colours").uncheck()
    assert gum(seen(viewer)) == 0
    viewer.get_by_label("Colours").check()
    assert gum(seen(viewer)) > 10_000


def test_a_jaw_can_be_made_to_shine_through(viewer: Page) -> None:
    before = seen(viewer)
    slide(viewer, "Opacity of Upper", 30)
    assert np.abs(seen(viewer) - before).sum(axis=2).mean() > 5


def test_the_five_views_are_different_and_an_occlusal_view_shows_its_jaw_alone(viewer: Page) -> None:
    pictures = {"Front": seen(viewer)}
    for name in ("Left", "Right", "Upper occlusal", "Lower occlusal"):
        viewer.get_by_role("button", name=name).click()
        pictures[name] = seen(viewer)
        for other in set(pictures) - {name}:
            assert np.abs(pictures[name] - pictures[other]).mean() > 2, (name, other)
        assert viewer.get_by_label("Upper", exact=True).is_checked() == (name != "Lower occlusal")
    assert viewer.get_by_label("Lower", exact=True).is_checked()
    # The patient's right is on the left, as on a photograph.
    viewer.get_by_role("button", name="Upper occlusal").click()
    below = seen(viewer)
    assert middle_of(green(below))["x"] < middle_of(blue(below))["x"]
    viewer.get_by_role("button", name="Front").click()
    assert viewer.get_by_label("Lower", exact=True).is_checked()


def test_the_jaw_opens(viewer: Page) -> None:
    def empty_rows_between(pixels: Pixels) -> int:
        rows = warm(pixels).any(axis=1)
        first, last = np.nonzero(rows)[0][[0, -1]]
        return int((~rows[first:last]).sum())

    assert empty_rows_between(seen(viewer)) == 0
    slide(viewer, "Jaw opening", 15)
    expect(viewer.locator("[data-viewer-jaw-says]")).to_have_text("15° · 23 mm")
    opened = seen(viewer)
    assert empty_rows_between(opened) > 10
    assert np.nonzero(warm(opened))[0].max() < opened.shape[0] - 5, "both jaws stay in the picture"


def test_a_section_takes_one_half_away_and_shows_where_it_cut(viewer: Page) -> None:
    before = warm(seen(viewer))
    viewer.get_by_label("Cut with a plane").check()
    cut = warm(seen(viewer))
    assert 0.3 < cut.sum() / before.sum() < 0.7
    viewer.get_by_label("Show the other half").check()
    assert np.abs(warm(seen(viewer)) ^ cut).mean() > 0.1
    viewer.get_by_role("button", name="Right").click()
    red = seen(viewer)
    assert ((red[..., 0] > 150) & (red[..., 1] < 60) & (red[..., 2] < 60)).sum() > 300
    slide(viewer, "Position", 10)
    expect(viewer.locator("[data-viewer-at-says]")).to_have_text("10.00 mm")


def test_the_contact_map_colours_the_arches_by_their_distance(viewer: Page) -> None:
    viewer.get_by_label("Contact map").check()
    expect(viewer.locator("[data-scan-viewer]")).to_have_attribute("data-map", "ready", timeout=30_000)
    expect(viewer.get_by_text("0 to 0.2 mm: contact")).to_be_visible()
    viewer.get_by_role("button", name="Lower occlusal").click()
    pixels = seen(viewer)
    red, green_, blue_ = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    assert ((red > 120) & (green_ > 0.8 * red) & (blue_ < 0.6 * red)).sum() > 50, "yellow: close"
    assert ((red > 120) & (green_ < 0.7 * red) & (blue_ < 0.4 * red)).sum() > 20, "vermilion: contact"
    assert ((blue_ > 150) & (red < 0.75 * blue_)).sum() > 50, "sky blue: near"
    viewer.get_by_label("Contact map").uncheck()
    expect(viewer.get_by_text("0 to 0.2 mm: contact")).to_be_hidden()


def measured(viewer: Page) -> float:
    viewer.get_by_role("button", name="Upper occlusal").click()
    viewer.get_by_role("button", name="Measure").click()
    pixels = seen(viewer)
    canvas = viewer.locator("[data-viewer-canvas]")
    canvas.click(position=middle_of(blue(pixels)))
    expect(viewer.get_by_text("Now the second point.")).to_be_visible()
    canvas.click(position=middle_of(green(pixels)))
    expect(viewer.get_by_text("Distance:")).to_be_visible()
    return float(viewer.locator("[data-viewer-measurements] li span").first.inner_text().removesuffix(" mm"))


def test_a_distance_is_the_distance_in_millimetres_and_is_kept(viewer: Page) -> None:
    assert measured(viewer) == pytest.approx(marked_upper().distance_mm, abs=0.4)
    expect(viewer.locator(".aw-viewer-mm")).to_be_visible()
    viewer.locator("[data-viewer-measurements]").get_by_role("button", name="Save").click()
    expect(viewer.get_by_text("Measurement saved.")).to_be_visible()
    assert Measurement.objects.get().distance_mm == pytest.approx(marked_upper().distance_mm, abs=0.4)
    viewer.reload()
    expect(viewer.locator("[data-viewer-measurements] li")).to_have_count(1)
    viewer.locator("[data-viewer-measurements]").get_by_role("button", name="Delete").click()
    expect(viewer.get_by_text("None yet. Press Measure")).to_be_visible()
    assert not Measurement.objects.exists()


def test_points_can_be_set_by_keyboard(viewer: Page) -> None:
    viewer.get_by_role("button", name="Upper occlusal").click()
    viewer.get_by_role("button", name="Measure").click()
    # The palate is in the middle; moved aside, another point of it is.
    for key in ("Enter", "Shift+ArrowRight", "Enter"):
        viewer.keyboard.press(key)
    expect(viewer.locator("[data-viewer-measurements] li")).to_have_count(1)
    viewer.keyboard.press("Escape")
    expect(viewer.get_by_role("button", name="Measure")).to_have_attribute("aria-pressed", "false")


def test_keys_steer_only_while_the_picture_has_the_focus(viewer: Page) -> None:
    before = seen(viewer)
    viewer.keyboard.press("4")
    viewer.keyboard.press("ArrowRight")
    assert np.array_equal(seen(viewer), before)
    viewer.locator("[data-viewer-canvas]").focus()
    viewer.keyboard.press("ArrowRight")
    turned = seen(viewer)
    assert np.abs(turned - before).mean() > 1
    viewer.keyboard.press("+")
    assert warm(seen(viewer)).sum() > warm(turned).sum()
    viewer.keyboard.press("4")
    expect(viewer.get_by_role("button", name="Upper occlusal")).to_have_attribute("aria-pressed", "true")
    viewer.keyboard.press("Escape")
    assert viewer.evaluate("document.activeElement.tagName") != "CANVAS"


def test_a_drag_turns_and_the_wheel_zooms(viewer: Page) -> None:
    before = seen(viewer)
    box = viewer.locator("[data-viewer-canvas]").bounding_box()
    assert box is not None
    viewer.mouse.move(box["x"] + 300, box["y"] + 300)
    viewer.mouse.down()
    viewer.mouse.move(box["x"] + 380, box["y"] + 320, steps=4)
    viewer.mouse.up()
    turned = seen(viewer)
    assert np.abs(turned - before).mean() > 1
    viewer.mouse.wheel(0, -300)
    assert warm(seen(viewer)).sum() > warm(turned).sum()


def test_a_snapshot_is_a_png_that_names_nobody(viewer: Page) -> None:
    with viewer.expect_download() as waiting:
        viewer.get_by_role("button", name="Snapshot").click()
    assert waiting.value.suggested_filename == "scan-view.png"
    image = Image.open(waiting.value.path())
    assert image.format == "PNG"
    assert warm(np.asarray(image.convert("RGB")).astype(np.int16)).sum() > 15_000


def test_a_finding_is_shown_where_it_is(viewer: Page) -> None:
    finding = viewer.locator("[data-finding]").first
    expect(viewer.locator(".aw-viewer-pin").first).to_be_visible()
    before = seen(viewer)
    finding.click()
    expect(finding).to_have_attribute("aria-pressed", "true")
    assert np.abs(seen(viewer) - before).mean() > 2


def test_a_view_is_saved_brought_back_and_deleted(viewer: Page) -> None:
    viewer.get_by_role("button", name="Right").click()
    viewer.get_by_label("Lower", exact=True).uncheck()
    wanted = seen(viewer)
    viewer.get_by_label("Name of this view").fill("From the right")
    viewer.get_by_role("button", name="Save view").click()
    expect(viewer.get_by_text("View saved.")).to_be_visible()
    assert SavedView.objects.get().created_by.username == "owner"

    viewer.reload()
    expect(viewer.locator("[data-scan-viewer]")).to_have_attribute("data-kept", "ready", timeout=30_000)
    viewer.get_by_role("button", name="From the right", exact=True).click()
    assert not viewer.get_by_label("Lower", exact=True).is_checked()
    assert np.abs(seen(viewer) - wanted).mean() < 1
    viewer.get_by_role("button", name="Delete: From the right").click()
    expect(viewer.get_by_text("None yet.", exact=True)).to_be_visible()
    assert not SavedView.objects.exists()


def test_an_earlier_case_stands_beside_the_new_one(
    viewer: Page, case: Case, world: World, live_server: LiveServer
) -> None:
    files = {"2025-01-02_7/upper.ply": writers.ply(make_arch(Arch.UPPER, seed=8, faces=9_000))}
    hand_over(world.ours, {"older.zip": zip_of(files)})
    earlier = Case.objects.exclude(pk=case.pk).get()
    viewer.goto(f"{live_server.url}/admin/scans/pendingcase/{case.uuid}/viewer/?with={earlier.uuid}")
    expect(viewer.locator("[data-scan-viewer]")).to_have_attribute("data-state", "ready", timeout=30_000)
    columns = warm(seen(viewer)).any(axis=0)
    edges = int((columns[1:] & ~columns[:-1]).sum())
    assert edges == 2, "two groups with room between them"
    viewer.get_by_label("Earlier scans").select_option("over")
    columns = warm(seen(viewer)).any(axis=0)
    assert int((columns[1:] & ~columns[:-1]).sum()) == 1


def test_a_scan_that_cannot_be_loaded_is_told_and_can_be_tried_again(
    open_viewer: Callable[[Page], Page], page: Page, quiet_page: list[str], case: Case
) -> None:
    lost = f"**/scans/{case.scans.get(category='SCAN_LOWER').uuid}/preview*"
    page.route(lost, lambda route: route.abort())
    open_viewer(page)
    expect(page.locator("[data-scan-viewer]")).to_have_attribute("data-state", "error", timeout=30_000)
    expect(page.get_by_text("These scans could not be loaded: Lower")).to_be_visible()
    assert warm(seen(page)).sum() > 15_000, "what came is shown"
    page.unroute(lost)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-scan-viewer]")).to_have_attribute("data-state", "ready", timeout=30_000)
    assert quiet_page == ["Failed to load resource: net::ERR_FAILED"]
    quiet_page.clear()


def test_a_lost_graphics_card_comes_back(viewer: Page, quiet_page: list[str]) -> None:
    before = seen(viewer)
    viewer.evaluate(
        """() => {
            const gl = document.querySelector("[data-viewer-canvas]").getContext("webgl2");
            window.loss = gl.getExtension("WEBGL_lose_context");
            window.loss.loseContext();
        }"""
    )
    expect(viewer.get_by_text("The graphics card took a break")).to_be_visible()
    viewer.evaluate("window.loss.restoreContext()")
    expect(viewer.get_by_text("The graphics card took a break")).to_be_hidden()
    assert np.abs(seen(viewer) - before).mean() < 1
    assert quiet_page == ["THREE.WebGLRenderer: Context Lost.", "THREE.WebGLRenderer: Context Restored."]
    quiet_page.clear()


def test_without_webgl_the_page_says_so_and_works(
    browser_type: BrowserType, open_viewer: Callable[[Page], Page]
) -> None:
    other = browser_type.launch(executable_path=BROWSER, args=[*ARGUMENTS, "--disable-3d-apis"])
    page = other.new_page()
    open_viewer(page)
    expect(page.locator("[data-scan-viewer]")).to_have_attribute("data-state", "nowebgl")
    expect(page.get_by_text("This browser cannot show scans in 3D.")).to_be_visible()
    expect(page.locator("[data-viewer-canvas]")).to_be_hidden()
    other.close()


def test_on_a_phone_everything_fits(viewer: Page) -> None:
    viewer.set_viewport_size({"width": 390, "height": 844})
    assert viewer.evaluate("document.documentElement.scrollWidth") <= 390
    columns = np.nonzero(warm(seen(viewer)))[1]
    assert columns.min() > 2
    assert columns.max() < seen(viewer).shape[1] - 3


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_everybody_can_use_it(viewer: Page, scheme: str, width: int) -> None:
    viewer.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    viewer.set_viewport_size({"width": width, "height": 900})
    for name in ("Contact map", "Cut with a plane"):
        viewer.get_by_label(name).check()
    expect(viewer.locator("[data-scan-viewer]")).to_have_attribute("data-map", "ready", timeout=30_000)
    found = Axe().run(viewer, context=".aw-viewer")
    assert found.response["violations"] == []
