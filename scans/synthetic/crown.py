"""The signed distance to one tooth: its side wall, its biting surface, rounded where they meet."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.interpolate import PchipInterpolator

from scans.synthetic.arrays import Floats
from scans.synthetic.tooth_forms import Cusp, ToothForm

FISSURE_MM = 0.12
"""How round the valleys between cusps are."""
CUSP_TIP_MM = 0.55
"""Radius of a cusp's tip."""
ROOT_MM = 2.5
"""How far below the gum a tooth still takes part."""
_SAMPLES = 256


def smooth_max(a: Floats, b: Floats, radius: float) -> Floats:
    """Maximum with an edge rounded over `radius` (polynomial, so exact outside it)."""
    gap = np.maximum(radius - np.abs(a - b), 0.0)
    result: Floats = np.maximum(a, b) + gap * gap / (4.0 * radius)
    return result


def smooth_min(a: Floats, b: Floats, radius: float) -> Floats:
    return -smooth_max(-a, -b, radius)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Half width and the buccal and lingual offsets (mm) at `_SAMPLES` levels from below the gum to above the edge."""

    low: float
    high: float
    wide: Floats
    buccal: Floats
    lingual: Floats

    def at(self, level: Floats) -> tuple[Floats, Floats, Floats]:
        place = np.clip((level - self.low) / (self.high - self.low), 0, 1) * (_SAMPLES - 1)
        index = np.minimum(place.astype(np.intp), _SAMPLES - 2)
        rest = place - index

        def pick(table: Floats) -> Floats:
            result: Floats = table[index] * (1 - rest) + table[index + 1] * rest
            return result

        return pick(self.wide), pick(self.buccal), pick(self.lingual)


@lru_cache(maxsize=64)
def profiles(form: ToothForm) -> Profiles:
    """Root below the gum (level < 0) tapers by a tenth; the crown follows the form's own profile."""
    levels = np.linspace(-0.6, 1.15, _SAMPLES)

    def table(crown: tuple[float, ...], half: float) -> Floats:
        knots = np.concatenate([[-0.6], np.linspace(0, 1, len(crown)), [1.2]])
        end = crown[-1] + (crown[-1] - crown[-2]) * 0.6
        values = np.concatenate([[crown[0] * 0.92], crown, [end]]) * half
        result: Floats = np.maximum(PchipInterpolator(knots, values)(levels), 0.3)
        return result

    ratio = form.cervix_width / form.width / form.wide[0]
    wide = tuple(w * (1 + (ratio - 1) * (1 - i / 3)) if i < 3 else w for i, w in enumerate(form.wide))
    half = form.depth / 2
    return Profiles(-0.6, 1.15, table(wide, form.width / 2), table(form.buccal, half), table(form.lingual, half))


def crown_distance(form: ToothForm, a: Floats, b: Floats, c: Floats) -> Floats:
    """About the distance (mm, negative inside) of points in the tooth's own axes; c = 0 at the gum."""
    level = c / form.crown
    wide, buccal, lingual = profiles(form).at(level)
    lingual = lingual - _fossa(form, a, level)
    buccal, lingual = _grooved(form, a, level, buccal, lingual)
    side = _wall(form, a, b, (wide, buccal, lingual))
    top = (c - biting_surface(form, a, b)) * 0.87
    result: Floats = np.maximum(smooth_max(side, top, form.edge), -c - ROOT_MM)
    return result


def _fossa(form: ToothForm, a: Floats, level: Floats) -> Floats:
    """The hollow between the marginal ridges of a front tooth's lingual face."""
    if not form.fossa:
        return np.zeros_like(a)
    across = np.exp(-((a / (0.27 * form.width)) ** 4))
    along = np.exp(-(((level - 0.58) / 0.26) ** 2))
    result: Floats = form.fossa * across * along
    return result


def _grooved(form: ToothForm, a: Floats, level: Floats, buccal: Floats, lingual: Floats) -> tuple[Floats, Floats]:
    reach = np.clip((level - 0.35) / 0.4, 0, 1)
    for groove in form.grooves:
        cut = groove.depth * reach * np.exp(-(((a - groove.a) / 0.75) ** 2))
        if groove.face > 0:
            buccal = buccal - cut
        else:
            lingual = lingual - cut
    return buccal, lingual


def _wall(form: ToothForm, a: Floats, b: Floats, section: tuple[Floats, Floats, Floats]) -> Floats:
    """Distance to the superellipse of a horizontal section, divided by its gradient so that 1 means 1 mm."""
    wide, buccal, lingual = section
    half = (buccal + lingual) / 2
    across = (b - (buccal - lingual) / 2) / half
    width = wide * (1 + form.converge * np.clip(across, -1.2, 1.2))
    along = np.abs(a + form.shear * b) / width
    across = np.abs(across)
    power = form.outline
    along_power, across_power = np.maximum(along, 1e-6) ** (power - 1), np.maximum(across, 1e-6) ** (power - 1)
    total = along_power * along + across_power * across
    radius = np.maximum(total ** (1 / power), 1e-3)
    slope = np.hypot(along_power / width, across_power / half) * radius / np.maximum(total, 1e-9)
    result: Floats = np.maximum((radius - 1) / np.maximum(slope, 0.05), -2.0)
    return result


def biting_surface(form: ToothForm, a: Floats, b: Floats) -> Floats:
    """Height (mm above the gum) of cusps, ridges and the fissures between them."""
    height = np.full_like(a, form.crown - 4.0)
    for cusp in form.cusps:
        height = smooth_max(height, _hill(cusp, form.crown, a, b), FISSURE_MM)
    return height


def _hill(cusp: Cusp, crown: float, a: Floats, b: Floats) -> Floats:
    da, db = a - cusp.a, b - cusp.b
    fall: Floats | float = 0.0
    if cusp.to is not None:
        ra, rb = cusp.to[0] - cusp.a, cusp.to[1] - cusp.b
        along = np.clip((da * ra + db * rb) / (ra * ra + rb * rb), 0, 1)
        da, db = da - along * ra, db - along * rb
        fall = along * cusp.drop
    away = np.sqrt(da * da + db * db + CUSP_TIP_MM**2) - CUSP_TIP_MM
    result: Floats = crown - cusp.below - fall - cusp.slope * away
    return result
