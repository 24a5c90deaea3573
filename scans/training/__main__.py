"""python -m scans.training DIR : trains the networks on DIR/labels.csv and on made shapes, writes weights.npz.

Needs the extra `train` (torch). DIR/labels.csv: file, label (upper, lower, other), group, patient, occlusal_axis and
anterior_axis (such as +Y), the last two for arches only. Pictures are kept in memory, about 0.5 GB. The same weights
on the same machine every time.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.network import WEIGHTS
from scans.training.dataset import MADE, made_arches, made_bites, pictures, shapes
from scans.training.fit import Plan, arrays_of, fit
from scans.training.parts import THINGS
from scans.training.posed import labelled

MADE_PEOPLE, MADE_BITES = 48, 12
SEEDS = (0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scans.training", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--shapes", type=int, default=9_000, help="random shapes to learn from")
    parser.add_argument("--steps", type=int, default=Plan().steps)
    parser.add_argument(
        "--without",
        nargs="*",
        default=[],
        metavar="GROUP",
        help=f"leave out sources of labels.csv, {MADE} (made-up people), or kinds of made things: {', '.join(THINGS)}",
    )
    options = parser.parse_args()
    scans = [*labelled(options.folder), *made_arches(MADE_PEOPLE), *made_bites(MADE_BITES)]
    rng = np.random.default_rng(1)
    data = pictures(shapes(scans, options.shapes, rng, options.without), rng)
    arrays: dict[str, NDArray[np.float16]] = {}
    for kind in ("heights", "rolled"):
        for seed in SEEDS:
            model = fit(kind, data, seed, Plan(options.steps), print)
            arrays |= arrays_of(model, f"{kind}.{seed}")
    np.savez_compressed(options.out, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
