"""Pictures for the networks to learn from: of every shape the maps in right frames, nearly right and wrong ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.classification.geometry.cloud import Floats
from scans.classification.geometry.frames import Frame, candidate_frames
from scans.classification.geometry.maps import views
from scans.training.posed import Posed, Reals, inverted, random_turn, turned

RIGHT_DEG, WRONG_DEG = (22.0, 50.0), (40.0, 80.0)
MOST_RIGHT, MOST_WRONG = 2, 3
Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """heights: (N, 80, 80), rolled: (N, 112, 24) uint8. classes: (N,) into CLASSES. others: (N,) of things that
    are neither arch nor bite, so that no frame is right."""

    heights: NDArray[np.uint8]
    rolled: NDArray[np.uint8]
    classes: NDArray[np.int64]
    others: NDArray[np.bool_]


def examples(posed: Posed, rng: Random) -> Iterator[tuple[Floats, Floats, str]]:
    """(height map, unrolled map, class) in frames of one shape."""
    turn = random_turn(rng)
    wound = inverted(posed) if rng.random() < 0.25 else posed
    cloud = turned(wound, turn).cloud()
    right: list[Frame] = []
    wrong: list[Frame] = []
    for frame in candidate_frames(cloud):
        truth = _truth(posed.label, frame.axes @ turn)
        (right if truth else wrong if truth is False else []).append(frame)
    right = right[:MOST_RIGHT]
    chosen = [wrong[place] for place in rng.permutation(len(wrong))[: MOST_WRONG if posed.label != "other" else 5]]
    if posed.label != "other":
        base = right[0] if right else Frame(turn.T, turn @ _middle(posed) - cloud.middle)
        right.append(_shaken(base, rng))
    for frames, name in ((right, posed.label), (chosen, "none")):
        for frame in frames:
            heights, rolled = views(cloud, frame)
            if (heights > 0).sum() > 60:
                yield heights, rolled, name


def _truth(label: str, axes: Reals) -> bool | None:
    """Is this frame right? None: neither right nor wrong enough to learn from. axes: in the true frame."""
    if label == "other":
        return False
    occlusal = np.degrees(np.arccos(np.clip(axes[2, 2], -1, 1)))
    if label == "bite":
        anterior = np.degrees(np.arccos(np.clip(abs(axes[0, 0]), 0, 1)))
    else:
        anterior = np.degrees(np.arccos(np.clip(axes[1, 1], -1, 1)))
    if occlusal < RIGHT_DEG[0] and anterior < RIGHT_DEG[1]:
        return True
    return False if occlusal > WRONG_DEG[0] or anterior > WRONG_DEG[1] else None


def _middle(posed: Posed) -> Reals:
    low, high = np.quantile(posed.points, [0.02, 0.98], axis=0)
    return np.array([*(low[:2] + high[:2]) / 2, 0.0 if posed.label != "bite" else float(high[2]) - 0.5])


def _shaken(frame: Frame, rng: Random) -> Frame:
    """Tilted by some degrees and moved by some millimetres."""
    turn = _small_turn(rng.normal(0, np.radians([5, 5, 9])))
    shift = rng.normal(0, [2.5, 2.5, 0.7]) @ frame.axes
    return Frame(turn @ frame.axes, frame.origin + shift)


def _small_turn(angles: Reals) -> Reals:
    x, y, z = angles
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    left, _, right = np.linalg.svd(np.eye(3) + skew)
    turn: Reals = left @ right
    return turn
