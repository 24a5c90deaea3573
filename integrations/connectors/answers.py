"""Reading a cloud's JSON field by field. What does not fit is a BadAnswer that names the field and repeats nothing."""

from typing import Any, TypeVar

from integrations.connectors.texts import is_identifier, kept
from integrations.errors import BadAnswer

Value = TypeVar("Value")


def value_in(row: Any, name: str, kind: type[Value]) -> Value:
    value = row.get(name) if isinstance(row, dict) else None
    if not isinstance(value, kind):
        raise unusable(name)
    return value


def identifier_in(row: Any, name: str, longest: int) -> str:
    found = value_in(row, name, str)
    if not is_identifier(found, longest):
        raise unusable(name)
    return found


def text_in(row: Any, name: str, longest: int) -> str:
    """Cleaned and cut; "" where there is none."""
    value = row.get(name) if isinstance(row, dict) else None
    return kept(value, longest) if isinstance(value, str) else ""


def unusable(name: str) -> BadAnswer:
    return BadAnswer("unexpected_answer", f"The cloud's answer has no usable “{name}”.")
