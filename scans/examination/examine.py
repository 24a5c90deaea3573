"""Everything we do with the bytes of one file, in order: read, measure, check, shape, picture. Runs in the child."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patients.matching.identity import Identity
from scans.classification.by_geometry import shape_of
from scans.classification.geometry.look import Sight, look
from scans.classification.verdict import Role, Shape
from scans.examination.examination import NEEDS_KEY, READY, REJECTED, Examination, Request
from scans.examination.pictures import pictures, write
from scans.meshes.checks import check, refusal
from scans.meshes.errors import MeshError, NeedsKey
from scans.meshes.findings import Finding
from scans.meshes.measure import measure
from scans.meshes.quality import quality
from scans.meshes.readers import open_mesh
from scans.meshes.readers.base import Reading
from scans.meshes.surface import surface
from scans.meshes.topology import topology

SURE = 0.8
"""From this confidence on the surface counts as a whole arch, and must reach as far as one."""


def examine(request: Request) -> Examination:
    """Look at one file. Never raises for what a file holds: a refusal is an answer."""
    companions = {name: Path(place) for name, place in request.companions.items()}
    try:
        reading = open_mesh(Path(request.path), name=request.name, companions=companions, hps_key=request.hps_key)
    except NeedsKey as error:
        return Examination(
            NEEDS_KEY,
            error.code,
            error.message,
            scan_format="DCM",
            encoding="HPS CE",
            vertex_count=error.metadata.get("declared_vertices"),
            face_count=error.metadata.get("declared_faces"),
            metadata=error.metadata,
        )
    except MeshError as error:
        return Examination(REJECTED, error.code, error.message, metadata=_error_facts(error))
    # Much of both runs in native code outside the interpreter's lock, so that two processors share the work.
    axes: Future[NDArray[np.float64] | None] = Future()
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawing = beside.submit(pictures, reading.mesh, request, axes)
        try:
            sight = look(reading.mesh)
            axes.set_result(_known_axes(sight))
            answer = _judge(reading, shape_of(sight))
        finally:
            axes.cancel()
        made = drawing.result()
    if answer.state != READY:
        return answer
    write(made, request)
    return replace(
        answer,
        findings=[*answer.findings, *(finding.as_dict() for finding in made.findings)],
        has_thumbnail=made.thumbnail is not None,
        has_preview=made.preview is not None,
        has_detail=made.detail is not None,
    )


def _error_facts(error: MeshError) -> dict[str, Any]:
    facts = dict(error.data)
    if error.offset is not None:
        facts["offset"] = error.offset
    return facts


def _known_axes(sight: Sight) -> NDArray[np.float64] | None:
    return None if sight.best == "none" else sight.axes


def _judge(reading: Reading, shape: Shape) -> Examination:
    mesh = reading.mesh
    seen = surface(mesh)
    measures, structure = measure(seen), topology(seen)
    refused = refusal(measures, structure)
    if refused:
        return Examination(REJECTED, refused.code, refused.message, metadata=_error_facts(refused))
    checked = check(mesh, measures, structure)
    is_arch = _is_arch(shape)
    graded = None if _has_doubtful_unit(checked) else quality(seen, measures, is_arch=is_arch)
    shortcomings = [each.as_finding(is_arch=is_arch) for each in graded.shortcomings] if graded else []
    return Examination(
        READY,
        scan_format=reading.scan_format,
        encoding=reading.encoding,
        vertex_count=mesh.vertex_count,
        face_count=mesh.face_count,
        findings=[finding.as_dict() for finding in (*reading.findings, *checked, *shortcomings)],
        measures={**_plain(asdict(measures)), **_plain(asdict(structure)), "has_colors": mesh.colors is not None},
        metadata=reading.metadata,
        identity=identity_as_text(reading.identity),
        shape=_shape_as_dict(shape),
        quality=graded.as_dict() if graded else {},
    )


def _has_doubtful_unit(findings: Sequence[Finding]) -> bool:
    return any(finding.code == "suspected_unit" for finding in findings)


def _is_arch(shape: Shape) -> bool:
    return shape.vote.role is Role.ARCH and shape.vote.confidence >= SURE


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """NumPy numbers and arrays as what JSON knows."""
    return {key: value.tolist() if hasattr(value, "tolist") else value for key, value in values.items()}


def _shape_as_dict(shape: Shape) -> dict[str, Any]:
    vote = shape.vote
    return {
        "arch": str(vote.arch),
        "role": str(vote.role),
        "confidence": float(vote.confidence),
        "evidence": vote.evidence,
        "measures": _plain(shape.measures),
    }


def identity_as_text(identity: Identity | None) -> dict[str, str]:
    if identity is None:
        return {}
    fields = ("first_name", "last_name", "full_name", "birth_date", "birth_date_text", "chart_number")
    values = ((name, getattr(identity, name)) for name in fields)
    return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values if value}
