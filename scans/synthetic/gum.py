"""The gum of one jaw as maps over x and y: crest with papillae, side walls, palate, and where a scan ends."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from scans.classification.verdict import Arch, Side
from scans.synthetic.arrays import Bools, Floats
from scans.synthetic.mouth import Jaw, Tooth

STEP_MM = 0.4
GUM_MM = 0.45
"""Thickness of the gum over the neck of a tooth."""
NO_PALATE = -99.0
CHEEK_BAND_MM, TONGUE_BAND_MM, NO_FLOOR_MM = 6.5, 7.5, 40.0
"""How far below the margin a scan goes towards cheek and tongue; over the palate it does not end by height."""
ROOT_GROOVE_MM = 0.3
BACK_MM = 12.0
"""The palate's scan ends about there before the end of the curve."""


@dataclass(frozen=True, slots=True, eq=False)
class GumMaps:
    """Maps (K, X, Y) over a lattice of STEP_MM that begins at `corner`.

    crest: height of the gum; level: the same without papillae; wall: distance outside its side walls at the margin;
    deep_wall: the same some millimetres below, where the arcs around the necks have faded; flare: mm outward per mm
    down;
    palate: height of the vault, or NO_PALATE; floor: a scan ends below this height; reach: mm inside the scanned
    outline (negative = outside); inside: mm behind the lingual margin.
    """

    corner: Floats
    crest: Floats
    level: Floats
    wall: Floats
    deep_wall: Floats
    flare: Floats
    palate: Floats
    floor: Floats
    reach: Floats
    inside: Floats

    def sample(self, name: str, x: Floats, y: Floats) -> Floats:
        """One map at points, bilinear; x and y may be open grids."""
        at = [(x - self.corner[0]) / STEP_MM, (y - self.corner[1]) / STEP_MM]
        result: Floats = map_coordinates(getattr(self, name), np.broadcast_arrays(*at), order=1, mode="nearest")
        return result


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """The lattice in the arch's own terms: position s along, n outward, and x, y."""

    x: Floats
    y: Floats
    s: Floats
    n: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Margin:
    """The gingival margin on one side of the teeth, along s.

    high: its height with arcs and papillae; level: without them; out: how far the gum reaches from the curve there;
    deep: how far below the necks; smooth: the same without the grooves between roots.
    """

    high: Floats
    level: Floats
    out: Floats
    deep: Floats
    smooth: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Ridge:
    """The alveolar ridge: its margins towards the cheek and towards the tongue."""

    cheek: _Margin
    tongue: _Margin

    def outer(self, place: _Place) -> Bools:
        """Where a point lies on the cheek's side of the ridge's middle."""
        result: Bools = place.n > (self.cheek.deep - self.tongue.deep) / 2
        return result

    def level(self, place: _Place) -> Floats:
        return np.where(self.outer(place), self.cheek.level, self.tongue.level)


def gum_maps(jaw: Jaw, *, palate: bool, side: Side = Side.NONE) -> GumMaps:
    corner, place = _lattice(jaw)
    ridge = _ridge(jaw, place.s)
    cheek, tongue = ridge.cheek, ridge.tongue
    share = np.clip((place.n + tongue.out) / (cheek.out + tongue.out), 0, 1)
    inside = -place.n - tongue.out
    upper = jaw.arch is Arch.UPPER
    floor, reach = _scanned(jaw, place, ridge, palate=palate, side=side)
    return GumMaps(
        corner=corner,
        crest=tongue.high + (cheek.high - tongue.high) * share - _saddle(jaw, place),
        level=ridge.level(place),
        wall=np.maximum(place.n - cheek.out, inside),
        deep_wall=np.maximum(place.n - cheek.deep, -place.n - tongue.deep),
        flare=_flare(jaw, place, ridge),
        palate=_vault(jaw, place, tongue) if upper else np.full_like(inside, NO_PALATE),
        floor=floor,
        reach=reach,
        inside=inside,
    )


def _lattice(jaw: Jaw) -> tuple[Floats, _Place]:
    points = jaw.curve.points
    corner = points.min(axis=0) - 12.0
    corner[1] = points[:, 1].min() - 2.0
    size = np.ceil((points.max(axis=0) + 12.0 - corner) / STEP_MM).astype(int)
    x, y = np.meshgrid(*(corner[axis] + STEP_MM * np.arange(size[axis]) for axis in (0, 1)), indexing="ij")
    nearest = cKDTree(points).query(np.stack([x, y], axis=-1))[1]
    along, ahead = jaw.curve.tangents[nearest, 0], jaw.curve.tangents[nearest, 1]
    dx, dy = x - points[nearest, 0], y - points[nearest, 1]
    return corner, _Place(x, y, jaw.curve.s[nearest] + along * dx + ahead * dy, along * dy - ahead * dx)


