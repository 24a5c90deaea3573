"""What colour a scanner would see: ivory enamel, pink gum, darker where light does not reach."""

import numpy as np
from numpy.typing import NDArray

from scans.synthetic.arrays import Floats
from scans.synthetic.field import Field

ENAMEL = np.array([233.0, 224.0, 203.0])
NECK = np.array([222.0, 202.0, 164.0])
ATTACHED_GUM = np.array([214.0, 138.0, 128.0])
MUCOSA = np.array([186.0, 92.0, 88.0])
PALATE = np.array([218.0, 152.0, 140.0])
BORDER_MM = 0.3
SHADOW_MM = 0.9


def colors(field: Field, points: Floats, normals: Floats) -> NDArray[np.uint8]:
    """(N, 3) sRGB at points of a jaw's surface (crown up), outward unit normals beside them."""
    crowns, gum = field.parts(points)
    tooth = np.clip((gum - crowns) / BORDER_MM + 0.5, 0, 1)[:, None]
    mixed = _gum(field, points) * (1 - tooth) + _enamel(field, points) * tooth
    light = np.clip(field.at(points + SHADOW_MM * normals) / SHADOW_MM, 0, 1)
    mottled = 1 + 0.02 * np.sin(points @ np.array([2.1, 1.3, 1.7])) * np.sin(points @ np.array([-1.1, 2.3, 0.9]))
    shaded = mixed * ((0.72 + 0.28 * light) * mottled)[:, None]
    result: NDArray[np.uint8] = np.clip(np.rint(shaded), 0, 255).astype(np.uint8)
    return result


def _enamel(field: Field, points: Floats) -> Floats:
    """Yellower at the neck; a person's own shade all over."""
    above = points[:, 2] - field.gum.sample("level", points[:, 0], points[:, 1])
    high = np.clip((above - 0.5) / 4.0, 0, 1)[:, None]
    own = np.array([2.0, 3.0, 8.0]) * field.jaw.person.shade
    result: Floats = NECK * (1 - high) + ENAMEL * high + own
    return result


def _gum(field: Field, points: Floats) -> Floats:
    """Firm pale gum near the teeth, red mucosa deeper down, pale palate."""
    x, y = points[:, 0], points[:, 1]
    below = field.gum.sample("level", x, y) - points[:, 2]
    deep = np.clip((below - 2.5) / 3.0, 0, 1)[:, None]
    roof = np.clip(field.gum.sample("inside", x, y) / 4.0, 0, 1)[:, None] if field.has_palate else 0.0
    side = ATTACHED_GUM * (1 - deep) + MUCOSA * deep
    result: Floats = side * (1 - roof) + PALATE * roof
    return result
