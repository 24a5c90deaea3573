"""What the shape alone says of a scan: upper, lower, bite, or "not sure", which is an answer too."""

from dataclasses import asdict
from pathlib import Path

from scans.classification.geometry.look import Sight, look
from scans.classification.geometry.network import WEIGHTS
from scans.classification.verdict import Arch, Method, Role, Shape, Vote
from scans.meshes.mesh import Mesh

LEAST = 0.4
"""Below this nothing is named at all."""

MOST = 0.97
"""No shape is surer than this: the networks were trained on few sources."""

DISPUTED = 0.75
"""The most where one of the networks is not sure of it: a person decides."""

LEAST_AGREEMENT = 0.8

MOST_BITE = 0.75
"""No real bite scan was at hand to learn from: a name, the rest of the case or a person has to second it."""

LEAST_WIDTH = 0.8
"""Of a whole arch's depth: 0.92 or more in 126 public arches; an animal's jaw is narrow."""

MOST_BEYOND = 0.05
"""Of the crowns outside of the 80 mm that a height map shows: 0.005 or less in 126 public arches."""

LEAST_RELIEF_MM = 0.4
"""A row of teeth goes up and down: by 0.55 mm or more on 119 public arches; gum alone, or a rim of wax, does not."""

WHOLE_MM = 30.0
"""From this length on the arch is more than its front."""

SHORT_MM = 85.0
"""A ridge no longer than this is a part of an arch: too few teeth to be sure by."""

JAWS = {"upper": Arch.UPPER, "lower": Arch.LOWER}


def by_geometry(mesh: Mesh, weights: Path = WEIGHTS) -> Shape:
    """A vote that turning, moving, mirroring or renumbering the mesh does not change. Takes millimetres for granted."""
    return shape_of(look(mesh, weights))


def shape_of(sight: Sight) -> Shape:
    """The vote on what the networks saw, in words, and the numbers behind it."""
    return Shape(_vote(sight), _numbers(sight))


def confidence_of(sight: Sight) -> float:
    """Chance of what is named, lower where one network disagrees or this is no whole human arch with its teeth."""
    confidence = min(sight.chances[sight.best], MOST_BITE if sight.best == "bite" else MOST)
    return min(confidence, DISPUTED) if sight.agreement < LEAST_AGREEMENT or _is_odd(sight) else confidence


def _is_odd(sight: Sight) -> bool:
    if sight.best not in JAWS or sight.inside is None:
        return False
    inside = sight.inside
    narrow = inside.depth_mm > WHOLE_MM and inside.width_mm < LEAST_WIDTH * inside.depth_mm
    toothless = inside.relief_mm < LEAST_RELIEF_MM
    return narrow or toothless or inside.beyond > MOST_BEYOND or inside.length_mm < SHORT_MM


def _vote(sight: Sight) -> Vote:
    name, confidence = sight.best, confidence_of(sight)
    if name == "none":
        return Vote(Method.GEOMETRY, evidence="not sure: the surface has the shape of neither an arch nor a bite")
    if confidence < LEAST:
        return Vote(Method.GEOMETRY, evidence=f"not sure: the shape is {_shares(sight)}")
    if name == "bite":
        evidence = f"looks like a bite: a band of the sides of two rows of teeth ({confidence:.0%})"
        return Vote(Method.GEOMETRY, role=Role.BITE, confidence=confidence, evidence=evidence)
    evidence = f"the shape of the teeth says {name} ({confidence:.0%}){_inside(sight)}"
    return Vote(Method.GEOMETRY, arch=JAWS[name], role=Role.ARCH, confidence=confidence, evidence=evidence)


def _shares(sight: Sight) -> str:
    likely = sorted(((share, name) for name, share in sight.chances.items() if share >= 0.1), reverse=True)
    return ", ".join(f"{share:.0%} {'something else' if name == 'none' else name}" for share, name in likely)


def _inside(sight: Sight) -> str:
    if sight.inside is None or sight.inside.cover is None:
        return ""
    cover = sight.inside.cover
    if sight.best == "upper":
        return f"; the palate closes {cover:.0%} of the inside" if cover >= 0.4 else "; there is no palate"
    return (
        f"; the inside is open ({cover:.0%} closed)" if cover < 0.4 else f"; the inside is filled ({cover:.0%} closed)"
    )


def _numbers(sight: Sight) -> dict[str, float]:
    numbers = {f"chance_{name}": chance for name, chance in sight.chances.items()}
    numbers["agreement"] = sight.agreement
    if sight.inside is not None:
        numbers |= {name: value for name, value in asdict(sight.inside).items() if value is not None}
    return {name: round(float(value), 3) for name, value in numbers.items()}
