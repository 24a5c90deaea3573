"""The README shows every page of the front desk; `make pictures` takes the pictures anew."""

from pathlib import Path

PAGES = ("home", "queue", "case", "viewer", "upload")


def test_every_page_has_its_picture_and_the_readme_shows_it() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    for name in PAGES:
        picture = Path(__file__).parent / "pictures" / f"{name}.png"
        assert picture.read_bytes().startswith(b"\x89PNG"), name
        assert f"tests/e2e/pictures/{name}.png" in readme, name
