"""The process that looks whether two jaws meet: `python -m scans.examination.relate MEMORY_BYTES CPU_SECONDS`."""

from dataclasses import asdict
from typing import Any

from scans.examination import limited
from scans.examination.failing import guarded
from scans.examination.jaws import read_jaws, relation_of
from scans.examination.relation import JawsRequest


def answer(values: dict[str, Any]) -> dict[str, Any]:
    request = JawsRequest.of(values)
    return {"relation": asdict(relation_of(read_jaws(request), request))}


if __name__ == "__main__":
    limited.run(guarded(answer))
