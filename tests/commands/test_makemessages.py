"""Gathering words for translation: `manage.py makemessages`, behind `make words`."""

from pathlib import Path

import polib
import pytest
from django.core.management import call_command


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """An application of one template, with a catalog that knows a sentence much like the one it says now."""
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "page.html").write_text('{% load i18n %}{% translate "Ask for a bite scan now." %}')
    kept = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    kept.parent.mkdir(parents=True)
    kept.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Ask for a bite scan soon."\nmsgstr "Bitten Sie bald um einen Bissscan."\n',
        encoding="utf-8",
    )
    return kept


def test_what_is_new_is_not_guessed_and_what_is_gone_is_not_kept(catalog: Path) -> None:
    call_command("makemessages", locale=["de"], verbosity=0)
    (entry,) = polib.pofile(str(catalog))
    assert (entry.msgid, entry.msgstr, entry.fuzzy, entry.occurrences) == ("Ask for a bite scan now.", "", False, [])


def test_gathering_again_changes_nothing(catalog: Path) -> None:
    call_command("makemessages", locale=["de"], verbosity=0)
    once = catalog.read_bytes()
    call_command("makemessages", locale=["de"], verbosity=0)
    assert catalog.read_bytes() == once
    assert b"POT-Creation-Date" not in once
