"""The made-up clinic has the people that make matching hard."""

from collections import Counter

from scans.synthetic.people import BY_CHART, PEOPLE


def test_thirty_people_with_their_own_chart_and_jaws() -> None:
    assert len(PEOPLE) == len(BY_CHART) == len({person.seed for person in PEOPLE}) == 30


def test_exactly_two_are_namesakes_with_different_birth_dates() -> None:
    names = Counter(person.full_name for person in PEOPLE)
    (name,) = [name for name, count in names.items() if count > 1]
    first, second = (person for person in PEOPLE if person.full_name == name)
    assert first.birth_date != second.birth_date


def test_a_father_and_a_son() -> None:
    father, son = BY_CHART["A-1008"], BY_CHART["A-1009"]
    assert son.last_name == f"{father.last_name} Jr."
    assert son.birth_date.year - father.birth_date.year > 18


def test_some_names_are_not_ascii() -> None:
    assert sum(not person.full_name.isascii() for person in PEOPLE) >= 5
    assert BY_CHART["A-1006"].surname_first == "Müller-Ångström, Zoë"
