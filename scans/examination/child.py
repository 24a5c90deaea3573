"""The process that touches foreign bytes: `python -m scans.examination.child MEMORY_BYTES CPU_SECONDS`.

Says that it is ready; then one request a line on standard input, one answer a line on standard output, both JSON.
It limits itself before it reads anything; when a file kills it, the parent starts another one.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import TextIO

from scans.examination.examination import READY_LINE, REJECTED, Examination, Request
from scans.examination.examine import examine
from scans.examination.storable import storable

OUT_OF_MEMORY = Examination(
    REJECTED, "out_of_memory", "This file needs more memory than we give one file. Please export it in a smaller size."
)
READER_FAILED = "This file could not be read: our reader failed on it. The original is kept and support can look at it."


def limit_memory(memory_bytes: int) -> None:
    _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, wanted: int) -> None:
    """Set the soft limit, within the hard one that this process was started under."""
    hard = resource.getrlimit(kind)[1]
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (soft, hard))


def limit_cpu(seconds: int) -> None:
    """Allow this much CPU from now on; the kernel ends the process beyond it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _lower(resource.RLIMIT_CPU, used + seconds)


def answer(line: str) -> Examination:
    request = Request(**json.loads(line))
    try:
        return examine(request)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - the process border: whatever a file does to a reader is an answer
        return Examination(REJECTED, "reader_failed", READER_FAILED, metadata={"error": type(error).__name__})


def serve(requests: TextIO, answers: TextIO, cpu_seconds: int) -> None:
    answers.write(READY_LINE)
    answers.flush()
    for line in requests:
        limit_cpu(cpu_seconds)
        answers.write(json.dumps(storable(asdict(answer(line))), allow_nan=False) + "\n")
        answers.flush()


def main() -> None:
    memory_bytes, cpu_seconds = int(sys.argv[1]), int(sys.argv[2])
    # Libraries may print: what they say must not be taken for an answer, nor reach a log.
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    # Who stops the service stops the parent; this process ends when its standard input does.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory_bytes)
    serve(sys.stdin, private, cpu_seconds)


if __name__ == "__main__":
    main()
