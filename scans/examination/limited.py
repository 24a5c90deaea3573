"""What every child process is: it limits itself before it reads anything, then answers line by line.

Says that it is ready; then one request a line on standard input, one answer a line on standard output, both JSON.
When a file kills it, the parent starts another one.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, TextIO

from scans.examination.examination import READY_LINE
from scans.examination.storable import storable

Answer = Callable[[dict[str, Any]], dict[str, Any]]
"""A request's values to an answer's values, JSON both; raises nothing."""


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


def serve(answer: Answer, requests: TextIO, answers: TextIO, cpu_seconds: int) -> None:
    answers.write(READY_LINE)
    answers.flush()
    for line in requests:
        limit_cpu(cpu_seconds)
        answers.write(json.dumps(storable(answer(json.loads(line))), allow_nan=False) + "\n")
        answers.flush()


def run(answer: Answer) -> None:
    """The main of a child: `python -m MODULE MEMORY_BYTES CPU_SECONDS`."""
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
    serve(answer, sys.stdin, private, cpu_seconds)
