"""What the other side of a connector can do wrong, on demand."""

from enum import StrEnum


class Fault(StrEnum):
    UNAUTHORISED = "every token is refused"
    EXPIRED = "the token so far is refused, a fresh one is good"
    TOO_MANY = "429, come back in two minutes"
    BROKEN = "500"
    NO_JSON = "a page of HTML that names a patient"
    PAGE_LOOP = "the first page, whatever was asked for"
    CUT = "the download breaks off halfway"
    WRONG_BYTES = "the download has other bytes than announced"


class Trait(StrEnum):
    """What not every connector does, by its nature."""

    LISTS_SINCE = "lists what changed from a moment on; a folder lists all that lies open in it"
    KEEPS_SETTLED = "an order stays where it is; a folder moves what was settled to done or failed"


Capability = Fault | Trait
CLOUD = frozenset(Trait)
CALLS = frozenset({Fault.UNAUTHORISED, Fault.EXPIRED, Fault.TOO_MANY, Fault.BROKEN, Fault.NO_JSON})
"""Of a cloud: any call can answer so."""
DOWNLOADS = frozenset({Fault.CUT, Fault.WRONG_BYTES})
RETRY_AFTER_S = 120
