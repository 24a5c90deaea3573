"""Looks at a mesh in every candidate frame and lets the networks say what it is and which frame shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from scans.classification.geometry.cloud import Cloud, Floats, cloud_of
from scans.classification.geometry.frames import Frame, Reals, candidate_frames
from scans.classification.geometry.inside import Inside, inside_of
from scans.classification.geometry.maps import height_map, views
from scans.classification.geometry.network import CLASSES, WEIGHTS, Network, networks, probabilities
from scans.meshes.mesh import Mesh

NONE = CLASSES.index("none")
JAWS = ("upper", "lower")
LOOKED_AT_CLOSELY = 3
"""Frames that all networks look at; the first network of the height maps picks them."""

ALIKE = 0.1
"""Frames whose chances differ by less show the same thing: one may be turned by some forty degrees."""

PICKED_BY_POINTS = 16_000
RIVAL = 0.5
"""A second frame that shows something else with at least so much of the best one's probability is a doubt."""

MIRRORED = {"heights": 2, "rolled": 1}
"""The axis of (N, H, W) along which a mirrored picture shows the mirrored arch: left and right swap, the jaw stays."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the networks saw. chances: of CLASSES, sum 1. agreement: the least that any network gives the best class.

    axes: (3, 3) rows right, anterior, occlusal (towards the viewer) in the file's coordinates, right-handed; origin:
    (3,), on the occlusal plane. None of both where nothing was recognised in any frame. inside: what closes the arch.
    """

    chances: dict[str, float]
    agreement: float
    axes: Reals | None = None
    origin: Reals | None = None
    inside: Inside | None = None

    @property
    def best(self) -> str:
        return max(self.chances, key=lambda name: self.chances[name])


NOTHING = Sight({name: float(name == "none") for name in CLASSES}, 1.0)


def look(mesh: Mesh, weights: Path = WEIGHTS) -> Sight:
    """The same answer for the same surface however it is turned, mirrored, wound or meshed, up to small differences."""
    return look_at(cloud_of(mesh), weights)


def look_at(cloud: Cloud | None, weights: Path = WEIGHTS) -> Sight:
    frames = candidate_frames(cloud) if cloud is not None else []
    if cloud is None or not frames:
        return NOTHING
    by_kind = networks(weights)
    picked = _picked(cloud, frames, by_kind["heights"][0])
    looked = _closely(cloud, picked, by_kind)
    best = int(looked.mean(axis=0)[:, NONE].argmin())
    opinions = looked[:, best]
    chances = _doubted(opinions.mean(axis=0), looked.mean(axis=0))
    name = int(chances.argmax())
    likely = looked.mean(axis=0)[:, name] > chances[name] - ALIKE
    frame, inside = _widest(
        cloud, picked[best], [each for each, is_likely in zip(picked, likely, strict=True) if is_likely]
    )
    named = dict(zip(CLASSES, chances.tolist(), strict=True))
    return Sight(named, float(opinions[:, name].min()), frame.axes, frame.origin + cloud.middle, inside)


def _widest(cloud: Cloud, best: Frame, alike: Sequence[Frame]) -> tuple[Frame, Inside | None]:
    """Of frames that show the same nearly as well, the one with the longest ridge: it has the front at the front. What
    is too large for the picture in any of them is too large: seen askew, its corners fit in."""
    measured = [(frame, inside_of(frame.seen(cloud.points))) for frame in alike]
    frame, inside = max(measured, key=lambda each: each[1].length_mm if each[1] else 0.0, default=(best, None))
    if inside is None:
        return frame, None
    return frame, replace(inside, beyond=max(each.beyond for _, each in measured if each))


def _picked(cloud: Cloud, frames: Sequence[Frame], network: Network) -> list[Frame]:
    points = cloud.points[:: max(len(cloud.points) // PICKED_BY_POINTS, 1)]
    pictures = np.stack([height_map(frame.seen(points)) for frame in frames])
    nothing = probabilities(network.logits(pictures))[:, NONE]
    return [frames[place] for place in np.argsort(nothing, kind="stable")[:LOOKED_AT_CLOSELY]]


def _closely(cloud: Cloud, frames: Sequence[Frame], by_kind: Mapping[str, Sequence[Network]]) -> Floats:
    """(networks, frames, CLASSES) probabilities, each the mean over the picture and its mirror image."""
    pictures = [views(cloud, frame) for frame in frames]
    seen = {"heights": np.stack([each[0] for each in pictures]), "rolled": np.stack([each[1] for each in pictures])}
    return np.stack([_opinion(network, seen[kind], kind) for kind, seeds in by_kind.items() for network in seeds])


def _opinion(network: Network, pictures: Floats, kind: str) -> Floats:
    both = np.concatenate([pictures, np.flip(pictures, axis=MIRRORED[kind])])
    found = probabilities(network.logits(both))
    mean: Floats = (found[: len(pictures)] + found[len(pictures) :]) / np.float32(2)
    return mean


def _doubted(chances: Floats, all_frames: Floats) -> Floats:
    """Where another frame shows the other jaw nearly as well, both are mixed. (An arch seen from the cheek may well
    look like a bite.)"""
    best = int(chances.argmax())
    if CLASSES[best] not in JAWS:
        return chances
    other = CLASSES.index(JAWS[1 - JAWS.index(CLASSES[best])])
    strongest = all_frames[int(all_frames[:, other].argmax())]
    if strongest[other] < RIVAL * chances[best]:
        return chances
    mixed: Floats = (chances + strongest) / np.float32(2)
    return mixed
