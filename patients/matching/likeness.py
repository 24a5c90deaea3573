"""How alike two words of a name are."""

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from patients.matching.nicknames import NAME_GROUPS
from patients.matching.normalise import fold, sound

_SHORTEST_WITH_SLIP = 3
_SHORTEST_SAFE = 5

# "Schwartz" and "Shvarz"; words further apart never sound the same, which spares working the sound out.
_MOST_LETTERS_OF_ONE_SOUND = 3
_SHORTEST_WITH_TWO_SLIPS = 8


class Likeness(IntEnum):
    """From nothing in common to the same letters.

    SLIP and TRANSPOSED are slips of the keyboard inside a word. CLOSE is one letter at either end or in a
    short word, where the change makes another name: Anna/Hanna, Paul/Paula, Lara/Lana, Christian/Christina.
    """

    NONE = 0
    CLOSE = 1
    SLIP = 2
    TRANSPOSED = 3
    SOUND = 4
    SPELLING = 5
    EQUAL = 6


class Nickname(IntEnum):
    NONE = 0
    AMBIGUOUS = 1
    SURE = 2


@lru_cache(maxsize=1 << 17)
def likeness(one: str, other: str) -> Likeness:
    """Symmetric. Takes plain letters."""
    if one == other:
        return Likeness.EQUAL
    short, long = sorted((fold(one), fold(other)), key=len)
    if short == long:
        return Likeness.SPELLING
    slips = OSA.distance(short, long, score_cutoff=_MOST_LETTERS_OF_ONE_SOUND)
    if slips > _MOST_LETTERS_OF_ONE_SOUND:
        return Likeness.NONE
    if sound(one) == sound(other):
        return Likeness.SOUND
    return _slips(short, long, slips) if len(short) >= _SHORTEST_WITH_SLIP else Likeness.NONE


def _slips(short: str, long: str, slips: int) -> Likeness:
    if slips > 2 or (slips == 2 and len(short) < _SHORTEST_WITH_TWO_SLIPS):
        return Likeness.NONE
    same_ends = short[0] == long[0] and short[-1] == long[-1]
    if slips == 2 or not same_ends or len(short) < _SHORTEST_SAFE:
        return Likeness.CLOSE
    return Likeness.TRANSPOSED if len(short) == len(long) and sorted(short) == sorted(long) else Likeness.SLIP


def is_initial_of(one: str, other: str) -> bool:
    """Whether one of the two is a single letter and begins the other."""
    return min(len(one), len(other)) == 1 and fold(one)[:1] == fold(other)[:1]


def nickname(one: str, other: str) -> Nickname:
    """Whether both words stand for one first name; ambiguous when either may also stand for another."""
    groups, other_groups = name_groups(one), name_groups(other)
    if not groups & other_groups:
        return Nickname.NONE
    return Nickname.SURE if max(len(groups), len(other_groups)) == 1 else Nickname.AMBIGUOUS


def name_groups(word: str) -> frozenset[int]:
    """Numbers of the lines of the nickname table the word stands on."""
    return _GROUPS.get(fold(word), frozenset())


def _index_groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(NAME_GROUPS):
        for word in line.split():
            groups.setdefault(fold(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


_GROUPS = _index_groups()
