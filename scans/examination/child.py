"""The process that touches foreign bytes: `python -m scans.examination.child MEMORY_BYTES CPU_SECONDS`."""

from dataclasses import asdict
from typing import Any

from scans.examination import limited
from scans.examination.examination import REJECTED, Examination, Request
from scans.examination.examine import examine

OUT_OF_MEMORY = Examination(
    REJECTED, "out_of_memory", "This file needs more memory than we give one file. Please export it in a smaller size."
)
READER_FAILED = "This file could not be read: our reader failed on it. The original is kept and support can look at it."


def answer(values: dict[str, Any]) -> dict[str, Any]:
    return asdict(_examined(Request(**values)))


def _examined(request: Request) -> Examination:
    try:
        return examine(request)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - the process border: whatever a file does to a reader is an answer
        return Examination(REJECTED, "reader_failed", READER_FAILED, metadata={"error": type(error).__name__})


if __name__ == "__main__":
    limited.run(answer)
