"""What a person looks at instead of the file. A picture that fails costs the picture, never the examination."""

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scans.examination.examination import Request
from scans.meshes.findings import Finding, Severity
from scans.meshes.mesh import Mesh
from scans.meshes.previews.preview import Preview, preview
from scans.meshes.previews.thumbnail import thumbnail

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The bytes of each picture, None where it was not asked for or is not to be had."""

    thumbnail: bytes | None = None
    preview: bytes | None = None
    detail: bytes | None = None
    findings: tuple[Finding, ...] = ()


def pictures(mesh: Mesh, request: Request, axes: Future[Floats | None]) -> Pictures:
    """All that the request has a place for. Whatever the mesh is, this does not raise.

    axes: how the mesh lies, see `thumbnail`; waited for when the preview is done.
    """
    seen, findings = _preview(mesh) if request.preview_path else (None, ())
    picture = None
    if request.thumbnail_path:
        picture, more = _thumbnail(mesh if seen is None else seen.shown, axes.result())
        findings = (*findings, *more)
    if seen is None:
        return Pictures(picture, findings=findings)
    return Pictures(picture, seen.small, seen.detail if request.detail_path else None, findings)


def write(made: Pictures, request: Request) -> None:
    places = (request.thumbnail_path, request.preview_path, request.detail_path)
    for place, content in zip(places, (made.thumbnail, made.preview, made.detail), strict=True):
        if place and content is not None:
            Path(place).write_bytes(content)


def _preview(mesh: Mesh) -> tuple[Preview | None, tuple[Finding, ...]]:
    try:
        made = preview(mesh)
    except Exception as error:  # noqa: BLE001 - whatever a file does to a picture, what was measured still stands
        return None, (_failed("no_preview", "The scan cannot be shown in the browser.", error),)
    return made, made.findings


def _thumbnail(mesh: Mesh, axes: Floats | None) -> tuple[bytes | None, tuple[Finding, ...]]:
    try:
        return thumbnail(mesh, axes=axes), ()
    except Exception as error:  # noqa: BLE001 - as above
        return None, (_failed("no_thumbnail", "No small picture could be drawn of the scan.", error),)


def _failed(code: str, message: str, error: Exception) -> Finding:
    return Finding(code, Severity.WARNING, f"{message} The file itself is complete.", {"error": type(error).__name__})
