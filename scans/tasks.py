"""What the queue calls: an id in, one service call, a small dict out."""

import uuid

from scans.services import jobs, undo, uploading


def run_job(job_uuid: str) -> dict[str, str]:
    return {"state": jobs.run(uuid.UUID(job_uuid))}


def sweep_jobs() -> dict[str, int]:
    return {**jobs.sweep(), **uploading.sweep(), "decisions_closed": undo.forget_what_is_over()}