def _ridge(jaw: Jaw, s: Floats) -> _Ridge:
    """Values at tooth centres and at contacts, joined by parabolas: low arcs over teeth, peaks between them."""
    centres, contacts = _centre_values(jaw), _contact_values(jaw)
    centre_s = np.array([tooth.s for tooth in jaw.teeth])
    limits = _contact_positions(jaw)
    tooth = np.clip(np.searchsorted(limits, s) - 1, 0, len(centre_s) - 1)
    edge = tooth + (s > centre_s[tooth])
    share = np.clip(np.abs(s - centre_s[tooth]) / np.abs(limits[edge] - centre_s[tooth]), 0, 1)
    peak = share**2.2

    def margin(high: int, out: int) -> _Margin:
        arcs = [centres[tooth, k] + (contacts[edge, k] - centres[tooth, k]) * peak for k in (high, out)]
        level = np.interp(s, centre_s, centres[:, high])
        smooth = PchipInterpolator(centre_s, centres[:, out])(np.clip(s, centre_s[0], centre_s[-1]))
        return _Margin(high=arcs[0], level=level, out=arcs[1], deep=smooth - ROOT_GROOVE_MM * peak, smooth=smooth)

    return _Ridge(cheek=margin(0, 2), tongue=margin(1, 3))


def _flare(jaw: Jaw, place: _Place, ridge: _Ridge) -> Floats:
    """The side walls follow the roots: under lingually leaning molars the cheek's side goes out, the tongue's in."""
    lean = np.tan(np.radians([-tooth.form.torque for tooth in jaw.teeth]))
    along = np.interp(place.s, [tooth.s for tooth in jaw.teeth], lean)
    cheek, tongue = np.clip(along + 0.16, -0.1, 0.5), np.clip(0.12 - along, -0.12, 0.35)
    return np.where(ridge.outer(place), cheek, tongue)


def _saddle(jaw: Jaw, place: _Place) -> Floats:
    """How far the ridge falls to its sides in a gap and behind the last molar, where it also gets lower."""
    beyond = np.maximum(np.abs(place.s) - jaw.curve.half_length, 0)
    gaps = np.interp(place.s, [tooth.s for tooth in jaw.teeth], [0.0 if tooth.present else 1.0 for tooth in jaw.teeth])
    across = np.clip(np.abs(place.n + 2.0) / 5.0, 0, 1.5)
    result: Floats = np.maximum(np.clip(beyond / 2.0, 0, 1), gaps) * 2.2 * across**2 + 0.035 * beyond**2
    return result


def _contact_positions(jaw: Jaw) -> Floats:
    starts = [tooth.s - tooth.form.width / 2 for tooth in jaw.teeth]
    return np.array([*starts, jaw.teeth[-1].s + jaw.teeth[-1].form.width / 2])


def _centre_values(jaw: Jaw) -> Floats:
    """(teeth, 4): margin heights buccal and lingual, how far the gum reaches out and in from the curve."""
    return np.array([_neck(jaw, tooth) for tooth in jaw.teeth])


def _neck(jaw: Jaw, tooth: Tooth) -> tuple[float, float, float, float]:
    half = tooth.form.cervix_depth / 2
    cheek, tongue = tooth.to_jaw(0, half, 0), tooth.to_jaw(0, -half, 0)
    point, tangent = jaw.curve.at(tooth.s)
    outward = np.array([-tangent[1], tangent[0]])
    out, into = (cheek[:2] - point) @ outward, -((tongue[:2] - point) @ outward)
    if tooth.present:
        return float(cheek[2]), float(tongue[2]) + 0.2, out + GUM_MM, into + GUM_MM
    return float(cheek[2]) - 0.6, float(tongue[2]) - 0.6, out - 1.0, into - 0.4


def _contact_values(jaw: Jaw) -> Floats:
    """(teeth + 1, 4): papillae between two teeth, saddles beside a gap, the pad behind the last molar."""
    necks = _centre_values(jaw)
    inner = []
    for index in range(len(jaw.teeth) - 1):
        pair, both = jaw.teeth[index : index + 2], necks[index : index + 2].mean(axis=0)
        crown = min(tooth.form.crown for tooth in pair)
        rise = crown * jaw.person.scallop if all(tooth.present for tooth in pair) else -0.3
        inner.append(both + np.array([rise, rise * 0.9, -0.9, -0.7]))
    pad = np.array([0.4, 0.4, -0.8, -0.8])
    return np.array([necks[0] + pad, *inner, necks[-1] + pad])


