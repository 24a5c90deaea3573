"""What axe finds on our part of a page, in light and dark, on a desk and on a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.seeing import MODES


def axe_in_every_mode(page: Page, part: str = ".aw") -> list[tuple[str, str, str]]:
    """Mode, rule and element of every violation; also what is wider than the screen."""
    found = []
    for mode, (scheme, width) in MODES.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 844})
        # Colours on their way from light to dark are neither.
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((mode, "wider than the screen", page.url))
        for violation in Axe().run(page, context=part).response["violations"]:
            found.append((mode, violation["id"], violation["nodes"][0]["html"]))
    return found
