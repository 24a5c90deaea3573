"""What a service answers when it does not do what was asked, named by consequence.

DomainError
├── Refused      the request makes no sense as it is; change it
├── Missing      there is no such thing for this user
├── Conflict     someone else was first, or it is done already
└── TooMuch      beyond a limit
"""

from typing import Any


class DomainError(Exception):
    """`code` is stable and for programs, `message` a sentence for a person, `data` what a program may need beside."""

    def __init__(self, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


class Refused(DomainError):
    pass


class Missing(DomainError):
    pass


class Conflict(DomainError):
    pass


class TooMuch(DomainError):
    pass
