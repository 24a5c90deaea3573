"""Peers and us side by side: `python -m tests.benchmarks [--quick] [--rounds N]` prints Markdown tables.

Whole pass: read, weld, checks, measures, GLB in two levels, picture; ours classifies and grades the scan on top of
that. Every run is a process of its own; peers take turns; medians over the rounds.
"""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import inputs, tables
from tests.benchmarks.measuring import measure

MILLION, QUICK = 1_000_000, 4_000
WHOLE = ("archway", "peer_trimesh", "peer_open3d")
READING = ("archway", "peer_open3d", "peer_trimesh", "peer_meshio", "peer_vtk")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small files, one round: shows that everything runs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["whole", "scaling", "reading"], help="one of the tables")
    options = parser.parse_args()
    unit, rounds = (QUICK, 1) if options.quick else (MILLION, options.rounds)
    say(f"Medians of {rounds} rounds, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors.\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, made in (("whole", whole), ("scaling", scaling), ("reading", reading)):
            if options.only in (None, title):
                say(made(folder, unit, rounds))


def whole(folder: Path, unit: int, rounds: int) -> str:
    path = stl(folder, unit)
    return tables.whole_pass(measure(WHOLE, "whole", path, rounds), path)


def scaling(folder: Path, unit: int, rounds: int) -> str:
    costs = []
    for faces in (unit, 2 * unit, 4 * unit):
        path = stl(folder, faces)
        costs.append((faces, path, measure(["archway"], "whole", path, rounds)["archway"]))
    return tables.scaling(costs)


def reading(folder: Path, unit: int, rounds: int) -> str:
    mesh = inputs.arch(unit)
    files = (
        ("binary STL", "binary.stl", inputs.write_stl, False),
        ("PLY with colours", "arch.ply", inputs.write_ply, True),
        ("OBJ", "arch.obj", inputs.write_obj, True),
        ("ASCII STL", "ascii.stl", inputs.write_ascii_stl, False),
    )
    costs = []
    for name, file, write, is_bar in files:
        path = folder / file
        write(mesh, path)
        costs.append((name, path, measure(READING, "reading", path, rounds), is_bar))
    return tables.reading(costs)


def stl(folder: Path, faces: int) -> Path:
    path = folder / f"{faces}.stl"
    if not path.exists():
        inputs.write_stl(inputs.arch(faces), path)
    return path


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
