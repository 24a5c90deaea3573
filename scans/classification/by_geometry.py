"""What the shape alone says of a scan: upper, lower, bite, or "not sure", which is an answer too.

Three independent signs (see scans.meshes.anatomy) are weighed: palate, curve of Spee, curve of Wilson. An arch is
named with confidence only where the palate's sign and the teeth agree:
- upper at 0.85 or more: palate there and teeth curved like uppers; a filled-in lower (plaster) has the other curves;
- lower at 0.85: inside open AND both curves lower. An open inside alone is none: a quarter of all uppers come without
  palate;
- between: at most 0.7, a person decides; signs that contradict each other: not sure.

The limits stand far from both groups of 126 public arches (119 of one source, so anatomy leads, not a fit): see tests.
"""

import math
from dataclasses import asdict, dataclass

from scans.classification.verdict import Arch, Method, Role, Shape, Vote
from scans.meshes.anatomy import Anatomy, anatomy
from scans.meshes.arch import ArchView, arch_view
from scans.meshes.mesh import Mesh
from scans.meshes.strip import Strip, strip

SURE = 0.85
LIKELY = 0.65
GUESS = 0.55

SPEE_MIDDLE_MM, WILSON_MIDDLE_MM = 0.3, 0.2
"""Halfway between the medians of uppers (-0.9 and -0.3) and lowers (1.6 and 0.6)."""

SPEE_WEIGHT, WILSON_WEIGHT = 1.8, 4.0
"""Half of what a linear discriminant gives (distance of the medians over the variance): the other half is caution."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a whole arch measures, with room on both sides of what the public arches measure (in the comment beside
    it)."""

    name: str
    least: float
    most: float

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most


ARCH_RANGES = (
    Range("asymmetry_mm", 0.0, 3.0),  # 0.5 .. 2.4
    Range("span", 0.55, 0.92),  # 0.60 .. 0.87 of a full turn; 1 is a disc, not a horseshoe
    Range("width_mm", 40.0, 88.0),  # 47 .. 79
    Range("depth_mm", 36.0, 72.0),  # 40 .. 63
    Range("rim_mm", -40.0, -5.0),  # -17.8 .. -6.8; inside out: -7.9 .. -1.3
    Range("tooth_cover", 0.7, 1.0),  # 0.78 .. 0.98; a gum without its teeth 0.47
    Range("slices", 9, 99),  # 10 .. 24
)

STRIP_RANGES = (
    Range("length_mm", 18.0, 65.0),  # of made bites 32, of the cheek sides of public arches 38 .. 58
    Range("height_mm", 13.0, 28.0),  # 16 .. 17, 11 .. 18 for one jaw
    Range("relief_mm", 1.0, 6.5),  # 4.0 .. 4.2; a quadrant seen from above 6 .. 18
    Range("facing", 0.6, 0.95),  # 0.69 .. 0.84; arches and quadrants 0.28 .. 0.53
)


def by_geometry(mesh: Mesh) -> Shape:
    """A vote that turning, moving or renumbering the mesh does not change. Takes millimetres and outward normals for
    granted."""
    view = arch_view(mesh)
    found = anatomy(view) if view is not None else None
    if view is not None and found is not None and not _outside(ARCH_RANGES, _numbers(view, found)):
        return Shape(_jaw(found), _rounded(_numbers(view, found)))
    band = strip(mesh)
    if band is not None and not _outside(STRIP_RANGES, asdict(band)):
        return Shape(_bite(band), _rounded(asdict(band)))
    if view is None or found is None:
        return Shape(_unsure("the surface does not have the shape of a whole arch"))
    numbers = _numbers(view, found)
    outside = ", ".join(_outside(ARCH_RANGES, numbers))
    return Shape(_unsure(f"not like a whole arch in {outside}"), _rounded(numbers))


def lean(found: Anatomy) -> float:
    """How much the teeth look like lowers: above 0 lower, below 0 upper; beyond 2 in either direction is clear."""
    wilson = 0.0 if math.isnan(found.wilson_mm) else found.wilson_mm - WILSON_MIDDLE_MM
    return SPEE_WEIGHT * (found.spee_mm - SPEE_MIDDLE_MM) + WILSON_WEIGHT * wilson


def _jaw(found: Anatomy) -> Vote:
    if found.front_cover >= 0.85 and found.cover >= 0.4:
        return _with_palate(found)
    if found.front_cover <= 0.55 and found.cover <= 0.4:
        return _open_inside(found)
    return _unsure(f"{found.cover:.0%} of the inside of the arch is closed: neither a palate nor an open arch")


def _with_palate(found: Anatomy) -> Vote:
    seen = f"the palate closes {found.cover:.0%} of the inside of the arch"
    teeth = lean(found)
    if teeth <= -3:
        return _arch(Arch.UPPER, 0.9, f"{seen} and the teeth are clearly curved like upper ones")
    if teeth <= -1:
        return _arch(Arch.UPPER, SURE, f"{seen} and the teeth are curved like upper ones")
    if teeth <= 1:
        return _arch(Arch.UPPER, LIKELY, f"{seen}, but the curve of the teeth does not tell")
    return _unsure(f"{seen}, but the teeth are curved like lower ones: perhaps a filled-in model")


def _open_inside(found: Anatomy) -> Vote:
    seen = f"the inside of the arch is open ({found.cover:.0%} closed)"
    teeth = lean(found)
    hollow, inward = found.spee_mm - SPEE_MIDDLE_MM, found.wilson_mm - WILSON_MIDDLE_MM
    if teeth >= 2 and hollow >= 0.2 and inward >= 0:
        return _arch(Arch.LOWER, SURE, f"{seen} and the teeth are curved like lower ones, along and across the arch")
    if teeth >= 1.5 and hollow >= 0 and inward >= -0.2:
        return _arch(Arch.LOWER, GUESS, f"{seen} and the teeth are curved rather like lower ones")
    if teeth <= -3:
        return _arch(Arch.UPPER, LIKELY, f"{seen}, but the teeth are clearly curved like upper ones")
    return _unsure(f"{seen}, which a lower arch and an upper one without palate share, and the teeth do not tell")


def _bite(band: Strip) -> Vote:
    return Vote(
        Method.GEOMETRY,
        role=Role.BITE,
        confidence=GUESS,
        evidence=f"looks like a bite: a flat band of tooth sides, {band.length_mm:.0f} x {band.height_mm:.0f} mm",
    )


def _arch(arch: Arch, confidence: float, evidence: str) -> Vote:
    return Vote(Method.GEOMETRY, arch=arch, role=Role.ARCH, confidence=confidence, evidence=evidence)


def _unsure(reason: str) -> Vote:
    return Vote(Method.GEOMETRY, evidence=f"not sure: {reason}")


def _numbers(view: ArchView, found: Anatomy) -> dict[str, float]:
    horseshoe = view.horseshoe
    return {
        "asymmetry_mm": horseshoe.asymmetry_mm,
        "span": horseshoe.span,
        "width_mm": horseshoe.width_mm,
        "depth_mm": horseshoe.depth_mm,
        "rim_mm": view.rim_mm,
        "facing": view.facing,
        "lean": lean(found),
        **{name: value for name, value in asdict(found).items() if not math.isnan(value)},
    }


def _outside(ranges: tuple[Range, ...], numbers: dict[str, float]) -> list[str]:
    return [each.name.removesuffix("_mm").replace("_", " ") for each in ranges if not each.holds(numbers[each.name])]


def _rounded(numbers: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in numbers.items()}
