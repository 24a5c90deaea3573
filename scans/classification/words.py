"""Reading a name word by word: which words tell an arch, a role, a side, and which are only somebody's name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from scans.classification.verdict import Arch, Role, Side
from scans.classification.vocabulary import (
    ABBREVIATIONS,
    FILLERS,
    FOLDERS,
    GLUED_ENDINGS,
    LOWER,
    NO_NAMES,
    ORDINALS,
    ROLES,
    SIDES,
    UPPER,
    WEAK_LOWER,
    WEAK_ROLES,
    WEAK_UPPER,
)

LONGEST_PHRASE = 3
INDEX_DIGITS = 2
"""A longer number is an order, a patient or a year, not the count of a repeated scan."""

CHUNK = re.compile(r"((?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01]))(?!\d)|\d+|[^\W\d_]+")
COPY = re.compile(r"\(\d{1,3}\)$")
"""Operating systems append " (4)" to a second download, Medit "_(3)" to a second export."""
SUFFIX = re.compile(r"(?<=.)\.[A-Za-z][A-Za-z0-9]{0,15}$|(?<=.)\.3ml$", re.IGNORECASE)


def fold(text: str) -> str:
    """Lower case without accents, whichever way the sender's system composes them (macOS sends NFD)."""
    # Turkish dotless i has no accent to take off: "kapanış" and "kapanis" must meet.
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i")
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


@dataclass(frozen=True, slots=True)
class Word:
    """`text` folded, `raw` as it stands in the stem from `start` on."""

    text: str
    raw: str
    start: int
    is_date: bool = False
    beside_comma: bool = False

    @property
    def is_number(self) -> bool:
        return self.text.isdecimal()

    @property
    def is_index(self) -> bool:
        return self.is_number and len(self.text) <= INDEX_DIGITS


@dataclass(frozen=True, slots=True)
class Meaning:
    arch: Arch = Arch.UNKNOWN
    role: Role = Role.UNKNOWN
    side: Side = Side.NONE
    weak: bool = False
    initial: bool = False  # a single letter: tells a side only beside a bite

    @property
    def tells(self) -> bool:
        return self.arch is not Arch.UNKNOWN or self.role is not Role.UNKNOWN


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: words[start:end]."""

    start: int
    end: int
    phrase: str
    meaning: Meaning


def stem_of(name: str) -> str:
    """The name without its ending and without what an operating system appended to a copy."""
    stem = unicodedata.normalize("NFC", SUFFIX.sub("", name))
    copy = COPY.search(stem)
    return (stem[: copy.start()].rstrip(" \t_-") if copy else stem) or stem


def words_of(stem: str) -> tuple[Word, ...]:
    """Split at everything that is no letter or digit, between letters and digits, and at humps (UpperJaw)."""
    return tuple(_beside_commas(stem, [word for match in CHUNK.finditer(stem) for word in _split(match)]))


def _split(match: re.Match[str]) -> Iterator[Word]:
    chunk, start = match.group(), match.start()
    if match.group(1):
        digits = re.sub(r"\D", "", chunk)
        yield Word(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}", chunk, start, is_date=True)
        return
    bounds = [0, *(at for at in range(1, len(chunk)) if _is_hump(chunk, at)), len(chunk)]
    for left, right in pairwise(bounds):
        yield from _unglue(Word(fold(chunk[left:right]), chunk[left:right], start + left))


def _is_hump(chunk: str, at: int) -> bool:
    before, here, after = chunk[at - 1], chunk[at], chunk[at + 1 : at + 2]
    return here.isupper() and (before.islower() or (before.isupper() and after.islower()))


def _unglue(word: Word) -> Iterator[Word]:
    for ending in GLUED_ENDINGS:
        cut = len(word.raw) - len(ending)
        if word.text.endswith(ending) and cut > 0 and len(word.text) == len(word.raw):
            yield Word(word.text[:cut], word.raw[:cut], word.start)
            yield Word(ending, word.raw[cut:], word.start + cut)
            return
    yield word


def _beside_commas(stem: str, words: Sequence[Word]) -> Iterator[Word]:
    """ "Bite, Max" is a surname and a first name: neither word tells anything."""
    for at, word in enumerate(words):
        before = words[at - 1].start + len(words[at - 1].raw) if at else 0
        after = words[at + 1].start if at + 1 < len(words) else len(stem)
        gaps = stem[before : word.start] + stem[word.start + len(word.raw) : after]
        yield replace(word, beside_comma=True) if "," in gaps else word


@lru_cache(maxsize=1)
def phrases() -> dict[tuple[str, ...], Meaning]:
    """The vocabulary, folded, by its words."""
    table: dict[tuple[str, ...], Meaning] = {}
    for text, meaning in _entries():
        for phrase in phrase_list(text):
            table[phrase] = replace(meaning, initial=len(phrase[0]) == 1 and phrase[0].isascii())
    return table


def _entries() -> Iterator[tuple[str, Meaning]]:
    for side, text in SIDES.items():
        yield text, Meaning(side=side)
    yield from ((text, Meaning(role=role)) for role, text in ROLES.items())
    yield from ((text, Meaning(role=role, weak=True)) for role, text in WEAK_ROLES.items())
    yield WEAK_UPPER, Meaning(Arch.UPPER, weak=True)
    yield WEAK_LOWER, Meaning(Arch.LOWER, weak=True)
    yield UPPER, Meaning(Arch.UPPER)
    yield LOWER, Meaning(Arch.LOWER)


def phrase_list(text: str) -> list[tuple[str, ...]]:
    return [tuple(fold(phrase).split()) for phrase in text.split(",") if phrase.strip()]


def _single_words(text: str) -> frozenset[str]:
    return frozenset(word for phrase in phrase_list(text) for word in phrase)


FILLER_WORDS = _single_words(FILLERS) | frozenset(ORDINALS)
FOLDER_WORDS = _single_words(FOLDERS) | FILLER_WORDS
NO_NAME_WORDS = _single_words(NO_NAMES) | FILLER_WORDS


def hits_in(words: Sequence[Word]) -> list[Hit]:
    found: list[Hit] = []
    at = 0
    while at < len(words):
        hit = _hit_at(words, at)
        if hit:
            found.append(hit)
        at = hit.end if hit else at + 1
    return found


def _hit_at(words: Sequence[Word], at: int) -> Hit | None:
    if words[at].raw in ABBREVIATIONS and not words[at].beside_comma:
        return Hit(at, at + 1, words[at].raw, Meaning(ABBREVIATIONS[words[at].raw], weak=True))
    for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        span = words[at : at + length]
        meaning = phrases().get(tuple(word.text for word in span))
        if meaning and not any(word.beside_comma for word in span):
            return Hit(at, at + length, " ".join(word.text for word in span), meaning)
    return None


@dataclass(frozen=True, slots=True)
class NameReading:
    """What a name tells.

    hits: the telling phrases that count: those at the end of the name, else at its start, else anywhere.
    doubtful: they stand among other words, so they may be part of somebody's name.
    key: the other words, folded; scans of one case share them. None when nothing in the name tells anything.
    label: the same words as they came.
    """

    words: tuple[Word, ...]
    hits: tuple[Hit, ...] = ()
    doubtful: bool = False
    key: tuple[str, ...] | None = None
    label: str = ""

    @property
    def index(self) -> int | None:
        """The small number right behind the telling words ("BiteScan 2"), or an ordinal."""
        for hit in self.hits:
            ordinal = next(
                (ORDINALS[word.text] for word in self.words[hit.start : hit.end + 1] if word.text in ORDINALS), None
            )
            if ordinal:
                return ordinal
        if not self.hits:
            return None
        rest = self.words[self.hits[-1].end :]
        number = next((word for word in rest if word.text not in FILLER_WORDS), None)
        return int(number.text) if number and number.is_index else None


def read_name(name: str) -> NameReading:
    """Scanners put their words at the end of a name, people put a patient's name at the start."""
    return _read_stem(stem_of(name))


