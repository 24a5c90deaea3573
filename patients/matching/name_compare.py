"""Two names against each other: which parts agree, and how much that is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from patients.matching.codes import Code, GivenCode, NameCode, NameStrength, SurnameCode
from patients.matching.likeness import Likeness, Nickname, is_initial_of, likeness, nickname
from patients.matching.name_tables import COMMON_LEADING_NAMES, SAME_SUFFIXES
from patients.matching.names import PersonName, Words, core
from patients.matching.weights import POINTS

_CACHE = 1 << 16

_SURNAME_CODES = {
    Likeness.EQUAL: SurnameCode.EQUAL,
    Likeness.SPELLING: SurnameCode.SPELLING,
    Likeness.SOUND: SurnameCode.SOUND,
    Likeness.TRANSPOSED: SurnameCode.SLIP,
    Likeness.SLIP: SurnameCode.SLIP,
    Likeness.CLOSE: SurnameCode.SLIP,
}
_GIVEN_CODES = {
    Likeness.EQUAL: GivenCode.EQUAL,
    Likeness.SPELLING: GivenCode.SPELLING,
    Likeness.SOUND: GivenCode.SOUND,
    Likeness.TRANSPOSED: GivenCode.TRANSPOSED,
    Likeness.SLIP: GivenCode.SLIP,
    Likeness.CLOSE: GivenCode.CLOSE,
    Likeness.NONE: GivenCode.DIFFERENT,
}
_SURE_SURNAMES = frozenset({SurnameCode.EQUAL, SurnameCode.SPELLING, SurnameCode.SOUND})
_STRONG_GIVEN = frozenset(
    {GivenCode.EQUAL, GivenCode.SPELLING, GivenCode.SOUND, GivenCode.NICKNAME, GivenCode.TRANSPOSED}
)
# Not SLIP: Marina and Martina may be twins, and a family may share a chart number.
_COMPATIBLE_GIVEN = frozenset({GivenCode.AMBIGUOUS_NICKNAME, GivenCode.MIDDLE, GivenCode.LEADING, GivenCode.INITIAL})

# A Jr on one side only tells that there is a Sr of the same name, who may be meant.
_DOUBTS = frozenset({NameCode.MIDDLE_DIFFERENT, NameCode.SUFFIX_ONE_SIDED})


class _Roles(Enum):
    """Whether it is known which word is the surname: by both names, by one, or by none or in contradiction."""

    STATED = auto()
    STATED_ONCE = auto()
    OPEN = auto()


# A word too many in the surname may be a first name where the cut is ours: "Han Soo-min" is not Min-jun Han.
_STRONG_SURNAMES = {
    _Roles.STATED: _SURE_SURNAMES | {SurnameCode.SLIP, SurnameCode.PART},
    _Roles.STATED_ONCE: _SURE_SURNAMES | {SurnameCode.SLIP},
    _Roles.OPEN: _SURE_SURNAMES,
}


@dataclass(frozen=True, slots=True)
class NameAgreement:
    """codes: surname, first name, then what else; points: their sum."""

    codes: tuple[Code, ...]
    points: float
    strength: NameStrength


_POINTS_OF_EQUAL_NAMES = POINTS[SurnameCode.EQUAL] + POINTS[GivenCode.EQUAL]

NO_NAME = NameAgreement((NameCode.MISSING,), POINTS[NameCode.MISSING], NameStrength.WEAK)


def compare_names(received: tuple[PersonName, ...], known: tuple[PersonName, ...]) -> NameAgreement:
    """The best agreement of any name of the one with any name of the other (maiden names, aliases)."""
    if not received or not known:
        return NO_NAME
    best = NO_NAME
    for (mine, one), (theirs, other) in product(enumerate(received), enumerate(known)):
        found = _compare(one, other, alias=bool(mine or theirs))
        if best is NO_NAME or found.points > best.points:
            best = found
    return best


def _compare(one: PersonName, other: PersonName, *, alias: bool) -> NameAgreement:
    extra = _suffixes(one.suffix, other.suffix)
    if alias:
        extra = (NameCode.ALIAS, *extra)
    best = max(_comparisons(one.readings, other.readings))
    if one.ordered and other.ordered and best.points < _POINTS_OF_EQUAL_NAMES:
        turned = max((*_comparisons(_turned(one), other.readings), *_comparisons(one.readings, _turned(other))))
        if turned.points + POINTS[NameCode.SWAPPED] > best.points:
            best, extra = turned, (NameCode.SWAPPED, *extra)
    return _agreement(best, extra, _roles(one, other, extra))


def _roles(one: PersonName, other: PersonName, extra: tuple[Code, ...]) -> _Roles:
    if NameCode.SWAPPED in extra or not (one.ordered or other.ordered):
        return _Roles.OPEN
    return _Roles.STATED if one.ordered and other.ordered else _Roles.STATED_ONCE


def _turned(name: PersonName) -> tuple[tuple[Words, Words], ...]:
    return ((name.family, name.given),)


class _Compared(NamedTuple):
    """One way to read two names against each other; the most points come last in order."""

    points: float
    surname: SurnameCode
    given: GivenCode
    middle_differs: bool


def _comparisons(
    readings: tuple[tuple[Words, Words], ...], others: tuple[tuple[Words, Words], ...]
) -> Iterator[_Compared]:
    for (given, family), (other_given, other_family) in product(readings, others):
        surname = compare_surnames(family, other_family)
        code, middle_differs = compare_given_names(given, other_given)
        points = POINTS[surname] + POINTS[code] + (POINTS[NameCode.MIDDLE_DIFFERENT] if middle_differs else 0.0)
        yield _Compared(points, surname, code, middle_differs)


def _agreement(compared: _Compared, extra: tuple[Code, ...], roles: _Roles) -> NameAgreement:
    if compared.middle_differs:
        extra = (NameCode.MIDDLE_DIFFERENT, *extra)
    codes: tuple[Code, ...] = (compared.surname, compared.given, *extra)
    return NameAgreement(codes, sum(POINTS[code] for code in codes), _strength(codes, roles))


def _strength(codes: tuple[Code, ...], roles: _Roles) -> NameStrength:
    """What may be a first name in the surname's place must agree as well as a first name has to."""
    accepted = _STRONG_SURNAMES[roles]
    same_surname, same_given = not accepted.isdisjoint(codes), not _STRONG_GIVEN.isdisjoint(codes)
    if NameCode.SUFFIX_CONFLICT in codes or not (same_surname or roles is _Roles.STATED):
        return NameStrength.WEAK
    if same_given:
        return NameStrength.STRONG if same_surname and _DOUBTS.isdisjoint(codes) else NameStrength.COMPATIBLE
    maybe = same_surname and not _COMPATIBLE_GIVEN.isdisjoint(codes)
    return NameStrength.COMPATIBLE if maybe else NameStrength.WEAK


