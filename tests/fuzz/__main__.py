"""`python -m tests.fuzz READER --runs N [--seed-folder DIR]`: coverage-guided fuzzing (needs atheris) of one reader.

Prints executions, accepted inputs and finds as JSON; finds are written to --finds, one file each, and once per place.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["scans.meshes", "hpsdecode", "zipfile", "pydicom", "stl"]):
    from tests.fuzz.mutation import mutated
    from tests.fuzz.targets import TARGETS, Target

ADDRESS_SPACE = 2 * 2**30
"""Above what the process has when it begins: an allocation beyond that is a MemoryError, and so a find."""


class Session:
    def __init__(self, target: Target, folder: Path, finds: Path, report: Path | None, runs: int) -> None:
        self._target, self._folder, self._finds, self._report, self._runs = target, folder, finds, report, runs
        self._executions = self._accepted = 0
        self._places: Counter[str] = Counter()

    def one(self, data: bytes) -> None:
        self._executions += 1
        try:
            self._accepted += self._target.check(data, self._folder)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            self._keep(data, error)
        if self._executions in (self._runs, self._runs + 1) or self._executions % 10_000 == 0:
            self._tell()

    def _keep(self, data: bytes, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} {Path(frame.filename).name}:{frame.lineno} {str(error)[:80]}"
        self._places[place] += 1
        if self._places[place] == 1:
            (self._finds / f"{self._target.name}-{len(self._places)}").write_bytes(data)
            traceback.print_exc()

    def _tell(self) -> None:
        counts = {"executions": self._executions, "accepted": self._accepted, "finds": self._places}
        if self._report:
            self._report.write_text(json.dumps({"reader": self._target.name, **counts}) + "\n", encoding="utf-8")
        sys.stderr.write(json.dumps({"reader": self._target.name, **counts}) + "\n")


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Half of the changes by the fuzzer, half as the text formats allow."""
    source = random.Random(seed)
    return atheris.Mutate(data, longest) if source.random() < 0.5 else mutated(data, source)[:longest]


def main() -> None:
    options = _options()
    target = TARGETS[options.reader]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=options.scratch))
    corpus = folder / "corpus"
    corpus.mkdir()
    options.finds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds().values()):
        (corpus / f"seed{number}").write_bytes(seed)
    session = Session(target, folder, options.finds, options.report, options.runs)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + ADDRESS_SPACE, resource.RLIM_INFINITY))
    folders = [str(corpus), *([str(options.seed_folder)] if options.seed_folder else [])]
    limits = [f"-runs={options.runs}", "-timeout=10", f"-max_len={options.max_length}", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], *limits, f"-artifact_prefix={options.finds}/", *folders], session.one, custom_mutator=mutate
    )
    atheris.Fuzz()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("reader", choices=TARGETS)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed-folder", type=Path, help="further files to start from")
    parser.add_argument("--finds", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-finds")
    parser.add_argument("--report", type=Path, help="a file that holds the counts, renewed while it runs")
    parser.add_argument("--max-length", type=int, default=4096)
    parser.add_argument(
        "--scratch", default=os.environ.get("FUZZ_SCRATCH"), help="where inputs are written, best memory"
    )
    return parser.parse_args()


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
