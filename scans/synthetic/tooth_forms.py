"""The crowns of a permanent dentition as numbers, millimetres. Nothing but data.

Diameters and crown lengths follow the tables of Wheeler's Dental Anatomy, Physiology and Occlusion (Nelson, 11th ed.,
"Measurements of the teeth"): mesiodistal and buccolingual, at the widest place and at the cervix. Crown lengths are
about 0.7 mm shorter than the anatomical ones, because the gum covers so much. Cusps, profiles and grooves were drawn
from the plates of the same book.

Axes of a crown: a towards distal, b towards the cheek or lip, c from the gum to the biting edge.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cusp:
    """A hill of the biting surface: tip (a, b), how far it stays `below` the crown's full height, its slope.

    `to`: a second point makes it a ridge from the tip to there, falling by `drop`.
    """

    a: float
    b: float
    below: float = 0.0
    slope: float = 0.62
    to: tuple[float, float] | None = None
    drop: float = 0.0


@dataclass(frozen=True, slots=True)
class Groove:
    """A vertical groove of the side wall at `a`, on the buccal (+1) or lingual (-1) face, `depth` deep."""

    a: float
    face: int
    depth: float


@dataclass(frozen=True, slots=True)
class ToothForm:
    """width, depth: mesiodistal and buccolingual diameter at the widest place; cervix_*: where the gum begins.

    wide, buccal, lingual: profiles from the gum (first value) to the biting edge (last), evenly spaced, as fractions
    of half the diameter. outline: exponent of the horizontal section, 2 = ellipse, 4 = nearly a box.
    converge: how much narrower the lingual face is than the buccal one. shear: rhomboid outline (upper molars).
    fossa: hollow of the lingual face (mm). torque: lean of the crown towards the lip (degrees), tip: towards mesial.
    """

    width: float
    depth: float
    cervix_width: float
    cervix_depth: float
    crown: float
    wide: tuple[float, ...]
    buccal: tuple[float, ...]
    lingual: tuple[float, ...]
    cusps: tuple[Cusp, ...]
    outline: float = 2.4
    converge: float = 0.0
    shear: float = 0.0
    fossa: float = 0.0
    torque: float = 0.0
    tip: float = 0.0
    edge: float = 0.5
    grooves: tuple[Groove, ...] = ()


INCISOR_BUCCAL = (0.86, 0.95, 0.92, 0.80, 0.62, 0.40, 0.17)
INCISOR_LINGUAL = (0.86, 1.00, 0.86, 0.52, 0.30, 0.20, 0.12)
INCISOR_WIDE = (0.80, 0.88, 0.94, 0.98, 1.00, 1.00, 0.96)
CANINE_BUCCAL = (0.86, 0.97, 0.98, 0.90, 0.74, 0.50, 0.22)
CANINE_LINGUAL = (0.86, 1.00, 0.90, 0.64, 0.44, 0.30, 0.18)
CANINE_WIDE = (0.74, 0.84, 0.93, 0.99, 1.00, 0.96, 0.84)
PREMOLAR_BUCCAL = (0.90, 0.99, 1.00, 0.96, 0.88, 0.77, 0.62)
PREMOLAR_LINGUAL = (0.88, 0.96, 1.00, 0.98, 0.92, 0.82, 0.66)
PREMOLAR_WIDE = (0.74, 0.83, 0.92, 0.98, 1.00, 0.98, 0.90)
MOLAR_BUCCAL = (0.92, 1.00, 1.00, 0.96, 0.90, 0.81, 0.70)
MOLAR_LINGUAL = (0.90, 0.96, 1.00, 1.00, 0.95, 0.86, 0.74)
MOLAR_WIDE = (0.82, 0.88, 0.94, 0.99, 1.00, 0.98, 0.93)

UPPER: tuple[ToothForm, ...] = (
    ToothForm(
        width=8.6,
        depth=7.0,
        cervix_width=7.0,
        cervix_depth=6.0,
        crown=10.0,
        wide=INCISOR_WIDE,
        buccal=INCISOR_BUCCAL,
        lingual=INCISOR_LINGUAL,
        cusps=(Cusp(-3.0, 0.0, 0.0, 0.5, (2.6, 0.0), 0.25),),
        outline=2.8,
        converge=0.16,
        fossa=0.55,
        torque=17,
        tip=2,
    ),
    ToothForm(
        width=6.6,
        depth=6.0,
        cervix_width=5.0,
        cervix_depth=5.2,
        crown=8.6,
        wide=INCISOR_WIDE,
        buccal=INCISOR_BUCCAL,
        lingual=INCISOR_LINGUAL,
        cusps=(Cusp(-1.9, 0.0, 0.0, 0.6, (1.3, 0.0), 0.35),),
        outline=2.5,
        converge=0.18,
        fossa=0.45,
        torque=14,
        tip=5,
    ),
    ToothForm(
        width=7.6,
        depth=7.9,
        cervix_width=5.6,
        cervix_depth=7.0,
        crown=9.6,
        wide=CANINE_WIDE,
        buccal=CANINE_BUCCAL,
        lingual=CANINE_LINGUAL,
        cusps=(Cusp(-0.3, 0.1, 0.0, 0.62), Cusp(-0.3, 0.0, 0.1, 0.8, (-0.3, -2.4), 3.0)),
        outline=2.2,
        converge=0.22,
        fossa=0.3,
        torque=4,
        tip=7,
        edge=0.7,
    ),
    ToothForm(
        width=7.0,
        depth=9.1,
        cervix_width=5.0,
        cervix_depth=8.1,
        crown=7.9,
        wide=PREMOLAR_WIDE,
        buccal=PREMOLAR_BUCCAL,
        lingual=PREMOLAR_LINGUAL,
        cusps=(
            Cusp(-0.2, 2.7, 0.0),
            Cusp(-0.2, 2.5, 0.1, 0.95, (-0.1, 0.6), 1.5),
            Cusp(0.2, -2.5, 0.8),
            Cusp(0.1, -2.3, 0.9, 0.95, (0.0, -0.7), 0.9),
            Cusp(-2.75, 1.4, 1.7, 0.9, (-2.75, -1.2), 0.0),
            Cusp(2.75, 1.4, 1.7, 0.9, (2.75, -1.2), 0.0),
        ),
        outline=2.5,
        converge=0.13,
        torque=4,
        tip=4,
        edge=0.7,
    ),
    ToothForm(
        width=6.8,
        depth=8.9,
        cervix_width=4.9,
        cervix_depth=8.0,
        crown=7.3,
        wide=PREMOLAR_WIDE,
        buccal=PREMOLAR_BUCCAL,
        lingual=PREMOLAR_LINGUAL,
        cusps=(
            Cusp(-0.1, 2.5, 0.0, 0.56),
            Cusp(-0.1, 2.4, 0.1, 0.9, (-0.1, 0.5), 1.3),
            Cusp(0.1, -2.4, 0.3, 0.56),
            Cusp(0.1, -2.3, 0.4, 0.9, (0.0, -0.6), 1.0),
            Cusp(-2.65, 1.4, 1.4, 0.9, (-2.65, -1.2), 0.0),
            Cusp(2.65, 1.4, 1.4, 0.9, (2.65, -1.2), 0.0),
        ),
        outline=2.4,
        converge=0.08,
        torque=4,
        tip=3,
        edge=0.7,
    ),
    ToothForm(
        width=10.4,
        depth=11.2,
        cervix_width=8.0,
        cervix_depth=10.0,
        crown=6.7,
        wide=MOLAR_WIDE,
        buccal=MOLAR_BUCCAL,
        lingual=MOLAR_LINGUAL,
        cusps=(
            Cusp(-2.8, 3.4, 0.0, 0.55),
            Cusp(-2.7, 3.2, 0.1, 0.85, (-1.4, 1.0), 1.5),
            Cusp(2.0, 3.3, 0.2, 0.58),
            Cusp(-2.1, -2.9, 0.0, 0.5),
            Cusp(2.0, 3.1, 0.3, 0.8, (-0.6, -1.6), 0.6),
            Cusp(3.1, -3.5, 0.9, 0.62),
            Cusp(-4.4, 2.2, 1.3, 0.9, (-4.2, -1.8), 0.1),
            Cusp(4.5, 2.0, 1.5, 0.9, (4.6, -2.2), 0.1),
        ),
        outline=3.0,
        converge=-0.04,
        shear=0.16,
        torque=4,
        tip=3,
        edge=0.8,
        grooves=(Groove(-0.3, 1, 0.55), Groove(1.7, -1, 0.5)),
    ),
    ToothForm(
        width=9.7,
        depth=10.9,
        cervix_width=7.4,
        cervix_depth=9.8,
        crown=6.3,
        wide=MOLAR_WIDE,
        buccal=MOLAR_BUCCAL,
        lingual=MOLAR_LINGUAL,
        cusps=(
            Cusp(-2.5, 3.2, 0.0, 0.55),
            Cusp(-2.4, 3.0, 0.1, 0.85, (-1.2, 0.9), 1.4),
            Cusp(1.9, 3.0, 0.4, 0.58),
            Cusp(-1.7, -2.8, 0.0, 0.5),
            Cusp(1.9, 2.9, 0.5, 0.8, (-0.4, -1.4), 0.6),
            Cusp(2.8, -3.1, 1.3, 0.62),
            Cusp(-4.1, 2.1, 1.3, 0.9, (-3.9, -1.7), 0.1),
            Cusp(4.1, 1.8, 1.6, 0.9, (4.1, -2.0), 0.1),
        ),
        outline=2.8,
        converge=0.08,
        shear=0.17,
        torque=3,
        tip=0,
        edge=0.8,
        grooves=(Groove(-0.2, 1, 0.45), Groove(1.5, -1, 0.45)),
    ),
)
"""Upper right or left, central incisor to second molar (FDI x1 to x7)."""

LOWER: tuple[ToothForm, ...] = (
    ToothForm(
        width=5.1,
        depth=6.0,
        cervix_width=3.6,
        cervix_depth=5.3,
        crown=8.4,
        wide=INCISOR_WIDE,
        buccal=INCISOR_BUCCAL,
        lingual=INCISOR_LINGUAL,
        cusps=(Cusp(-1.9, 0.0, 0.0, 0.5, (1.9, 0.0), 0.0),),
        outline=2.7,
        converge=0.12,
        fossa=0.2,
        torque=3,
        tip=0,
    ),
    ToothForm(
        width=5.6,
        depth=6.3,
        cervix_width=4.0,
        cervix_depth=5.6,
        crown=8.6,
        wide=INCISOR_WIDE,
        buccal=INCISOR_BUCCAL,
        lingual=INCISOR_LINGUAL,
        cusps=(Cusp(-2.0, 0.0, 0.0, 0.5, (1.9, -0.2), 0.2),),
        outline=2.7,
        converge=0.12,
        fossa=0.2,
        torque=2,
        tip=0,
    ),
    ToothForm(
        width=6.9,
        depth=7.5,
        cervix_width=5.4,
        cervix_depth=6.8,
        crown=10.0,
        wide=CANINE_WIDE,
        buccal=CANINE_BUCCAL,
        lingual=CANINE_LINGUAL,
        cusps=(Cusp(-0.5, 0.0, 0.0, 0.6), Cusp(-0.4, 0.0, 0.1, 0.8, (-0.3, -2.2), 3.2)),
        outline=2.2,
        converge=0.2,
        fossa=0.35,
        torque=-6,
        tip=5,
        edge=0.7,
    ),
    ToothForm(
        width=7.0,
        depth=7.6,
        cervix_width=5.0,
        cervix_depth=6.6,
        crown=8.0,
        wide=PREMOLAR_WIDE,
        buccal=PREMOLAR_BUCCAL,
        lingual=PREMOLAR_LINGUAL,
        cusps=(
            Cusp(-0.2, 1.4, 0.0, 0.72),
            Cusp(-0.2, 1.3, 0.1, 1.0, (0.0, -1.3), 2.2),
            Cusp(-0.4, -2.6, 1.9, 0.75),
            Cusp(-2.7, 0.8, 2.0, 0.9, (-2.3, -1.4), 0.5),
            Cusp(2.75, 0.8, 1.8, 0.9, (2.5, -1.4), 0.4),
        ),
        outline=2.2,
        converge=0.15,
        torque=-11,
        tip=3,
        edge=0.7,
    ),
    ToothForm(
        width=7.1,
        depth=8.1,
        cervix_width=5.2,
        cervix_depth=7.1,
        crown=7.4,
        wide=PREMOLAR_WIDE,
        buccal=PREMOLAR_BUCCAL,
        lingual=PREMOLAR_LINGUAL,
        cusps=(
            Cusp(-0.2, 2.0, 0.0, 0.6),
            Cusp(-0.2, 1.9, 0.1, 0.9, (-0.1, 0.4), 1.4),
            Cusp(-1.2, -2.4, 0.9, 0.65),
            Cusp(1.6, -2.3, 1.3, 0.7),
            Cusp(-2.8, 1.2, 1.6, 0.9, (-2.7, -1.2), 0.1),
            Cusp(2.8, 1.2, 1.6, 0.9, (2.8, -1.2), 0.1),
        ),
        outline=2.7,
        torque=-12,
        tip=2,
        edge=0.7,
    ),
    ToothForm(
        width=11.4,
        depth=10.4,
        cervix_width=9.0,
        cervix_depth=9.1,
        crown=6.7,
        wide=MOLAR_WIDE,
        buccal=MOLAR_BUCCAL,
        lingual=MOLAR_LINGUAL,
        cusps=(
            Cusp(-3.5, 2.9, 0.0, 0.6),
            Cusp(-3.4, 2.7, 0.1, 0.85, (-1.5, 0.6), 1.6),
            Cusp(0.2, 3.1, 0.1, 0.6),
            Cusp(0.2, 2.9, 0.2, 0.85, (0.3, 0.8), 1.5),
            Cusp(3.7, 1.8, 0.5, 0.62),
            Cusp(-2.8, -3.0, 0.1, 0.58),
            Cusp(-2.7, -2.8, 0.2, 0.85, (-1.0, -0.7), 1.5),
            Cusp(2.3, -3.0, 0.3, 0.6),
            Cusp(2.2, -2.8, 0.4, 0.85, (1.0, -0.7), 1.4),
            Cusp(-5.0, 1.8, 1.4, 0.9, (-5.0, -1.8), 0.0),
            Cusp(5.1, 1.0, 1.5, 0.9, (5.0, -1.8), 0.0),
        ),
        outline=3.0,
        converge=0.07,
        torque=-13,
        tip=4,
        edge=0.8,
        grooves=(Groove(-1.6, 1, 0.5), Groove(2.1, 1, 0.4), Groove(-0.2, -1, 0.4)),
    ),
    ToothForm(
        width=10.8,
        depth=10.1,
        cervix_width=8.2,
        cervix_depth=9.0,
        crown=6.3,
        wide=MOLAR_WIDE,
        buccal=MOLAR_BUCCAL,
        lingual=MOLAR_LINGUAL,
        cusps=(
            Cusp(-2.7, 2.8, 0.0, 0.6),
            Cusp(-2.6, 2.6, 0.1, 0.85, (-1.0, 0.6), 1.5),
            Cusp(2.4, 2.7, 0.2, 0.6),
            Cusp(2.3, 2.5, 0.3, 0.85, (1.0, 0.6), 1.4),
            Cusp(-2.6, -2.8, 0.2, 0.58),
            Cusp(-2.5, -2.6, 0.3, 0.85, (-0.9, -0.6), 1.4),
            Cusp(2.3, -2.7, 0.4, 0.6),
            Cusp(2.2, -2.5, 0.5, 0.85, (0.9, -0.6), 1.3),
            Cusp(-4.7, 1.8, 1.4, 0.9, (-4.7, -1.8), 0.0),
            Cusp(4.7, 1.5, 1.5, 0.9, (4.7, -1.7), 0.0),
        ),
        outline=3.0,
        converge=0.04,
        torque=-14,
        tip=6,
        edge=0.8,
        grooves=(Groove(-0.1, 1, 0.5), Groove(-0.1, -1, 0.4)),
    ),
)
"""Lower right or left, central incisor to second molar."""
