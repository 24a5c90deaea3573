"""Everything we do with the bytes of one file, in order: read, measure, check, shape, picture. Runs in the child."""

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from patients.matching.identity import Identity
from scans.classification.by_geometry import by_geometry
from scans.classification.verdict import Shape
from scans.examination.examination import NEEDS_KEY, READY, REJECTED, Examination, Request
from scans.meshes.checks import check, refusal
from scans.meshes.errors import MeshError, NeedsKey
from scans.meshes.measure import Measures, measure
from scans.meshes.readers import open_mesh
from scans.meshes.readers.base import Reading
from scans.meshes.thumbnail import thumbnail
from scans.meshes.topology import Topology, topology


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
    measures, structure = measure(reading.mesh), topology(reading.mesh)
    refused = refusal(measures, structure)
    if refused:
        return Examination(REJECTED, refused.code, refused.message, metadata=_error_facts(refused))
    accepted = _describe(reading, measures, structure)
    return replace(accepted, has_thumbnail=_draw(reading, request.thumbnail_path))


def _error_facts(error: MeshError) -> dict[str, Any]:
    facts = dict(error.data)
    if error.offset is not None:
        facts["offset"] = error.offset
    return facts


def _describe(reading: Reading, measures: Measures, structure: Topology) -> Examination:
    mesh = reading.mesh
    findings = (*reading.findings, *check(mesh, measures, structure))
    return Examination(
        READY,
        scan_format=reading.scan_format,
        encoding=reading.encoding,
        vertex_count=mesh.vertex_count,
        face_count=mesh.face_count,
        findings=[finding.as_dict() for finding in findings],
        measures={**_plain(asdict(measures)), **_plain(asdict(structure)), "has_colors": mesh.colors is not None},
        metadata=reading.metadata,
        identity=identity_as_text(reading.identity),
        shape=_shape_as_dict(by_geometry(mesh)),
    )


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


def _draw(reading: Reading, place: str) -> bool:
    if not place:
        return False
    Path(place).write_bytes(thumbnail(reading.mesh))
    return True
