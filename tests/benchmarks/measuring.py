"""Runs peers alternately, each time in a fresh process, and keeps the medians."""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scans.examination.asking import LEAN

PACKAGES = {"peer_trimesh": "trimesh", "peer_open3d": "open3d", "peer_meshio": "meshio", "peer_vtk": "vtkmodules"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the rounds. seconds: after all imports. processor_seconds: of all threads, so that a busy machine
    shows. whole_seconds: from the start of the process to its end."""

    seconds: float
    processor_seconds: float
    whole_seconds: float
    peak_bytes: float


def is_there(peer: str) -> bool:
    return peer not in PACKAGES or importlib.util.find_spec(PACKAGES[peer]) is not None


def measure(peers: Sequence[str], work: str, path: Path, rounds: int) -> dict[str, Cost]:
    """The cost for every peer that is installed and can do this work."""
    costs: dict[str, list[Cost]] = {peer: [] for peer in peers if is_there(peer)}
    for _ in range(rounds):
        for peer, found in costs.items():
            found.append(_run(peer, work, path))
    return {peer: _median(found) for peer, found in costs.items()}


def _run(peer: str, work: str, path: Path) -> Cost:
    environment = {**os.environ, **(LEAN if peer == "archway" else {})}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.run", peer, work, str(path), folder]
        start = time.perf_counter()
        ended = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        whole = time.perf_counter() - start
    if ended.returncode:
        raise RuntimeError(f"{peer} did not do its work: {ended.stderr[-1000:]}")
    told = json.loads(ended.stdout.splitlines()[-1])
    return Cost(told["seconds"], told["processor_seconds"], whole, told["peak_bytes"])


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.processor_seconds for cost in costs),
        statistics.median(cost.whole_seconds for cost in costs),
        statistics.median(cost.peak_bytes for cost in costs),
    )