def _suffixes(one: str, other: str) -> tuple[NameCode, ...]:
    if one == other:
        return (NameCode.SUFFIX_EQUAL,) if one else ()
    if not one or not other:
        return (NameCode.SUFFIX_ONE_SIDED,)
    return () if frozenset({one, other}) in SAME_SUFFIXES else (NameCode.SUFFIX_CONFLICT,)


@lru_cache(maxsize=_CACHE)
def compare_surnames(one: Words, other: Words) -> SurnameCode:
    """Symmetric. Particles count only where the whole is joined: "de la Cruz", "Delacruz" and "Cruz" are one."""
    if not one or not other:
        return SurnameCode.MISSING
    short, long = sorted((core(one), core(other)), key=len)
    whole = likeness("".join(short), "".join(long))
    if whole < Likeness.EQUAL and len(one) + len(other) > len(short) + len(long):
        whole = max(whole, likeness("".join(one), "".join(other)))
    return _SURNAME_CODES[whole] if whole in _SURNAME_CODES else _compare_parts(short, long)


def _compare_parts(short: Words, long: Words) -> SurnameCode:
    """Double surnames, part by part."""
    pairs = _best_partners(short, long) if len(long) > 1 else []
    if not any(pairs):
        return SurnameCode.DIFFERENT
    if not all(pairs):
        return SurnameCode.ONE_PART
    return SurnameCode.PART if len(short) < len(long) else _SURNAME_CODES[min(pairs)]


def _best_partners(short: Words, long: Words) -> list[Likeness]:
    """For each word of the shorter, or of both if they are as long, how alike its nearest is."""
    found = [max(likeness(word, other) for other in long) for word in short]
    if len(short) == len(long):
        found += [max(likeness(word, other) for other in short) for word in long]
    return found


@lru_cache(maxsize=_CACHE)
def compare_given_names(one: Words, other: Words) -> tuple[GivenCode, bool]:
    """How the first names agree, and whether further names contradict. Symmetric."""
    if not one or not other:
        return GivenCode.MISSING, False
    if len(one) == len(other) == 1:
        return _first_names(one[0], other[0]), False
    whole = _joined_likeness(one, other)
    return (_GIVEN_CODES[whole], False) if whole >= Likeness.SOUND else _compare_several(one, other)


def _joined_likeness(one: Words, other: Words) -> Likeness:
    """Of "Anne Marie" and "Annemarie"; two equal initials prove nothing."""
    whole, other_whole = "".join(one), "".join(other)
    return likeness(whole, other_whole) if min(len(whole), len(other_whole)) > 1 else Likeness.NONE


def _compare_several(one: Words, other: Words) -> tuple[GivenCode, bool]:
    code = _first_names(one[0], other[0])
    if code in {GivenCode.DIFFERENT, GivenCode.CLOSE}:
        return (GivenCode.MIDDLE if _share_a_name(one, other) else code), False
    if one[0] in COMMON_LEADING_NAMES and code is GivenCode.EQUAL and (len(one) > 1) != (len(other) > 1):
        return GivenCode.LEADING, False
    return code, _middle_names_differ(one[1:], other[1:])


def _first_names(one: str, other: str) -> GivenCode:
    if len(one) == 1 or len(other) == 1:
        return GivenCode.INITIAL if is_initial_of(one, other) else GivenCode.DIFFERENT
    alike = likeness(one, other)
    if alike >= Likeness.SOUND:
        return _GIVEN_CODES[alike]
    short_form = nickname(one, other)
    if short_form is Nickname.SURE:
        return GivenCode.NICKNAME
    if short_form is Nickname.AMBIGUOUS:
        return GivenCode.AMBIGUOUS_NICKNAME
    return _GIVEN_CODES[alike]


def _share_a_name(one: Words, other: Words) -> bool:
    """Whether every name of the shorter is one of the longer; Soo-min and Sung-min are two people."""
    short, long = sorted((one, other), key=len)
    return min(map(len, short)) > 1 and min(_best_partners(short, long)) >= Likeness.SOUND


def _middle_names_differ(one: Words, other: Words) -> bool:
    """Whether both have further names and none of the one can be one of the other."""
    return bool(one and other) and not any(_compatible(a, b) for a, b in product(one, other))


def _compatible(one: str, other: str) -> bool:
    return likeness(one, other) > Likeness.NONE or is_initial_of(one, other) or nickname(one, other) > Nickname.NONE
