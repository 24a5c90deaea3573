"""python -m scans.training DIR : trains the networks on DIR/labels.csv and on made shapes, writes weights.npz.

Needs the extra `train` (torch); an hour on two cores. DIR/labels.csv: file, label (upper, lower, other), group,
patient, occlusal_axis and anterior_axis (such as +Y), the last two for arches only.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.network import WEIGHTS
from scans.training.dataset import made_arches, made_bites, pictures, shapes
from scans.training.fit import Plan, arrays_of, fit
from scans.training.posed import labelled

MADE_PEOPLE, MADE_BITES = 36, 12
SEEDS = (0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scans.training", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--shapes", type=int, default=17_000, help="random shapes to learn from")
    parser.add_argument("--steps", type=int, default=2_200)
    parser.add_argument("--without", nargs="*", default=[], metavar="GROUP", help="sources to leave out")
    options = parser.parse_args()
    scans = [*labelled(options.folder), *made_arches(MADE_PEOPLE), *made_bites(MADE_BITES)]
    scans = [posed for posed in scans if posed.group not in options.without]
    rng = np.random.default_rng(1)
    data = pictures(shapes(scans, options.shapes, rng), rng)
    arrays: dict[str, NDArray[np.float16]] = {}
    for kind in ("heights", "rolled"):
        for seed in SEEDS:
            model = fit(kind, data, seed, Plan(options.steps), print)
            arrays |= arrays_of(model, f"{kind}.{seed}")
    np.savez_compressed(options.out, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
