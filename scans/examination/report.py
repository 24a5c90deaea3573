"""What became of every file, a line each: the delivery's report, and what the import command prints."""

from typing import Any

from scans.examination.case import ExaminedCase, ExaminedFile
from scans.examination.examination import REJECTED
from scans.exports.manifest import EntryKind, ManifestEntry

REFUSED_KINDS = frozenset({EntryKind.NATIVE, EntryKind.UNKNOWN})


def report_lines(case: ExaminedCase) -> list[dict[str, Any]]:
    """One dict per entry, in the order of the delivery; verdict is accept, reject or skip."""
    meshes = {mesh.entry.path: mesh for mesh in case.meshes}
    entries = [
        _mesh_line(meshes[entry.path]) if entry.path in meshes else _other_line(entry)
        for entry in case.manifest.entries
    ]
    return entries + [_line(member.path, "reject", "unknown", member.code, member.message) for member in case.refused]


def refusal_lines(paths: list[str], code: str, message: str, *, verdict: str = "reject") -> list[dict[str, Any]]:
    """The lines of files that were refused, or passed over, together."""
    return [_line(path, verdict, "unknown", code, message) for path in paths]


def _mesh_line(mesh: ExaminedFile) -> dict[str, Any]:
    answer = mesh.examination
    verdict = "reject" if answer.state == REJECTED else "accept"
    return _line(
        mesh.entry.path,
        verdict,
        "mesh",
        answer.code,
        answer.message,
        findings=answer.findings,
        format=answer.scan_format,
        vertices=answer.vertex_count,
        faces=answer.face_count,
        category=str(mesh.verdict.category),
        confidence=round(mesh.verdict.confidence, 3),
        conflict=mesh.verdict.conflict,
        evidence=mesh.verdict.evidence,
    )


def _other_line(entry: ManifestEntry) -> dict[str, Any]:
    verdict = "reject" if entry.kind in REFUSED_KINDS else "skip"
    return _line(entry.path, verdict, str(entry.kind), str(entry.kind), entry.note)


def _line(path: str, verdict: str, kind: str, code: str, message: str, **facts: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "findings": [],
        "format": "",
        "vertices": None,
        "faces": None,
        "category": None,
        "confidence": None,
        "conflict": "",
        "evidence": [],
    }
    return {"path": path, "verdict": verdict, "kind": kind, "code": code, "message": message, **nothing, **facts}
