"""What became of every file, a line each: the delivery's report, and what the import command prints."""

from collections.abc import Sequence
from typing import Any

from scans.examination.case import ExaminedCase, ExaminedFile
from scans.examination.examination import REJECTED
from scans.examination.unpack import Unpacked
from scans.exports.listing import open_listing
from scans.exports.manifest import EntryKind, ExportFile, ManifestEntry

WITHOUT_A_SCAN = frozenset({"nothing_usable", "native_only"})


def report_lines(case: ExaminedCase) -> list[dict[str, Any]]:
    """One dict per entry, in the order of the delivery; verdict is accept, reject or skip."""
    meshes = {mesh.entry.path: mesh for mesh in (*case.replaced, *case.meshes)}
    entries = [
        _mesh_line(meshes[entry.path]) if entry.path in meshes else _other_line(entry)
        for entry in case.manifest.entries
    ]
    return entries + [_line(member.path, "reject", "unknown", member.code, member.message) for member in case.refused]


def refusal_lines(paths: list[str], code: str, message: str) -> list[dict[str, Any]]:
    """The lines of files that were refused together."""
    return [_line(path, "reject", "unknown", code, message) for path in paths]


def lines_of_no_case(files: Sequence[ExportFile]) -> list[dict[str, Any]]:
    """Files without a scan among them, each judged for itself: a closed format is refused with its way out."""
    return [_other_line(ManifestEntry(one.path, one.kind, note=one.note)) for one in open_listing(files).entries]


def refused_delivery_lines(unpacked: Unpacked, code: str, message: str) -> list[dict[str, Any]]:
    """The lines of a delivery that is no case: every file that was unpacked, and every one that was not."""
    files = [file.as_export_file() for file in unpacked.files]
    lines = (
        lines_of_no_case(files)
        if code in WITHOUT_A_SCAN
        else refusal_lines([file.path for file in files], code, message)
    )
    return lines + [_line(member.path, "reject", "unknown", member.code, member.message) for member in unpacked.refused]


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
    verdict = "reject" if entry.kind is EntryKind.NATIVE else "skip"
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
