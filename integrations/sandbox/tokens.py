"""Grants, authorization codes and tokens, in memory, in the shape that Authlib asks for.

Refresh tokens rotate: the old one dies when the new set is used for the first time, so that an answer that is lost on
its way does not lose the grant.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CODE_LIFETIME_S = 600


@dataclass(eq=False, slots=True)
class Grant:
    """What a doctor said yes to. account_id: "" until it is paired."""

    client_id: str
    user: str
    scope: str
    account_id: str = ""
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    code: str = field(repr=False)
    client_id: str
    user: str
    scope: str
    redirect_uri: str
    code_challenge: str
    code_challenge_method: str
    expires_at: float

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(eq=False, slots=True)
class TokenSet:
    """An access and a refresh token that were issued together. expires_at: seconds since 1970, of the access token."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    grant: Grant
    expires_at: float
    parent: "TokenSet | None" = field(default=None, repr=False)
    children: "list[TokenSet]" = field(default_factory=list, repr=False)
    access_revoked: bool = False
    refresh_revoked: bool = False

    def check_client(self, client: Any) -> bool:
        return bool(self.grant.client_id == client.get_client_id())

    def get_scope(self) -> str:
        return self.grant.scope

    def is_expired(self) -> bool:
        return time.time() >= self.expires_at

    def is_revoked(self) -> bool:
        return self.access_revoked or self.grant.is_revoked

    def can_refresh(self) -> bool:
        return not (self.refresh_revoked or self.grant.is_revoked)


class TokenStore:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[str, Code] = {}
        self._spent: dict[str, Grant | None] = {}
        self._by_access: dict[str, TokenSet] = {}
        self._by_refresh: dict[str, TokenSet] = {}

    def __iter__(self) -> Iterator[TokenSet]:
        return iter(list(self._by_access.values()))

    def keep_code(self, code: Code) -> None:
        with self._lock:
            self._codes[code.code] = code

    def spend_code(self, code: str) -> Code | None:
        """The code, once. A second use voids what the first one brought (RFC 6749, 4.1.2)."""
        with self._lock:
            found = self._codes.pop(code, None)
            if found is None and (grant := self._spent.get(code)):
                grant.is_revoked = True
            if found:
                self._spent[code] = None
            return found if found and found.expires_at > time.time() else None

    def note_grant(self, code: str, grant: Grant) -> None:
        with self._lock:
            self._spent[code] = grant

    def keep(self, tokens: TokenSet) -> TokenSet:
        with self._lock:
            self._by_access[tokens.access] = tokens
            self._by_refresh[tokens.refresh] = tokens
            if tokens.parent:
                tokens.parent.children.append(tokens)
        return tokens

    def by_access(self, access: str) -> TokenSet | None:
        return self._by_access.get(access)

    def by_refresh(self, refresh: str) -> TokenSet | None:
        return self._by_refresh.get(refresh)

    def used(self, tokens: TokenSet) -> None:
        """The client has these: whatever they replaced, and what else was made of that, is void."""
        with self._lock:
            parent, tokens.parent = tokens.parent, None
            if parent is None:
                return
            parent.refresh_revoked = True
            for other in parent.children:
                if other is not tokens:
                    other.access_revoked = other.refresh_revoked = True
