"""What a check found: data first, a sentence for people beside it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation. `code` is stable and for programs, `message` for a receptionist, `data` holds the numbers."""

    code: str
    severity: Severity
    message: str
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "severity": str(self.severity), "message": self.message, "data": self.data}
