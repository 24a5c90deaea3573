"""The questions asked of patients. `visible_to` is the tenancy wall: whatever leaves a service went through it."""

from typing import Any, NoReturn, Self

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


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


class PatientQuerySet(ClinicRows):
    def search(self, words: str) -> Self:
        """Patients whose names or chart number hold every word, in any order."""
        found = self
        for word in search_words(words):
            found = found.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(chart_number__istartswith=word)
            )
        return found


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
