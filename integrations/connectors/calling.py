"""A call with a token that may have died: renewed once, then a person must connect again."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from integrations.connectors.access import Access
from integrations.errors import Reconnect
from integrations.http import Unauthorised

Answer = TypeVar("Answer")


def with_token(access: Access, call: Callable[[Mapping[str, str]], Answer]) -> Answer:
    """`call` gets the headers. Raises Reconnect where a fresh token is refused, too."""
    token = access.token("")
    try:
        return call(_bearer(token))
    except Unauthorised:
        token = access.token(token)
    try:
        return call(_bearer(token))
    except Unauthorised:
        raise Reconnect("token_refused", "The cloud refuses a fresh token, too. Please connect again.") from None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
