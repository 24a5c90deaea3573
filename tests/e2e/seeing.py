"""What a page must be for everybody: fields with labels, headings in order, text that can be read, nothing cut off."""

from pathlib import Path

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("seeing.js").read_text(encoding="utf-8")
MODES = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390), "dark phone": ("dark", 390)}


def faults_in_every_mode(page: Page, pictures: Path) -> list[str]:
    """Looks at a page in light and dark, on a desk and on a phone, and leaves a picture of each."""
    found = []
    for mode, (scheme, width) in MODES.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        page.screenshot(path=pictures / f"{mode}.png", full_page=True)
        found += [f"{mode}: {fault}" for fault in page.evaluate(FAULTS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
