"""What foreign files say of themselves, made fit for a database: JSON without NaN, NUL or broken characters."""

import math
import re
from typing import Any

LONGEST_TEXT = 4_000
MOST_ITEMS = 1_000
SURROGATES = re.compile("[\ud800-\udfff]")
"""Bytes of a file name that are no UTF-8, and halves of a pair that JSON may write: no database takes them."""


def storable(value: Any) -> Any:
    """The same value, cut where it is beyond any use: PostgreSQL takes neither NaN nor NUL in JSON."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_text(str(key)): storable(item) for key, item in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value[:MOST_ITEMS]]
    return value


def storable_text(text: str) -> str:
    """Without NUL; what is no Unicode becomes a question mark."""
    return SURROGATES.sub("\ufffd", text.replace("\0", ""))[:LONGEST_TEXT]
