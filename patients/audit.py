"""Writing the audit trail. Call inside the transaction of the deed, so that neither exists without the other."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from patients.models import AuditEvent, Clinic


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user, or the system on behalf of something it names (a command, a job, an integration)."""

    user: User | None
    label: str

    @classmethod
    def of(cls, user: User | AnonymousUser) -> "Actor":
        """Raises PermissionError for nobody: whoever acts has a name."""
        if not isinstance(user, User):
            raise PermissionError
        return cls(user, user.get_username())

    @classmethod
    def system(cls, label: str) -> "Actor":
        return cls(None, label)


def record(
    verb: str, subject: str, subject_uuid: uuid.UUID | None, *, clinic: Clinic | None, actor: Actor, **detail: Any
) -> AuditEvent:
    return AuditEvent.objects.create(
        clinic=clinic,
        actor=actor.user,
        actor_label=actor.label,
        verb=verb,
        subject=subject,
        subject_uuid=subject_uuid,
        detail=detail,
    )
