"""How good a scan is for the work, 0 to 1: what is missing or doubtful, each with a number and a place to look at.

A score is the product of what every shortcoming leaves over, so that it can be explained one by one. The limits stand
on 126 public arches, of which none loses more than a little; see tests.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scans.meshes.findings import Finding, Severity
from scans.meshes.measure import Measures
from scans.meshes.rims import Floats, Rims, rims
from scans.meshes.surface import Surface

Place = tuple[float, float, float]

HOLE_MM = 3.0
"""Around. Smaller holes are a missing triangle or two, which no one sees."""

INSIDE_MM = 4.0
"""From the outline. A gap that is nearer lies in the loose gum at the edge, which is trimmed anyway."""

LARGE_HOLE_MM = 4.0
"""Across: half the width of a molar."""

OPENING_MM = 60.0
"""Around. A longer rim is no hole but an edge of the scan: some arches have two, as where no palate was scanned."""

LOOSE_MM2 = 1.0
"""Loose pieces that are smaller in sum cannot be told from dust."""

LONG_EDGE_MM, LONG_EDGE_RATIO = 1.0, 6.0
"""An edge longer than both belongs to a spike or to a patch that was filled in."""

SPIKE_MM = 1.0
"""How far a point stands out from the middle of its neighbours."""

FINE_PER_MM2, COARSE_PER_MM2 = 20.0, 1.0
"""Triangles on a square millimetre: scanners export 30 to 100, arches thinned to 16,000 triangles have 2 to 5."""

SHORT_MM = 38.0
"""Second longest extent of an arch. From front to back the shortest of the public arches measures 40 mm."""


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """One thing that takes from the score. loss: 0..1 of what is left. number: in `unit`. place: mm, as in the file."""

    code: str
    message: str
    loss: float
    number: float
    unit: str
    place: Place

    def as_finding(self, *, is_arch: bool) -> Finding:
        """A warning where an arch lost much by it: of anything else nobody knows how whole it should be."""
        is_warning = is_arch and self.loss >= WORTH_A_WARNING and self.code not in ON_PURPOSE
        severity = Severity.WARNING if is_warning else Severity.INFO
        data = {"number": self.number, "unit": self.unit, "place": list(self.place), "loss": self.loss}
        return Finding(self.code, severity, self.message, data)


WORTH_A_WARNING = 0.1
ON_PURPOSE = frozenset({"coarse_surface", "opening"})
"""What a sender may have wanted: told, never a warning."""


@dataclass(frozen=True, slots=True)
class Quality:
    """score: 0 (of no use) to 1 (nothing to remark); `shortcomings` explain it, the greatest loss first."""

    score: float
    shortcomings: tuple[Shortcoming, ...]

    def as_dict(self) -> dict[str, Any]:
        parts = [{"code": each.code, "loss": each.loss} for each in self.shortcomings]
        return {"score": self.score, "parts": parts}


def quality(surface: Surface, measures: Measures, *, is_arch: bool) -> Quality:
    """Takes millimetres for granted. is_arch: whether the surface is known to be a whole arch and must reach as far."""
    found = [
        *_holes(surface),
        *_loose_pieces(surface),
        *_spikes(surface),
        *_density(surface, measures),
        *(_extent(measures) if is_arch else ()),
    ]
    found.sort(key=lambda each: -each.loss)
    score = math.prod(1 - each.loss for each in found)
    return Quality(round(score, 3), tuple(found))


def _holes(surface: Surface) -> Iterator[Shortcoming]:
    found = rims(surface)
    inner = _inner_rims(found, _main_piece(surface))
    openings, holes = inner[found.lengths[inner] >= OPENING_MM], inner[found.lengths[inner] < OPENING_MM]
    if len(openings):
        yield _opening(float(found.widths[openings[0]]), found.centres[openings[0]])
    if len(holes):
        yield _hole(found.widths[holes], found.centres[holes[0]])


def _opening(width: float, centre: Floats) -> Shortcoming:
    across = round(width, 1)
    message = (
        f"Beside its edge the scan has a large opening, about {across:.0f} mm across: see whether a part is missing."
    )
    return Shortcoming("opening", message, 0.1, across, "mm", _place(centre))


def _hole(widths: Floats, centre: Floats) -> Shortcoming:
    """From the widths of all holes, the one of the longest rim first, and the centre of that one."""
    across, area = round(float(widths[0]), 1), float((widths**2).sum()) * math.pi / 4
    loss = min(0.5, area / 100.0 + 0.02 * int((widths >= LARGE_HOLE_MM).sum()))
    words = "a hole" if len(widths) == 1 else f"{len(widths)} holes"
    message = (
        f"The scan has {words} in it, the largest about {across} mm across. Scan again there if teeth are missing."
    )
    return Shortcoming("holes", message, round(loss, 3), across, "mm", _place(centre))


def _inner_rims(found: Rims, piece: int) -> NDArray[np.intp]:
    """Rims of a piece but for its outline, the longest, and for gaps along it, where a strip of gum loops back."""
    mine = np.flatnonzero(found.pieces == piece)
    if len(mine) < 2:
        return mine[:0]
    outline = found.points_of(int(mine[0]))
    inner = [rim for rim in mine[1:] if found.lengths[rim] >= HOLE_MM]
    return np.array([rim for rim in inner if _distance(found.points_of(int(rim)), outline) >= INSIDE_MM], np.intp)


def _distance(points: Floats, outline: Floats) -> float:
    """Median distance in mm from points to the nearest of the outline; every few of many are enough."""
    few, line = points[:: len(points) // 64 + 1], outline[:: len(outline) // 4096 + 1]
    nearest = np.linalg.norm(few[:, None] - line[None], axis=2).min(axis=1)
    return float(np.median(nearest))


def _main_piece(surface: Surface) -> int:
    sizes = np.bincount(surface.labels[surface.faces[:, 0]], surface.areas)
    return int(sizes.argmax())


def _loose_pieces(surface: Surface) -> Iterator[Shortcoming]:
    labels = surface.labels[surface.faces[:, 0]]
    sizes = np.bincount(labels, surface.areas)
    main = int(sizes.argmax())
    whole = float(sizes.sum())
    loose = whole - float(sizes[main])
    if loose < LOOSE_MM2:
        return
    sizes[main] = 0.0
    greatest = labels == int(sizes.argmax())
    share = loose / whole
    yield Shortcoming(
        "loose_pieces",
        f"{loose:.0f} mm² of the scan hang in the air beside it: cheek, tongue or cotton, or a part that did not join.",
        round(min(0.6, 2 * share), 3),
        round(loose, 1),
        "mm2",
        _place(surface.vertices[surface.faces[greatest]].mean(axis=(0, 1), dtype=np.float64)),
    )


def _spikes(surface: Surface) -> Iterator[Shortcoming]:
    """Points that stand out from all of their neighbours, as noise and saliva leave them."""
    first, second = surface.edges.first, surface.edges.second
    lengths = _lengths(surface.vertices, first, second)
    if not len(lengths):
        return
    long = lengths > max(LONG_EDGE_MM, LONG_EDGE_RATIO * float(np.median(lengths)))
    if not long.any():
        return
    suspects = np.unique(np.concatenate([first[long], second[long]]))
    heights = _heights_over_neighbours(surface, suspects, long)
    spikes = np.flatnonzero(heights > SPIKE_MM)
    if not len(spikes):
        return
    worst = spikes[heights[spikes].argmax()]
    height = float(heights[worst])
    words = "a spike" if len(spikes) == 1 else f"{len(spikes)} spikes"
    yield Shortcoming(
        "spikes",
        f"The surface has {words}, up to {height:.1f} mm high: saliva or a reflection. Smooth it or scan again there.",
        round(min(0.4, 0.05 + 0.01 * len(spikes)), 3),
        round(height, 2),
        "mm",
        _place(surface.vertices[suspects[worst]]),
    )


def _lengths(vertices: NDArray[np.float32], first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float32]:
    total = np.zeros(len(first), np.float32)
    for column in np.ascontiguousarray(vertices.T):
        total += (column[first] - column[second]) ** 2
    return np.sqrt(total)


def _heights_over_neighbours(surface: Surface, suspects: NDArray[np.int32], long: NDArray[np.bool_]) -> Floats:
    """(N,) mm from each suspect to the mean of its neighbours; 0 where most of its edges are short, or on a rim: that
    is the border of a filled patch."""
    number = np.full(len(surface.vertices), -1, np.int32)
    number[suspects] = np.arange(len(suspects), dtype=np.int32)
    edges = surface.edges
    ends = np.concatenate([edges.first, edges.second])
    others = np.concatenate([edges.second, edges.first])
    mine = np.flatnonzero(number[ends] >= 0)
    owner = number[ends[mine]]
    count = np.bincount(owner, minlength=len(suspects))
    is_long = np.bincount(owner, np.concatenate([long, long])[mine], len(suspects))
    on_rim = np.bincount(owner, np.concatenate([edges.uses, edges.uses])[mine] == 1, len(suspects))
    neighbours = surface.vertices[others[mine]].astype(np.float64)
    means = np.stack([np.bincount(owner, neighbours[:, axis], len(suspects)) for axis in range(3)], axis=1)
    heights: Floats = np.linalg.norm(surface.vertices[suspects] - means / count[:, None], axis=1)
    heights[(is_long < 0.6 * count) | (on_rim > 0)] = 0.0
    return heights


def _density(surface: Surface, measures: Measures) -> Iterator[Shortcoming]:
    density = measures.faces_per_mm2
    if density >= FINE_PER_MM2 or density <= 0:
        return
    part = math.log(FINE_PER_MM2 / max(density, COARSE_PER_MM2)) / math.log(FINE_PER_MM2 / COARSE_PER_MM2)
    yield Shortcoming(
        "coarse_surface",
        f"The surface is coarse: {density:.1f} triangles on a mm², {measures.mean_edge_mm:.2f} mm apart. "
        "Ask for an export at full resolution if margins matter.",
        round(0.25 * part, 3),
        round(density, 2),
        "faces/mm2",
        _place(surface.vertices[surface.faces[int(surface.areas.argmax())]].mean(axis=0, dtype=np.float64)),
    )


def _extent(measures: Measures) -> Iterator[Shortcoming]:
    depth = sorted(measures.extents_mm)[1]
    if depth >= SHORT_MM:
        return
    yield Shortcoming(
        "short_arch",
        f"The arch is short: it reaches {depth:.0f} mm. Back teeth may be missing; scan on if they are needed.",
        round(min(0.5, (SHORT_MM - depth) / SHORT_MM + 0.05), 3),
        round(depth, 1),
        "mm",
        measures.centroid,
    )


def _place(point: NDArray[np.floating[Any]]) -> Place:
    x, y, z = (round(float(value), 3) for value in point)
    return (x, y, z)
