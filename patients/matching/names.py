"""Reading a name however it came: two fields or one, "Surname, First", DICOM's "^", any order, any script."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from patients.matching.identity import Identity
from patients.matching.name_tables import (
    HANGUL_COMPOUND_SURNAMES,
    LEADING_TITLES,
    PARTICLES,
    SUFFIXES,
    TITLES,
    TRAILING_TITLES,
)
from patients.matching.normalise import is_unspaced_script, plain

Words = tuple[str, ...]

_ASIDES = re.compile(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|“[^”]*”")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
_SEPARATORS = re.compile(r"[\s\-‐‑–_./,;:+]+")
_SHORT_SUFFIX = re.compile(r"\b(jun|sen)\.", re.IGNORECASE)
_LONGEST_READING = 6


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as words of plain letters (see normalise.plain), the surname's particles included.

    ordered: the source says which words are the surname. If not, all words stand in `given` and
    `readings` holds every way to cut them; otherwise it holds the one cut (given, family).
    """

    given: Words
    family: Words
    suffix: str
    ordered: bool
    readings: tuple[tuple[Words, Words], ...]

    @property
    def words(self) -> Words:
        return self.given + self.family


def names_of(identity: Identity) -> tuple[PersonName, ...]:
    """The name and the further names of an identity; empty when there is none."""
    return _names(identity.first_name, identity.last_name, identity.full_name, identity.other_names)


def core(family: Words) -> Words:
    """The surname without von, de la, van der; all of it when it has nothing else."""
    return tuple(word for word in family if word not in PARTICLES) or family


@lru_cache(maxsize=1 << 16)
def _names(first: str, last: str, full: str, others: tuple[tuple[str, str], ...]) -> tuple[PersonName, ...]:
    found: list[PersonName] = []
    for name in (_parse(first, last, full), *(_parse(*other, "") for other in others)):
        if name.words and name not in found:
            found.append(name)
    return tuple(found)


def _parse(first: str, last: str, full: str) -> PersonName:
    first, last, full = (_tidy(text) for text in (first, last, full))
    if first and last:
        return _from_fields(first, last)
    return _from_text(last or first or full)


def _tidy(text: str) -> str:
    """Drop asides; of DICOM's name groups (Latin=ideographic=phonetic, PS3.5 6.2) take the first that is filled."""
    if text.isascii() and text.isalpha():
        return text
    text = unicodedata.normalize("NFC", text).strip()
    if "=" in text:
        text = next((group for group in text.split("=") if group.strip("^ ")), "")
    return _SHORT_SUFFIX.sub(r"\1ior", _ASIDES.sub(" ", text)).strip(" ,;")


def _from_fields(first: str, last: str) -> PersonName:
    whole = _from_text(last)
    if whole.ordered and whole.given:
        return whole
    given, family = _strip(_split(first)), _strip(_split(last))
    suffix = given[1] or family[1]
    return _ordered(given[0], _without_repeated(family[0], given[0]), suffix)


def _without_repeated(family: Words, given: Words) -> Words:
    """The surname where its field repeats the first name: ("John", "John Smith")."""
    size = len(given)
    if not size or len(family) <= size:
        return family
    if family[:size] == given:
        return family[size:]
    return family[:-size] if family[-size:] == given else family


def _from_text(text: str) -> PersonName:
    if "^" in text:
        family, given, middle, _prefix, suffix = (text.split("^") + [""] * 5)[:5]
        return _from_parts(f"{given} {middle}", family, suffix)
    head, comma, tail = text.partition(",")
    if comma:
        rest, suffix = _strip(_split(tail))
        # "John Smith, Jr." has no first name behind the comma.
        return _from_parts(tail, head, "") if rest or not suffix else _unordered(*_strip(_split(text)))
    if is_unspaced_script(text):
        size = 2 if text[:2] in HANGUL_COMPOUND_SURNAMES and len(text) > 2 else 1
        return _from_parts(text[size:], text[:size], "")
    return _unordered(*_strip(_split(text)))


def _from_parts(given: str, family: str, suffix: str) -> PersonName:
    given_words, given_suffix = _strip(_split(given))
    family_words, family_suffix = _strip(_split(family))
    own_suffix = SUFFIXES.get(plain(suffix) or suffix.strip().lower(), "")
    return _ordered(given_words, family_words, own_suffix or given_suffix or family_suffix)


def _ordered(given: Words, family: Words, suffix: str) -> PersonName:
    return PersonName(given, family, suffix, ordered=True, readings=((given, family),))


def _unordered(words: Words, suffix: str) -> PersonName:
    return PersonName(words, (), suffix, ordered=False, readings=tuple(_cuts(words[:_LONGEST_READING])))


def _cuts(words: Words) -> Iterator[tuple[Words, Words]]:
    if len(words) < 2:
        yield (), words
        yield words, ()
        return
    for size in range(1, len(words)):
        yield words[:size], words[size:]
        yield words[size:], words[:size]


def _split(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(_APOSTROPHES.sub("", text)) if word]


def _strip(raw: list[str]) -> tuple[Words, str]:
    """Plain words without titles and numbers, and the suffix. A name that is nothing but titles stays."""
    words: list[str] = []
    suffix = ""
    for position, word in enumerate(raw):
        key = word.lower()
        if key in SUFFIXES and not (key in LEADING_TITLES and position == 0 and len(raw) > 1):
            suffix = SUFFIXES[key]
        elif not _is_title(key, leading=not words) and (letters := plain(word)):
            words.append(letters)
    if words or suffix:
        return tuple(words), suffix
    return tuple(filter(None, map(plain, raw))), ""


def _is_title(key: str, *, leading: bool) -> bool:
    return key in TITLES or key in (LEADING_TITLES if leading else TRAILING_TITLES)
