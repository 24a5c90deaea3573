"""What the queue calls: an id in, one service call, a small dict out."""

import uuid

from integrations.services import runs


def run_sync(run_uuid: str) -> dict[str, str]:
    return {"state": runs.run(uuid.UUID(run_uuid))}


def sync_due() -> dict[str, int]:
    return {**runs.sweep(), "asked_for": runs.ask_for_due()}