@lru_cache(maxsize=8192)
def _read_stem(stem: str) -> NameReading:
    words = words_of(stem)
    hits = hits_in(words)
    known = _known(words, hits)
    for run in (_tail(known), _lead(known), range(len(words))):
        inside = [hit for hit in hits if hit.start in run and hit.end - 1 in run]
        if any(hit.meaning.tells for hit in inside):
            return _reading(stem, words, inside, run)
    return NameReading(words)


def _known(words: Sequence[Word], hits: Iterable[Hit]) -> list[bool]:
    known = [word.is_index or word.text in FILLER_WORDS for word in words]
    for hit in hits:
        known[hit.start : hit.end] = [True] * (hit.end - hit.start)
    return known


def _tail(known: Sequence[bool]) -> range:
    start = len(known)
    while start and known[start - 1]:
        start -= 1
    return range(start, len(known))


def _lead(known: Sequence[bool]) -> range:
    end = 0
    while end < len(known) and known[end]:
        end += 1
    return range(end)


def _reading(stem: str, words: tuple[Word, ...], hits: Sequence[Hit], run: range) -> NameReading:
    is_tail, is_lead = run.stop == len(words) and run.start > 0, run.start == 0 and run.stop < len(words)
    # A number in front of the telling words ("12_upper") may count patients: it stays in the key.
    start = min(hit.start for hit in hits)
    used = {at for hit in hits for at in range(hit.start, hit.end)} | {
        at for at in range(start, run.stop) if words[at].is_index or words[at].text in FILLER_WORDS
    }
    others = [word for at, word in enumerate(words) if at not in used and word.text not in FILLER_WORDS]
    everything = not is_tail and not is_lead
    in_words = bool(others) and not is_tail and not any(word.is_number or word.is_date for word in others)
    doubtful = in_words or (everything and any(not word.is_number and not word.is_date for word in others))
    before = others and others[-1].start < words[start].start
    label = stem[: words[start].start] if before else " ".join(word.raw for word in others)
    key = tuple(word.text for word in others)
    return NameReading(words, tuple(hits), doubtful, key, label.strip(" _-.#") if key else "")


def looks_like_name(text: str, *, words_needed: int = 1) -> bool:
    """Letters only, not a word of the trade: worth showing as a patient's name. Never proof of one."""
    words = words_of(text)
    if len(words) < words_needed or any(word.is_number or word.is_date for word in words):
        return False
    telling = [word for word in words if word.text not in NO_NAME_WORDS and (word.text,) not in phrases()]
    return bool(telling) and sum(len(word.text) for word in telling) > 1


def is_structural(folder: str) -> bool:
    """A folder that orders the files of one case ("Scans", "Upper", "STL"), not a case of its own."""
    if fold(folder).strip() in FOLDER_WORDS:
        return True
    words = words_of(folder)
    known = {at for hit in hits_in(words) for at in range(hit.start, hit.end)}
    return bool(words) and all(
        at in known or word.is_index or word.text in FOLDER_WORDS for at, word in enumerate(words)
    )
