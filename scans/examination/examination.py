"""What looking at one file came to: JSON values only, so that it crosses from the child process as one line."""

from dataclasses import asdict, dataclass, field
from typing import Any

READY = "READY"
NEEDS_KEY = "NEEDS_KEY"
REJECTED = "REJECTED"

READY_LINE = "ready\n"
"""What a child process says first."""


@dataclass(frozen=True, slots=True)
class Request:
    """One file to look at. `name` only helps to name the way out of a native format; content decides.

    thumbnail_path, preview_path, detail_path: where the pictures go, each made only if it has a place.
    """

    path: str
    name: str = ""
    companions: dict[str, str] = field(default_factory=dict)
    hps_key: str = field(default="", repr=False)
    thumbnail_path: str = ""
    preview_path: str = ""
    detail_path: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """state: READY, NEEDS_KEY or REJECTED; code and message say why when it is not READY.

    shape: the vote of geometry (arch, role, confidence, evidence) and its measures.
    identity: field -> value where the file itself names a patient (DICOM). quality: score and what takes from it, empty
    where the unit is in doubt. has_detail: False too where the preview holds every face.
    """

    state: str
    code: str = ""
    message: str = ""
    scan_format: str = ""
    encoding: str = ""
    vertex_count: int | None = None
    face_count: int | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    measures: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    shape: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, Any] = field(default_factory=dict)
    has_thumbnail: bool = False
    has_preview: bool = False
    has_detail: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
