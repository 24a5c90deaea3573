"""A made-up town of patients: families with twins, fathers and sons of one name, namesakes, people not registered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from patients.matching.identity import Identity
from patients.measurement.name_tables import CLOSE_TWINS, FEMALE, LANGUAGE_SHARES, MALE, RARE_SURNAMES, SURNAMES

REFERENCE_DAY = date(2026, 1, 1)

_DAYS_A_YEAR = 365.25
_YOUNGEST_PATIENT = REFERENCE_DAY - timedelta(days=900)
_FIRST_CHART_NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Word:
    """A name in Latin letters and as its language writes it."""

    latin: str
    native: str


@dataclass(frozen=True, slots=True)
class Person:
    """chart_number and registered are the clinic's; maiden_name is empty unless the surname was changed.

    registered_maiden: the register still has the maiden name; known_maiden: it holds it as a further name.
    """

    number: int
    family: int
    language: str
    female: bool
    given: tuple[Word, ...]
    surname: Word
    born: date
    suffix: str = ""
    maiden_name: Word | None = None
    registered: bool = True
    registered_maiden: bool = False
    known_maiden: bool = False
    chart_number: str = ""
    twin: int | None = None
    namesake: bool = False


class Town:
    """Makes families until there are enough people; the same seed makes the same town."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._numbers = count()
        self._families = count()

    def people(self, size: int) -> list[Person]:
        people: list[Person] = []
        while len(people) < size:
            people.extend(self._family())
            if people and self._rng.random() < 0.03:
                people.append(self._namesake_of(self._rng.choice(people)))
        return [self._with_registration(person) for person in people]

    def _family(self) -> list[Person]:
        rng = self._rng
        language = rng.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))[0]
        family, surname = next(self._families), self._surname(language)
        born = REFERENCE_DAY - timedelta(days=int(rng.uniform(24, 85) * _DAYS_A_YEAR))
        father = self._person(family, language, surname, born, female=False)
        members = [father]
        if rng.random() < 0.8:
            members.append(self._mother(father))
        if rng.random() < 0.65:
            members.extend(self._children(father))
        return members

    def _mother(self, father: Person) -> Person:
        rng = self._rng
        own = self._surname(father.language)
        married = rng.random() < 0.7
        born = father.born + timedelta(days=int(rng.uniform(-5, 6) * _DAYS_A_YEAR))
        mother = self._person(father.family, father.language, father.surname if married else own, born, female=True)
        if not married:
            return mother
        still, noted = rng.random() < 0.12, rng.random() < 0.3
        return replace(mother, maiden_name=own, registered_maiden=still, known_maiden=noted and not still)

    def _children(self, father: Person) -> Iterator[Person]:
        rng = self._rng
        born = father.born + timedelta(days=int(rng.uniform(21, 40) * _DAYS_A_YEAR))
        for order in range(rng.choice((1, 1, 2, 2, 3))):
            if born > _YOUNGEST_PATIENT:
                return
            child = self._person(father.family, father.language, father.surname, born, female=rng.random() < 0.5)
            if order == 0 and rng.random() < 0.08:
                yield from self._junior_and_senior(father, child)
            elif rng.random() < 0.08:
                yield from self._twins(child)
            else:
                yield child
            born += timedelta(days=int(rng.uniform(1, 6) * _DAYS_A_YEAR))

    def _junior_and_senior(self, father: Person, child: Person) -> Iterator[Person]:
        suffix = self._rng.choice(("Jr", "Jr.", "II", "", ""))
        yield replace(child, female=False, given=father.given, suffix=suffix, namesake=True)

    def _twins(self, child: Person) -> Iterator[Person]:
        other = self._person(child.family, child.language, child.surname, child.born, female=self._rng.random() < 0.5)
        if self._rng.random() < 0.3:
            one, two = self._rng.choice(CLOSE_TWINS.split()).split("/")
            child, other = replace(child, given=(Word(one, one),)), replace(other, given=(Word(two, two),))
        if child.given[0] != other.given[0]:
            yield replace(other, twin=child.number)
            yield replace(child, twin=other.number)
        else:
            yield child

    def _namesake_of(self, person: Person) -> Person:
        stranger = self._person(
            next(self._families), person.language, person.surname, self._any_birth_date(), female=person.female
        )
        return replace(stranger, given=person.given, namesake=True)

    def _any_birth_date(self) -> date:
        return REFERENCE_DAY - timedelta(days=int(self._rng.uniform(4, 88) * _DAYS_A_YEAR))

    def _person(self, family: int, language: str, surname: Word, born: date, *, female: bool) -> Person:
        table = (FEMALE if female else MALE)[language]
        more = 0.35 if language == "es" else 0.2
        given = [self._pick(table)]
        if self._rng.random() < more and language != "ko":
            second = self._pick(table)
            given.extend([second] if second != given[0] else [])
        return Person(next(self._numbers), family, language, female, tuple(given), surname, born)

    def _surname(self, language: str) -> Word:
        word = self._rare_surname(language) or self._pick(SURNAMES[language])
        if language == "es" and self._rng.random() < 0.6:
            return _joined(word, self._pick(SURNAMES[language]), " ")
        if language in ("de", "en", "fr") and self._rng.random() < 0.05:
            return _joined(word, self._pick(SURNAMES[language]), "-")
        return word

    def _rare_surname(self, language: str) -> Word | None:
        """About half the people of the larger languages; the common names alone would make too many namesakes."""
        if language not in RARE_SURNAMES or self._rng.random() < 0.5:
            return None
        beginnings, endings = RARE_SURNAMES[language]
        name = self._rng.choice(beginnings.split()) + self._rng.choice(endings.split())
        return Word(name, name)

    def _pick(self, table: str) -> Word:
        """Names at the head of a table are the common ones, as in life (roughly Zipf)."""
        words = table.split()
        chosen = words[min(int(len(words) * self._rng.random() ** 1.6), len(words) - 1)].replace("~", " ")
        latin, _, native = chosen.partition("|")
        return Word(latin, native or latin)

    def _with_registration(self, person: Person) -> Person:
        rng = self._rng
        chart = str(_FIRST_CHART_NUMBER + person.number) if rng.random() < 0.96 else ""
        return replace(person, registered=rng.random() < 0.82, chart_number=chart)


def _joined(one: Word, other: Word, by: str) -> Word:
    return Word(f"{one.latin}{by}{other.latin}", f"{one.native}{by}{other.native}")


def registered_identity(person: Person, rng: Random) -> Identity:
    """The person as the clinic's register has them: well filled in, but for some birth dates and native scripts."""
    native = rng.random() < 0.3
    surname = person.maiden_name if person.registered_maiden and person.maiden_name else person.surname
    given = " ".join(_written(word, native=native) for word in person.given)
    other_names = ((given, _written(person.maiden_name, native=native)),) if _notes_maiden_name(person) else ()
    return Identity(
        first_name=given,
        last_name=f"{_written(surname, native=native)} {person.suffix}".strip(),
        birth_date=person.born if rng.random() < 0.97 else None,
        chart_number=person.chart_number,
        other_names=other_names,
    )


def _notes_maiden_name(person: Person) -> bool:
    return person.known_maiden and person.maiden_name is not None


def _written(word: Word | None, *, native: bool) -> str:
    if word is None:
        return ""
    return word.native if native else word.latin
