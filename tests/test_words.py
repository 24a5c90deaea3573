"""Every word that people read is in the catalog, and every catalog is complete."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from config import sentences
from patients.verbs import VERBS
from scans.said import KNOWN, said
from scans.wait_reasons import WAIT_REASONS

ROOT = Path(settings.BASE_DIR)
CATALOGS = sorted((ROOT / "config" / "locale").rglob("*.po"))
OURS = ("config", "integrations", "patients", "scans")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
LITERAL = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""


@pytest.fixture(params=CATALOGS, ids=lambda path: path.parent.parent.name)
def catalog(request: pytest.FixtureRequest) -> polib.POFile:
    return polib.pofile(request.param)


@pytest.fixture
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


def test_there_is_a_catalog_for_every_language_but_english() -> None:
    languages = {code.partition("-")[0] for code, _ in settings.LANGUAGES}
    assert {path.parent.parent.name for path in CATALOGS} == languages - {"en"}


def test_everything_is_translated_and_nothing_guessed(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy or entry.obsolete] == []


def test_what_stands_in_the_gaps_stays(catalog: polib.POFile) -> None:
    differing = [
        entry.msgid
        for entry in catalog
        for told in [entry.msgstr, *entry.msgstr_plural.values()]
        if told and _gaps(told) != _gaps(entry.msgid)
    ]
    assert differing == []


def _gaps(text: str) -> list[str]:
    """The named gaps, and how many stand in order: a translation may number these to turn them round."""
    named = re.findall(r"%\(\w+\)[sd]", text)
    nameless = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None and "%(" not in text]
    return sorted([*named, *("{}" for _ in nameless)])


def test_sentences_begin_and_end_alike(catalog: polib.POFile) -> None:
    """A space or a full stop that is lost shows where two sentences stand side by side."""
    ends = [(entry.msgid, entry.msgstr) for entry in catalog if entry.msgstr]
    assert [one for one, other in ends if one.endswith(".") != other.endswith(".")] == []
    assert [one for one, other in ends if one.startswith(" ") != other.startswith(" ")] == []


def test_what_is_compiled_is_what_is_written(catalog: polib.POFile) -> None:
    compiled = polib.mofile(str(Path(catalog.fpath).with_suffix(".mo")))
    written = polib.POFile()
    written.extend(catalog)
    assert {_pair(entry) for entry in compiled} == {_pair(entry) for entry in written}


def _pair(entry: polib.POEntry | polib.MOEntry) -> tuple[object, ...]:
    return entry.msgctxt, entry.msgid, entry.msgstr, tuple(sorted(entry.msgstr_plural.items()))


def test_every_marked_word_is_in_the_catalog(catalog: polib.POFile) -> None:
    """And the other way round, so that nothing is kept that nobody reads."""
    assert set(_marked()) == {entry.msgid for entry in catalog}


def _marked() -> Iterator[str]:
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _marked_in_code(path.read_text(encoding="utf-8"))
    templates = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for app in OURS for path in (ROOT / app).rglob("*.html")),
    ]
    for path in templates:
        yield from _marked_in_template(path.read_text(encoding="utf-8"))


def _marked_in_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield first.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "npgettext_lazy":
            yield ast.literal_eval(node.args[1])


def _marked_in_template(source: str) -> Iterator[str]:
    for found in re.finditer(rf"(?<![A-Za-z])(?:_|gettext|ngettext)\(\s*u?({LITERAL})", templatize(source)):
        yield ast.literal_eval(found[1]).replace("%%", "%")


def test_sentences_of_pure_code_are_gathered() -> None:
    """`make words` renews `scans/sentences.py`."""
    assert sentences.TARGET.read_text(encoding="utf-8") == sentences.module()


def test_tables_of_sentences_are_known() -> None:
    assert set(WAIT_REASONS.values()) <= KNOWN


def test_every_deed_of_the_trail_has_words() -> None:
    subjects = "|".join({verb.partition(".")[0] for verb in VERBS})
    codes = re.compile(rf'"((?:{subjects})\.(?!view_|change_)[a-z_]+)"')
    sources = [
        path for app in OURS for path in (ROOT / app).rglob("*.py") if path.name in AUDITED or "services" in path.parts
    ]
    assert {code for path in sources for code in codes.findall(path.read_text(encoding="utf-8"))} <= set(VERBS)


AUDITED = {"admin.py", "services.py", "audit.py", "tokens.py"}


def test_a_sentence_is_told_in_the_language_of_the_reader(german: None) -> None:
    assert said("The surname is the same.") == "Der Nachname ist gleich."
    assert said("This is no 7z archive. Please create the archive again.") == (
        "Das ist kein 7z-Archiv. Bitte erstellen Sie das Archiv neu."
    )


def test_values_in_a_sentence_are_told_too(german: None) -> None:
    assert said("No scan of the upper jaw. Ask for a rescan now.").startswith("Kein Scan vom Oberkiefer.")
    assert said("left bite 2 of the same case: the only upper scan; the latest of 2 lower scans") == (
        "linker Biss 2 desselben Falls: der einzige Scan (Oberkiefer); der letzte von 2 Scans (Unterkiefer)"
    )
    assert said("the name is named “ok”: the upper jaw and bite").endswith(": Oberkiefer und Biss")


def test_numbers_and_days_in_a_sentence_are_written_as_here(german: None) -> None:
    assert "2,5 mm" in said(
        "Beside its edge the scan has a large opening, about 2.5 mm across: see whether a part is missing."
    )
    assert said("the shape of the teeth says upper (97%); there is no palate").endswith("(97\u00a0%); ein Gaumen fehlt")
    assert "Fassung 2.4" in said("The order, version 2.4: names the patient and the scans.")
    assert "04.03.2026" in said("All of this is here already, received on 2026-03-04; the case is waiting.")


def test_what_nobody_wrote_stays_as_it_is(german: None) -> None:
    assert said("May Marsh, 3.5 upper") == "May Marsh, 3.5 upper"
    assert said("") == ""


def test_english_is_told_as_it_is_stored() -> None:
    with translation.override("en-us"):
        assert said("The surname is the same.") == "The surname is the same."
