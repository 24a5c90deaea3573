"""The signed distance to one jaw: crowns joined with the gum, on a grid or at points."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scans.classification.verdict import Arch, Side
from scans.synthetic.arrays import Floats
from scans.synthetic.crown import ROOT_MM, crown_distance, smooth_max, smooth_min
from scans.synthetic.gum import NO_PALATE, STEP_MM, GumMaps, gum_maps
from scans.synthetic.mouth import Jaw, Tooth, jaw_of

FAR_MM = 3.0
CONTACT_MM = 0.4
"""A scanner closes the narrowest gap between two teeth over about this width."""
NECK_MM = 0.35
ARC_MM = 3.0
"""Over this depth the arcs around the necks fade into the smooth side of the jaw."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One jaw as a solid: negative inside, millimetres near the surface."""

    jaw: Jaw
    gum: GumMaps

    @property
    def has_palate(self) -> bool:
        return bool(self.gum.palate.max() > NO_PALATE)

    def grid(self, axes: tuple[Floats, Floats, Floats]) -> Floats:
        """(X, Y, Z) values on an even grid."""
        x, y, z = axes
        solid = self._gum(x[:, None, None], y[None, :, None], z[None, None, :].astype(np.float32))
        boxes = [_box(tooth) for tooth in self._present()]
        necks = int(np.searchsorted(z, min((low[2] for low, _ in boxes), default=z[-1])))
        crowns = np.full((len(x), len(y), len(z) - necks), FAR_MM, np.float32)
        for tooth, (low, high) in zip(self._present(), boxes, strict=True):
            part = tuple(slice(*np.searchsorted(axis, (low[k], high[k]))) for k, axis in enumerate((x, y, z[necks:])))
            own = (axis[cut] for axis, cut in zip((x, y, z[necks:]), part, strict=True))
            points = np.stack(np.meshgrid(*own, indexing="ij"), axis=-1)
            crowns[part] = smooth_min(crowns[part], _crown(tooth, points), CONTACT_MM)
        solid[..., necks:] = smooth_min(crowns, solid[..., necks:], NECK_MM)
        return solid

    def parts(self, points: Floats) -> tuple[Floats, Floats]:
        """(N,) distance to the crowns and to the gum at (N, 3) points."""
        x, y, z = np.ascontiguousarray(points.T)
        ground = self._gum(x, y, z)
        crowns = np.full(len(points), FAR_MM)
        for tooth in self._present():
            low, high = _box(tooth)
            near = np.flatnonzero((x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]) & (z > low[2]))
            crowns[near] = smooth_min(crowns[near], _crown(tooth, points[near]), CONTACT_MM)
        return crowns, ground

    def at(self, points: Floats) -> Floats:
        return smooth_min(*self.parts(points), NECK_MM)

    def scanned(self, points: Floats) -> Floats:
        """(N,) positive where the scan goes."""
        x, y = points[:, 0], points[:, 1]
        return np.minimum(points[:, 2] - self.gum.sample("floor", x, y), self.gum.sample("reach", x, y))

    def bounds(self) -> tuple[Floats, Floats]:
        """Corners of the box that holds what is scanned."""
        gum = self.gum
        wanted = np.argwhere(gum.reach > -1.0)
        low = gum.corner + STEP_MM * wanted.min(axis=0)
        high = gum.corner + STEP_MM * wanted.max(axis=0)
        near = np.abs(gum.wall) < 2.0
        bottom = float(
            np.where(self.has_palate & (gum.reach > 0), np.maximum(gum.palate, gum.floor), gum.floor)[near].min()
        )
        return np.array([*low, bottom - 1.5]), np.array([*high, 4.0])

    def _present(self) -> list[Tooth]:
        return [tooth for tooth in self.jaw.teeth if tooth.present]

    def _gum(self, x: Floats, y: Floats, z: Floats) -> Floats:
        def sample(name: str) -> Floats:
            return self.gum.sample(name, x, y).astype(z.dtype)

        crest = sample("crest")
        below = np.maximum(sample("level") - z, 0)
        neck = np.exp(-below / ARC_MM)
        wall = sample("wall") * neck + sample("deep_wall") * (1 - neck) - sample("flare") * below
        ridge = smooth_max(z - crest, wall, 1.6)
        if not self.has_palate:
            return ridge
        return smooth_min(ridge, 0.8 * (z - sample("palate")), 2.5)


@lru_cache(maxsize=4)
def field_of(arch: Arch, seed: int, missing: frozenset[int], palate: bool, side: Side) -> Field:
    jaw = jaw_of(arch, seed, missing)
    return Field(jaw, gum_maps(jaw, palate=palate, side=side))


def _crown(tooth: Tooth, points: Floats) -> Floats:
    own = tooth.to_own(points)
    return np.minimum(crown_distance(tooth.form, own[..., 0], own[..., 1], own[..., 2]), FAR_MM)


def _box(tooth: Tooth) -> tuple[Floats, Floats]:
    """Corners of the box around crown and root's beginning, in the jaw's frame."""
    half = np.array([tooth.form.width / 2 + 0.8, tooth.form.depth / 2 + 0.8, 0.0])
    low, high = -half, half.copy()
    low[2], high[2] = -ROOT_MM - 0.5, tooth.form.crown + 0.8
    corners = np.array(
        [[(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    )
    placed = np.array([tooth.to_jaw(*corner) for corner in corners])
    return placed.min(axis=0), placed.max(axis=0)
