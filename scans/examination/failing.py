"""The border of the processes that lay jaws on each other: whatever happens inside is an answer."""

from dataclasses import asdict
from typing import Any

from scans.examination.limited import Answer
from scans.examination.relation import Failure
from scans.meshes.errors import MeshError

OUT_OF_MEMORY = Failure("out_of_memory", "Laying these scans on each other needs more memory than we give one case.")
NOT_READ = Failure("not_read", "A scan could not be read again, so that it was not laid on the others.")
BROKE = Failure("registration_failed", "Our program failed while it laid these scans on each other.")


def guarded(answer: Answer) -> Answer:
    def safe(values: dict[str, Any]) -> dict[str, Any]:
        try:
            return answer(values)
        except MemoryError:
            return {"failure": asdict(OUT_OF_MEMORY)}
        except MeshError:
            return {"failure": asdict(NOT_READ)}
        except Exception:  # noqa: BLE001 - the process border: whatever scans do to a program is an answer
            return {"failure": asdict(BROKE)}

    return safe
