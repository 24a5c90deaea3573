"""Thirty patients of a clinic that does not exist. Any likeness is chance."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """`seed` grows this person's jaws."""

    first_name: str
    last_name: str
    birth_date: date
    chart_number: str
    seed: int

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def surname_first(self) -> str:
        return f"{self.last_name}, {self.first_name}"


_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("Elena", "Marchetti", "1987-03-14", "A-1001"),
    ("Tobias", "Lindqvist", "1979-11-02", "A-1002"),
    ("Aoife", "Brennan", "1993-06-21", "A-1003"),
    # Two people of one name: only birth date or chart number tells them apart.
    ("Anna", "Kowalska", "1984-05-09", "A-1004"),
    ("Anna", "Kowalska", "1996-12-17", "A-1005"),
    # Accents, which scanners drop.
    ("Zoë", "Müller-Ångström", "1990-02-28", "A-1006"),
    # Known as Bill.
    ("William", "Hargreave", "1968-08-30", "A-1007"),
    # Father and son.
    ("Miguel", "Santos Ferreira", "1962-01-19", "A-1008"),
    ("Miguel", "Santos Ferreira Jr.", "1994-07-05", "A-1009"),
    ("Priya", "Raghunathan", "1988-10-11", "A-1010"),
    ("Kenji", "Morisaki", "1975-04-03", "A-1011"),
    ("Adaeze", "Okonkwo", "2001-09-26", "A-1012"),
    ("Jonas", "Feldbacher", "1981-12-08", "A-1013"),
    ("Leila", "Farahani", "1992-03-30", "A-1014"),
    ("Mateo", "Quispe Rojas", "1999-05-16", "A-1015"),
    ("Sun-hee", "Baek", "1985-07-22", "A-1016"),
    ("Oleksandra", "Havrylenko", "1977-02-13", "A-1017"),
    ("Thabo", "Dlamini", "1970-06-06", "A-1018"),
    ("Céline", "Beaurepaire", "1989-11-25", "A-1019"),
    ("Emre", "Yıldırım", "1983-09-15", "A-1020"),
    ("Ngọc", "Trần", "1995-01-07", "A-1021"),
    ("Katarzyna", "Wróblewska", "1972-10-29", "A-1022"),
    ("Hamza", "El Idrissi", "1998-04-18", "A-1023"),
    ("Ingrid", "Solheim", "1965-12-31", "A-1024"),
    ("Dmitri", "Antonov", "1986-08-12", "A-1025"),
    ("Rosalind", "Achterberg", "1958-05-27", "A-1026"),
    ("Wei", "Zhao", "2003-02-20", "A-1027"),
    ("Noa", "Ben-Haim", "1991-06-14", "A-1028"),
    ("Siobhán", "O'Dowd", "1980-03-08", "A-1029"),
    ("Luca", "Bianchedi", "2008-10-01", "A-1030"),
)

PEOPLE: tuple[Person, ...] = tuple(
    Person(first, last, date.fromisoformat(birth), chart, seed=1000 + number)
    for number, (first, last, birth, chart) in enumerate(_ROWS)
)

BY_CHART: dict[str, Person] = {person.chart_number: person for person in PEOPLE}
