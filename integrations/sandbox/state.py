"""What the cloud knows, kept in a file, so that a restart loses neither grants nor orders.

A zip that was given from outside is not kept: such an order is gone after a restart.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.sandbox.artefacts import Artefacts, Facts
from integrations.sandbox.callbacks import Target
from integrations.sandbox.orders import Order, OrderBook, Patient, ScanRequest, Status
from integrations.sandbox.tokens import Grant, TokenSet, TokenStore

FILE = "sandbox.json"
Json = dict[str, Any]


def write(folder: Path, state: Mapping[str, Any]) -> None:
    """Whole or not at all; for the owner only, because tokens are in it."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{FILE}.new"
    new.touch(mode=0o600)
    new.write_text(json.dumps(state), encoding="utf-8")
    new.replace(folder / FILE)


def read(folder: Path) -> Json | None:
    """None before the first time."""
    place = folder / FILE
    if not place.exists():
        return None
    found: Json = json.loads(place.read_text(encoding="utf-8"))
    return found


def of_orders(book: OrderBook, artefacts: Artefacts) -> Json:
    kept = [order for order in book.all() if order.content is None]
    return {
        "made": book.made,
        "orders": [{**_of_order(order), "facts": _of_facts(artefacts.known(order))} for order in kept],
        "requests": [asdict(pushed) for pushed in book.pushed()],
    }


def to_orders(state: Json, book: OrderBook, artefacts: Artefacts) -> None:
    pairs = [(_to_order(row), row["facts"]) for row in state["orders"]]
    requests = [ScanRequest(**{**row, "patient": Patient(**row["patient"])}) for row in state["requests"]]
    book.fill([order for order, _ in pairs], requests, state["made"])
    for order, facts in pairs:
        if facts:
            artefacts.remember(order, Facts(**facts))


def of_tokens(store: TokenStore) -> Json:
    """Grants and parents as numbers in their lists."""
    sets = list(store)
    grants = list({id(tokens.grant): tokens.grant for tokens in sets}.values())
    return {"grants": [asdict(grant) for grant in grants], "tokens": [_of_set(tokens, sets, grants) for tokens in sets]}


def to_tokens(state: Json, store: TokenStore) -> None:
    grants = [Grant(**row) for row in state["grants"]]
    rows = state["tokens"]
    sets = [TokenSet(**{**row, "grant": grants[row["grant"]], "parent": None}) for row in rows]
    for tokens, row in zip(sets, rows, strict=True):
        tokens.parent = None if row["parent"] is None else sets[row["parent"]]
        store.keep(tokens)


def of_target(target: Target | None) -> Json | None:
    return asdict(target) if target else None


def to_target(row: Json | None) -> Target | None:
    return Target(**row) if row else None


def _of_order(order: Order) -> Json:
    moments = {"updated_at": order.updated_at.isoformat(), "captured_at": order.captured_at.isoformat()}
    return {**asdict(order), **moments}


def _to_order(row: Json) -> Order:
    values = {name: value for name, value in row.items() if name != "facts"}
    moments = {name: datetime.fromisoformat(row[name]) for name in ("updated_at", "captured_at")}
    return Order(**{**values, **moments, "patient": Patient(**row["patient"]), "status": Status(row["status"])})


def _of_facts(facts: Facts | None) -> Json | None:
    return asdict(facts) if facts else None


def _of_set(tokens: TokenSet, sets: list[TokenSet], grants: list[Grant]) -> Json:
    return {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "grant": grants.index(tokens.grant),
        "expires_at": tokens.expires_at,
        "parent": sets.index(tokens.parent) if tokens.parent else None,
        "access_revoked": tokens.access_revoked,
        "refresh_revoked": tokens.refresh_revoked,
    }
