"""Made-up dental arches as a scanner would give them: an open surface of crowns, gum and palate, with colours.

World frame: millimetres, z = 0 the occlusal plane, x to the patient's right, y to the front; upper teeth point down.
Upper and lower arch of one seed belong to one person and meet in occlusion.
"""

from collections.abc import Iterable

import numpy as np

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.synthetic import surface
from scans.synthetic.arrays import Floats, Ints
from scans.synthetic.color import colors
from scans.synthetic.field import Field, field_of

NOISE_MM = 0.008
"""Standard deviation along the normal: what intraoral scanners repeat to on one tooth."""
MOST_NET_FACES = 150_000
"""Beyond this, surface nets would need too much memory: fewer faces are made and each is cut into four."""
PROBE_MM = 1.25
SPARE = 1.02
"""A few faces too many are made and the outermost dropped, so that the count comes out as asked."""


def make_arch(
    jaw: Arch,
    *,
    seed: int = 0,
    faces: int = 60_000,
    palate: bool = True,
    missing: Iterable[int] = (),
    side: Side = Side.NONE,
) -> Mesh:
    """One jaw with about `faces` faces. `missing`: FDI numbers. `side`: only that half and the incisors next to it."""
    if jaw not in (Arch.UPPER, Arch.LOWER):
        raise ValueError("an arch is upper or lower")
    field = field_of(jaw, seed, frozenset(missing), palate, side)
    cuts = 0
    while faces / 4**cuts > MOST_NET_FACES:
        cuts += 1
    vertices, triangles = _net(field, faces // 4**cuts)
    for _ in range(cuts):
        vertices, triangles = surface.subdivide(vertices, triangles)
        vertices = surface.project(vertices, triangles, field.at, 0.05)
    return _finish(field, vertices, triangles)


def _net(field: Field, faces: int) -> tuple[Floats, Ints]:
    """Scanned surface with `faces` faces: a coarse probe tells how fine the grid must be."""
    spacing = PROBE_MM
    vertices, triangles = _scanned(field, *_surface(field, spacing))
    for _ in range(3):
        spacing *= float(np.sqrt(len(triangles) / (faces * SPARE)))
        vertices, triangles = _scanned(field, *_surface(field, spacing), most=faces)
        if len(triangles) > 0.97 * faces:
            break
    return vertices, triangles


def _surface(field: Field, spacing_mm: float) -> tuple[Floats, Ints]:
    low, high = field.bounds()
    x, y, z = (np.arange(low[k], high[k] + spacing_mm, spacing_mm) for k in range(3))
    vertices, faces = surface.surface_nets(field.grid((x, y, z)), low, spacing_mm)
    return surface.project(vertices, faces, field.at, spacing_mm / 2), faces


def _scanned(field: Field, vertices: Floats, faces: Ints, most: int | None = None) -> tuple[Floats, Ints]:
    return surface.trimmed(vertices, faces, field.scanned(vertices), most)


def _finish(field: Field, vertices: Floats, faces: Ints) -> Mesh:
    """Colours, noise, and the upper jaw turned teeth down."""
    upper = field.jaw.arch is Arch.UPPER
    normals = surface.vertex_normals(vertices, faces)
    paint = colors(field, vertices, normals)
    rng = np.random.default_rng([field.jaw.seed, 51, len(vertices)])
    vertices = vertices + rng.normal(0, NOISE_MM, (len(vertices), 1)) * normals
    if upper:
        vertices, faces = vertices * [1, 1, -1], faces[:, ::-1]
    return Mesh(vertices.astype(np.float32), np.ascontiguousarray(faces, np.int32), paint)
