"""One run in a process of its own: `python -m tests.benchmarks.run PEER WORK FILE FOLDER`, one line of JSON.

The seconds are those of the work after all imports; who starts this process measures the rest.
"""

import importlib
import json
import re
import sys
import time
from pathlib import Path


def main() -> None:
    peer, work, path, folder = sys.argv[1:]
    module = importlib.import_module(f"tests.benchmarks.{peer}")
    start, used = time.perf_counter(), time.process_time()
    getattr(module, work)(Path(path), Path(folder))
    spent = {"seconds": time.perf_counter() - start, "processor_seconds": time.process_time() - used}
    sys.stdout.write(json.dumps({**spent, "peak_bytes": peak_bytes()}) + "\n")


def peak_bytes() -> int:
    """The most memory this process ever held; unlike getrusage it knows nothing of the process that started it."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak[1]) * 1024 if peak else 0


if __name__ == "__main__":
    main()
