"""The questions asked of patients. `visible_to` is the tenancy wall: whatever leaves a service went through it."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any, NoReturn, Self

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.formats import get_format

from patients.matching.dates import read_birth_date


class ClinicRows(models.QuerySet[Any]):
    """Rows that belong to a clinic, directly or along the model's `clinic_path`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows of the clinics that the user is a member of: nothing for strangers, superusers no exception."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        path = getattr(self.model, "clinic_path", "clinic")
        return self.filter(**{f"{path}__in": user.memberships.values("clinic")})

    def of_clinic(self, clinic: models.Model) -> Self:
        return self.filter(**{getattr(self.model, "clinic_path", "clinic"): clinic.pk})


SEARCH_LENGTH = 100
SEARCH_WORDS = 8


def search_words(text: str) -> list[str]:
    """The words of a search, as many as make sense; nothing that a database could choke on."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:SEARCH_LENGTH])
    return printable.split()[:SEARCH_WORDS]


def days_meant(text: str) -> set[date]:
    """The days that a date typed in the person's language or as ISO can mean; none for what is no date."""
    days = set()
    for pattern in get_format("DATE_INPUT_FORMATS"):
        with suppress(ValueError):
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a birth date has no time zone
            days |= {day, *_century_before(day, pattern)}
    return days or set(read_birth_date(text))


def _century_before(day: date, pattern: str) -> set[date]:
    """Of two figures for the year both centuries: patients are old as well as young."""
    with suppress(ValueError):
        return {day.replace(year=day.year - 100)} if "%y" in pattern else set()
    return set()


class PatientQuerySet(ClinicRows):
    def search(self, words: str) -> Self:
        """Patients whose names, other names, chart number or birth date hold every word, in any order."""
        days = days_meant(words.strip())
        if days and " " in words.strip():
            return self.filter(birth_date__in=days)
        found = self
        for word in search_words(words.replace(",", " ")):
            found = found.filter(self._holding(word))
        return found

    def _holding(self, word: str) -> Q:
        known_as = self.model.aliases.rel.related_model.objects
        named = known_as.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        return (
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(chart_number__istartswith=word)
            | Q(birth_date__in=days_meant(word))
            | Q(pk__in=named.values("patient"))
        )


class AuditQuerySet(ClinicRows):
    """Append-only: what a bulk statement could do to the trail is refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ValidationError("The audit trail is append-only.")

    def delete(self) -> NoReturn:
        raise ValidationError("The audit trail is append-only.")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("update_conflicts"):
            raise ValidationError("The audit trail is append-only.")
        return super().bulk_create(objs, *args, **kwargs)
