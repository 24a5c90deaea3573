"""What a browser shows of a scan: a small level first, all detail on demand, a word where something is missing."""

from dataclasses import dataclass

import numpy as np

from scans.meshes.findings import Finding, Severity
from scans.meshes.mesh import Mesh
from scans.meshes.previews.glb import glb
from scans.meshes.previews.simplify import simplify

SMALL_FACES = 100_000
DETAIL_FACES = 8_000_000
"""About 250 MB of a graphics card's memory with colours and normals: what an ordinary clinic computer bears."""


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """small: GLB of `shown`, at most SMALL_FACES faces. detail: GLB of all faces, None where `small` holds them or
    where no browser could. shown: for pictures."""

    small: bytes
    detail: bytes | None
    shown: Mesh
    findings: tuple[Finding, ...]


def preview(mesh: Mesh) -> Preview:
    """Answers for every valid mesh."""
    few = simplify(mesh, SMALL_FACES)
    has_detail = SMALL_FACES < mesh.face_count <= DETAIL_FACES
    return Preview(glb(few), glb(mesh) if has_detail else None, few, _findings(mesh, few))


def _findings(mesh: Mesh, few: Mesh) -> tuple[Finding, ...]:
    if not _can_be_seen(few):
        message = "The scan cannot be shown: none of its triangles has an area."
        return (Finding("no_preview", Severity.WARNING, message, {"faces": mesh.face_count}),)
    if mesh.face_count <= DETAIL_FACES:
        return ()
    message = (
        f"The picture on the screen is coarser than the scan: it has {few.face_count:,} of {mesh.face_count:,} "
        f"triangles, as browsers cannot show more than {DETAIL_FACES:,}. The file itself is complete."
    )
    data = {"faces": mesh.face_count, "shown_faces": few.face_count, "limit": DETAIL_FACES}
    return (Finding("preview_reduced", Severity.INFO, message, data),)


def _can_be_seen(mesh: Mesh) -> bool:
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return bool(normals.any())
