"""What a scanner makes of a person: how the name is laid out and mistyped, what of the date and the number arrives.

Every change leaves its name as a trap of the case, so that the report can count by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from anyascii import anyascii

from patients.matching.identity import Identity
from patients.measurement.name_tables import SHORT_FORMS, TEST_NAMES
from patients.measurement.population import Person
from patients.measurement.slips import mistype, slip_of_date, swapped_day_and_month

_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "ø": "oe",
        "Ø": "Oe",
        "å": "aa",
        "Å": "Aa",
    }
)
_LAYOUTS = {
    "fields": 58,
    "surname_field_first_last": 10,
    "surname_field_last_first": 4,
    "surname_comma_first": 12,
    "dicom": 6,
    "swapped_fields": 4,
    "upper_case": 6,
}
_DATES = {
    "birth_date_exact": 66,
    "birth_date_missing": 22,
    "birth_date_as_text": 7,
    "birth_date_swapped": 1.5,
    "birth_date_slip": 2.5,
    "birth_date_of_relative": 0.5,
    "birth_date_wrong": 0.5,
}
_CHARTS = {
    "chart_exact": 52,
    "chart_reformatted": 10,
    "chart_missing": 32,
    "chart_slip": 3.5,
    "chart_of_relative": 1.5,
    "chart_of_another": 1,
}


@dataclass(frozen=True, slots=True)
class Case:
    """truth: the number of the registered person, or None when the right answer is nobody."""

    received: Identity
    truth: int | None
    traps: frozenset[str]
    complete: bool


@dataclass
class _Draft:
    given: list[str]
    surname: str
    suffix: str
    traps: set[str] = field(default_factory=set)


class Scanner:
    """Draws cases from a population; the same generator state draws the same cases."""

    def __init__(self, people: Sequence[Person], rng: Random) -> None:
        self._people = people
        self._rng = rng
        self._families: dict[int, list[Person]] = {}
        for person in people:
            self._families.setdefault(person.family, []).append(person)
        registered = [person for person in people if person.registered]
        self._registered = registered
        self._charts = [person.chart_number for person in registered if person.chart_number]
        self._trapped = [person for person in people if person.twin is not None or person.namesake]
        self._strangers = [person for person in people if not person.registered]

    def case(self) -> Case:
        rng = self._rng
        if rng.random() < 0.01:
            return self._test_case()
        groups = (self._registered, self._strangers, self._trapped)
        person = rng.choice(rng.choices(groups, (78, 14, 8))[0])
        draft = _Draft([word.latin for word in person.given], person.surname.latin, person.suffix)
        draft.traps.update(_facts(person))
        self._change_name(person, draft)
        born, born_text = self._birth_date(person, draft.traps)
        number_of = self._chart_number if person.registered else self._foreign_chart_number
        chart = number_of(person, draft.traps)
        received = self._laid_out(draft, Identity(birth_date=born, birth_date_text=born_text, chart_number=chart))
        return Case(
            received=received,
            truth=person.number if person.registered else None,
            traps=frozenset(draft.traps),
            complete=bool(born or born_text or chart),
        )

    def _test_case(self) -> Case:
        """A test patient with the number and the birth date of a real one, left by trying things out."""
        first, last = self._rng.choice(TEST_NAMES.split()).split("/")
        person = self._rng.choice(self._registered)
        received = Identity(first, last, birth_date=person.born, chart_number=person.chart_number)
        return Case(received, None, frozenset({"test_patient"}), complete=True)

    def _change_name(self, person: Person, draft: _Draft) -> None:
        self._choose_script(person, draft)
        self._choose_surname(person, draft)
        self._shorten(person, draft)
        self._respell(draft)
        self._mistype(draft)
        if self._rng.random() < 0.02:
            draft.traps.add("title")
            draft.given[0] = f"{self._rng.choice(('Dr.', 'Mr', 'Frau', 'Prof. Dr.'))} {draft.given[0]}"

    def _choose_script(self, person: Person, draft: _Draft) -> None:
        if any(word.native != word.latin for word in person.given) and self._rng.random() < 0.4:
            draft.traps.add("native_script")
            draft.given = [word.native for word in person.given]
            draft.surname = person.surname.native

    def _choose_surname(self, person: Person, draft: _Draft) -> None:
        rng = self._rng
        if person.maiden_name and rng.random() < 0.12:
            draft.traps.add("maiden_name")
            draft.surname = person.maiden_name.latin
        parts = draft.surname.replace("-", " ").split()
        if len(parts) == 2 and rng.random() < 0.25:
            draft.traps.add("half_surname")
            draft.surname = parts[0]
        if draft.suffix and rng.random() < 0.4:
            draft.traps.add("suffix_dropped")
            draft.suffix = ""

    def _shorten(self, person: Person, draft: _Draft) -> None:
        rng = self._rng
        if len(draft.given) > 1 and rng.random() < 0.5:
            draft.traps.add("middle_name_cut")
            draft.given[1:] = rng.choice(([], [draft.given[1][:1] + "."]))
        short_forms = SHORT_FORMS.get(person.given[0].latin, "").split()
        if short_forms and rng.random() < 0.12:
            draft.traps.add("nickname")
            draft.given = [rng.choice(short_forms)]
        elif rng.random() < 0.015:
            draft.traps.add("initial")
            draft.given = [draft.given[0][:1] + "."]

    def _respell(self, draft: _Draft) -> None:
        rng = self._rng
        text = " ".join((*draft.given, draft.surname))
        if text.isascii() or "native_script" in draft.traps:
            return
        if rng.random() < 0.35:
            draft.traps.add("accents_stripped")
            draft.given, draft.surname = [anyascii(word) for word in draft.given], anyascii(draft.surname)
        elif rng.random() < 0.3 and text != text.translate(_GERMAN):
            draft.traps.add("transliterated")
            draft.given = [word.translate(_GERMAN) for word in draft.given]
            draft.surname = draft.surname.translate(_GERMAN)

    def _mistype(self, draft: _Draft) -> None:
        rng = self._rng
        if rng.random() < 0.04:
            draft.traps.add("surname_mistyped")
            draft.surname = mistype(draft.surname, rng)
        if rng.random() < 0.03 and len(draft.given[0]) > 2:
            draft.traps.add("first_name_mistyped")
            draft.given[0] = mistype(draft.given[0], rng)

    def _birth_date(self, person: Person, traps: set[str]) -> tuple[date | None, str]:
        kind = self._draw(_DATES, traps)
        born: date | None = person.born
        if kind == "birth_date_as_text":
            written = self._rng.choice(("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y%m%d", "%d.%m.%y", "%m-%d-%Y"))
            return None, person.born.strftime(written)
        if kind == "birth_date_missing":
            born = None
        elif kind == "birth_date_swapped":
            born = swapped_day_and_month(person.born)
        elif kind == "birth_date_slip":
            born = slip_of_date(person.born, self._rng)
        elif kind == "birth_date_of_relative":
            born = self._rng.choice(self._families[person.family]).born
        elif kind == "birth_date_wrong":
            born = person.born + timedelta(days=self._rng.randint(40, 9000))
        return born, ""

    def _chart_number(self, person: Person, traps: set[str]) -> str:
        kind, number = self._draw(_CHARTS, traps), person.chart_number
        if kind == "chart_reformatted" and number:
            return self._rng.choice(
                (f"00{number}", f"P{number}", f"P-{number}", f" {number} ", f"{number[:2]} {number[2:]}")
            )
        if kind == "chart_slip" and number:
            return mistype(number, self._rng)
        if kind == "chart_of_relative":
            return self._rng.choice(self._families[person.family]).chart_number
        if kind == "chart_of_another":
            return self._rng.choice(self._charts)
        return "" if kind == "chart_missing" else number

    def _foreign_chart_number(self, person: Person, traps: set[str]) -> str:
        """Somebody not registered: no number, a relative's, or another office's, which may be a patient's here."""
        kind = self._draw({"chart_missing": 60, "chart_of_relative": 4, "chart_of_another_office": 36}, traps)
        if kind == "chart_missing":
            return ""
        if kind == "chart_of_relative":
            return self._rng.choice(self._families[person.family]).chart_number
        return str(self._rng.randint(9_000, 30_000))

    def _draw(self, kinds: Mapping[str, float], traps: set[str]) -> str:
        kind = self._rng.choices(list(kinds), list(kinds.values()))[0]
        traps.add(kind)
        return kind

    def _laid_out(self, draft: _Draft, rest: Identity) -> Identity:
        given, surname = " ".join(draft.given), f"{draft.surname} {draft.suffix}".strip()
        first, last, full = {
            "fields": (given, surname, ""),
            "surname_field_first_last": ("", f"{given} {surname}", ""),
            "surname_field_last_first": ("", f"{draft.surname} {given}", ""),
            "surname_comma_first": ("", "", f"{surname}, {given}"),
            "dicom": ("", "", f"{draft.surname}^{given}^^^{draft.suffix}"),
            "swapped_fields": (surname, given, ""),
            "upper_case": (given.upper(), surname.upper(), ""),
        }[self._draw(_LAYOUTS, draft.traps)]
        return Identity(first, last, full, rest.birth_date, rest.birth_date_text, rest.chart_number)


def _facts(person: Person) -> set[str]:
    facts = {
        "twin": person.twin is not None,
        "namesake": person.namesake,
        "not_registered": not person.registered,
        "suffix": bool(person.suffix),
        "married_since_registered": person.registered_maiden,
    }
    return {name for name, is_so in facts.items() if is_so}
