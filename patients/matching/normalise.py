"""The forms of a word of a name that are compared: as written, respelt, as heard, and its consonants."""

import re
from functools import lru_cache

from anyascii import anyascii

from patients.matching.name_tables import HANGUL_SURNAMES, HANGUL_SYLLABLES, SOUND_RULES, SPELLING_RULES

_NO_LETTER = re.compile(r"[^a-z]+")
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]")
_HANGUL = re.compile(r"[가-힣]+")
_NO_SPACES = re.compile(r"[가-힣]{2,5}|[一-鿿]{2,4}")

_CACHE = 1 << 16


def is_unspaced_script(word: str) -> bool:
    """Whether the word is a whole name in Hangul or Han characters, which are written without a space."""
    return _NO_SPACES.fullmatch(word) is not None


@lru_cache(maxsize=_CACHE)
def plain(word: str) -> str:
    """Latin small letters only: accents off, other scripts transliterated ("Ünsal" -> "unsal")."""
    if _HANGUL.fullmatch(word):
        word = HANGUL_SURNAMES.get(word) or "".join(HANGUL_SYLLABLES.get(syllable, syllable) for syllable in word)
    latin = anyascii(word.replace("ου", "ou").replace("ού", "ou"))
    return _NO_LETTER.sub("", latin.lower())


@lru_cache(maxsize=_CACHE)
def fold(word: str) -> str:
    """One spelling for the ways one name is written: ue/ü, oe/ø, j/y/i, double letters.

    Takes and returns plain letters. Lossy on purpose: equal folds mean "the same name, spelt another way".
    """
    for written, common in SPELLING_RULES:
        word = word.replace(written, common)
    return _REPEATED.sub(r"\1", word)


@lru_cache(maxsize=_CACHE)
def sound(word: str) -> str:
    """The folded word as heard. Vowels stay: Maria, Mario and Marie are three people."""
    heard = fold(word)
    for pattern, replacement in SOUND_RULES:
        heard = heard.replace(pattern, replacement)
    return _REPEATED.sub(r"\1", heard.rstrip("h") or heard)


@lru_cache(maxsize=_CACHE)
def skeleton(word: str) -> str:
    """First letter and consonants of the sound: coarse, to find candidates, never to judge them."""
    heard = sound(word)
    return heard[:1] + _REPEATED.sub(r"\1", _VOWELS.sub("", heard[1:]).replace("h", ""))
