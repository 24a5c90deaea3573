"""Slips of the keyboard, in names, numbers and dates."""

from datetime import date
from random import Random
from string import ascii_lowercase, digits

from patients.matching.dates import birth_date_variants


def mistype(text: str, rng: Random) -> str:
    """One letter or digit inserted, left out, replaced, or two swapped."""
    place = rng.randrange(len(text))
    other = rng.choice(digits if text[place].isdigit() else ascii_lowercase)
    kind = rng.choice(("insert", "delete", "replace", "swap"))
    if kind == "insert":
        return text[:place] + other + text[place:]
    if kind == "replace":
        return text[:place] + other + text[place + 1 :]
    if kind == "delete" and len(text) > 1:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def swapped_day_and_month(day: date) -> date:
    return day if day.day > 12 else day.replace(month=day.day, day=day.month)


def slip_of_date(day: date, rng: Random) -> date:
    """Any date a single slip away, or now and then two."""
    near = sorted(birth_date_variants(day) - {day})
    once = rng.choice(near)
    return rng.choice(sorted(birth_date_variants(once))) if rng.random() < 0.1 else once
