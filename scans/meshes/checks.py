"""The check battery: what a clinic should know about a surface before it is used. `check` finds; it decides and repairs
nothing. `refusal` names what is no surface of this world."""

from collections.abc import Iterator
from dataclasses import dataclass

from scans.meshes.errors import BadStructure, MeshError, NoFaces
from scans.meshes.findings import Finding, Severity
from scans.meshes.measure import Measures
from scans.meshes.mesh import Mesh
from scans.meshes.topology import Topology

TOLERATED_SHARE = 0.001
"""Of the faces. Of 126 public arches none had more duplicate faces or non-manifold edges than 0.04 %."""

MAIN_PIECE_SHARE = 0.8
"""Of the faces. In all of the public arches the greatest piece held more than 99 %."""

ARCH_BOX_MM = ((40.0, 95.0), (22.0, 85.0), (8.0, 45.0))
"""An arch's extents, longest first: 45-85 x 30-70 x 10-35 mm without a base, widened for bases, stray gum and short
arches."""

LARGEST_MM, SMALLEST_MM = 200_000.0, 0.01
"""Beyond these no unit explains a size: an arch written in micrometres reaches 95 m when read as millimetres, one
written in metres still measures 0.04 mm."""

LINE = 1e-5
"""A mesh that is thinner than this part of its length in both other directions is a line within float32's precision."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit a file may be in by mistake: `mm` is one of it in millimetres."""

    code: str
    name: str
    mm: float
    open_only: bool = False


UNITS = (
    Unit("metre", "metres", 1000.0),
    Unit("inch", "inches", 25.4),
    # A single crown has the size of an arch in centimetres. Crowns are designs and closed; scans are open.
    Unit("centimetre", "centimetres", 10.0, open_only=True),
    Unit("tenth_millimetre", "tenths of a millimetre", 0.1),
    Unit("inch_twice", "millimetres that were converted from inches once too often", 1 / 25.4),
    Unit("micrometre", "micrometres", 0.001),
)


def refusal(measures: Measures, topology: Topology) -> MeshError | None:
    """Why this cannot be a scan in any unit: "no_surface" or "impossible_size"; None for everything else."""
    longest, second, _ = sorted(measures.extents_mm, reverse=True)
    if measures.area_mm2 <= 0 or topology.components == 0 or second <= LINE * longest:
        return NoFaces(
            "The file holds no surface: all of its triangles are points or lines. Please export the scan again.",
            code="no_surface",
        )
    if longest > LARGEST_MM or longest < SMALLEST_MM:
        size = " x ".join(f"{extent:.3g}" for extent in measures.extents_mm)
        return BadStructure(
            f"The scan would be {size} mm, which is no size of a mouth in any unit. Please export it again.",
            code="impossible_size",
            extents=list(measures.extents_mm),
        )
    return None


def check(mesh: Mesh, measures: Measures, topology: Topology) -> tuple[Finding, ...]:
    """Every finding, in a fixed order. No unit is ever corrected and no face removed: a person decides."""
    return (
        *_without_area(mesh, topology),
        *_repeated(mesh, topology),
        *_tangled(mesh, topology),
        *_inside_out(mesh, topology),
        *_pieces(mesh, topology),
        *_rims(topology),
        *_size(measures, topology),
    )


def _severity(count: int, mesh: Mesh) -> Severity:
    return Severity.WARNING if count > TOLERATED_SHARE * mesh.face_count else Severity.INFO


def _without_area(mesh: Mesh, topology: Topology) -> Iterator[Finding]:
    count = topology.degenerate_faces
    if count:
        yield Finding(
            "degenerate_faces",
            _severity(count, mesh),
            f"{count} of {mesh.face_count} triangles have no area. Export the scan again if it looks torn.",
            {"count": count, "faces": mesh.face_count},
        )


def _repeated(mesh: Mesh, topology: Topology) -> Iterator[Finding]:
    count = topology.duplicate_faces
    if count:
        yield Finding(
            "duplicate_faces",
            _severity(count, mesh),
            f"{count} of {mesh.face_count} triangles are in the file twice. It may have been saved twice.",
            {"count": count, "faces": mesh.face_count},
        )


def _tangled(mesh: Mesh, topology: Topology) -> Iterator[Finding]:
    count = topology.non_manifold_edges
    if count:
        yield Finding(
            "non_manifold_edges",
            _severity(count, mesh),
            f"At {count} edges more than two triangles meet: the surface folds onto itself there.",
            {"count": count},
        )


def _inside_out(mesh: Mesh, topology: Topology) -> Iterator[Finding]:
    count = topology.flipped_edges
    if count:
        yield Finding(
            "flipped_faces",
            _severity(count, mesh),
            "Some triangles face the other way than their neighbours and may look dark or missing.",
            {"edges": count},
        )


def _pieces(mesh: Mesh, topology: Topology) -> Iterator[Finding]:
    if topology.components < 2:
        return
    share = topology.largest_component_faces / mesh.face_count
    data = {"components": topology.components, "largest_share": round(share, 4)}
    if share < MAIN_PIECE_SHARE:
        message = (
            f"The file holds {topology.components} separate pieces and the greatest is only {share:.0%} of it: "
            "several objects in one file, or a scan with large gaps."
        )
        yield Finding("fragments", Severity.WARNING, message, data)
    else:
        message = f"Beside the scan there are {topology.components - 1} small loose pieces, as is usual."
        yield Finding("fragments", Severity.INFO, message, data)


def _rims(topology: Topology) -> Iterator[Finding]:
    if topology.boundary_edges:
        yield Finding(
            "open_surface",
            Severity.INFO,
            "The surface is open at its rim, as intraoral scans are.",
            {"loops": topology.boundary_loops, "edges": topology.boundary_edges},
        )


def _size(measures: Measures, topology: Topology) -> Iterator[Finding]:
    size = " x ".join(f"{extent:.3g}" for extent in measures.extents_mm)
    data = {"extents": [round(extent, 4) for extent in measures.extents_mm]}
    if fits_an_arch(measures, 1.0):
        return
    for unit in UNITS:
        if fits_an_arch(measures, unit.mm) and not (unit.open_only and topology.closed):
            message = f"The scan looks like {unit.name}: read as millimetres it would be {size} mm. It was not changed."
            yield Finding("suspected_unit", Severity.WARNING, message, {"unit": unit.code, "mm": unit.mm, **data})
            return
    message = f"Not the size of a whole arch: {size} mm. A bite, a part of an arch or a single tooth can be right."
    yield Finding("unusual_size", Severity.INFO, message, data)


def fits_an_arch(measures: Measures, mm: float) -> bool:
    """Whether the surface has the size of an arch if its unit is `mm` millimetres; turning the mesh changes nothing."""
    extents = sorted(measures.extents_mm, reverse=True)
    return all(low <= extent * mm <= high for extent, (low, high) in zip(extents, ARCH_BOX_MM, strict=True))