def _vault(jaw: Jaw, place: _Place, margin: _Margin) -> Floats:
    """The palate: steep behind the molars, gentle behind the incisors, with raphe, incisive papilla and rugae."""
    person = jaw.person
    front = float(jaw.curve.points[:, 1].max())
    behind = np.clip((front - place.y) / 28.0, 0, 1)
    wide = 11.0 - 4.5 * behind
    deep = person.vault * (0.85 + 0.15 * behind)
    mean = float(margin.level.mean())
    inside = -place.n - margin.smooth
    depth = np.maximum(inside, 0)
    rim = mean + (margin.level - 0.5 - mean) * np.exp(-depth / 3.0)
    vault = rim - deep * (1 - np.exp(-((depth / wide) ** 1.35)))
    result: Floats = vault + _relief(jaw, place, front, depth) - 4.0 * np.maximum(-inside, 0)
    return result


def _relief(jaw: Jaw, place: _Place, front: float, depth: Floats) -> Floats:
    """Rugae: irregular cross ridges of the front third, 0.5-0.8 mm high; papilla and raphe on the midline."""
    rng = np.random.default_rng([jaw.seed, 31])
    x, back = place.x, front - place.y
    relief = 1.3 * np.exp(-((x / 1.9) ** 2) - ((back - 11.5) / 3.0) ** 2)
    relief += 0.35 * np.exp(-((x / 0.7) ** 2)) * np.clip((back - 13) / 4, 0, 1)
    for side in (-1, 1):
        across = x * side
        for start in (13.5, 16.5, 19.5, 22.5, 25.5):
            begin, length = start + rng.normal(0, 0.6), rng.uniform(7, 13)
            wave = rng.uniform(0.5, 1.1) * np.sin(across / rng.uniform(1.4, 2.2) + rng.uniform(0, 6))
            line = begin + rng.uniform(0.05, 0.35) * across + wave
            ridge = np.exp(-(((back - line) / 0.75) ** 2))
            fade = np.clip((across - 0.6) / 1.5, 0, 1) * np.clip((length - across) / 3.0, 0, 1)
            relief += rng.uniform(0.6, 1.1) * ridge * fade
    result: Floats = relief * np.clip((depth - 0.8) / 2.5, 0, 1)
    return result


def _wobble(rng: np.random.Generator, s: Floats, size: float) -> Floats:
    """A smooth wavy line over s with occasional finer steps, as where a hand stopped scanning."""
    total = np.zeros_like(s)
    for length, share in ((31.0, 0.5), (13.0, 0.35), (5.0, 0.2), (2.1, 0.1)):
        total += share * np.sin(2 * np.pi * s / length + rng.uniform(0, 2 * np.pi))
    return total * size


def _scanned(jaw: Jaw, place: _Place, ridge: _Ridge, *, palate: bool, side: Side) -> tuple[Floats, Floats]:
    """The lowest scanned height, and how far inside the outline a point lies."""
    rng = np.random.default_rng([jaw.seed, 41 if jaw.arch is Arch.UPPER else 42])
    upper = jaw.arch is Arch.UPPER
    inside = -place.n - ridge.tongue.out
    depth = np.where(
        ridge.outer(place),
        CHEEK_BAND_MM + _wobble(rng, place.s, 1.2),
        (NO_FLOOR_MM if upper else TONGUE_BAND_MM) + _wobble(rng, place.s, 1.5),
    )
    reach = jaw.curve.half_length + 5.0 + _wobble(rng, place.n, 0.6) - np.abs(place.s)
    reach -= 0.05 * (place.n - (ridge.cheek.deep - ridge.tongue.deep) / 2) ** 2
    if upper and palate:
        last = float(jaw.curve.points[:, 1].min()) + BACK_MM
        behind = place.y - (last + 6.0 * np.exp(-((place.x / 14.0) ** 2)) + _wobble(rng, place.x, 0.8))
        reach = np.where(inside > 2.0, behind, reach)
    elif upper:
        reach = np.minimum(reach, 7.5 + _wobble(rng, place.s, 1.0) - inside)
    if side is not Side.NONE:
        reach = np.minimum(reach, (place.s if side is Side.RIGHT else -place.s) + 9.0)
    return ridge.level(place) - depth, reach
