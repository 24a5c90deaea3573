"""What a scanner's cloud or folder answers when it does not do what was asked, named by consequence.

ConnectorError
├── TryLater        not now: the network, a full house, a fault over there; `retry_at` where they said when
├── Reconnect       the grant is gone: a person must connect again
├── Misconfigured   what was set up cannot work: a host off the list, a client id nobody knows, no such folder
├── BadAnswer       what came is not what was agreed upon: no JSON, a missing field, a list that turns in a circle
└── Skip            this one order cannot be taken; the others go on
"""

from datetime import datetime


class ConnectorError(Exception):
    """`code` is stable and for programs, `message` a sentence for a person: neither holds anything of a patient."""

    retry_at: datetime | None = None

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TryLater(ConnectorError):
    """retry_at: aware; None where the other side named no time."""

    def __init__(self, code: str, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(code, message)
        self.retry_at = retry_at


class Reconnect(ConnectorError):
    pass


class Misconfigured(ConnectorError):
    pass


class BadAnswer(ConnectorError):
    pass


class Skip(ConnectorError):
    pass
